"""What a public form does."""
