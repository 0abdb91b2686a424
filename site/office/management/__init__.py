"""Commands that reach across domains."""
