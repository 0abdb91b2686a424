"""Templates, messages and mailings."""
