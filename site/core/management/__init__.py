"""Commands that belong to no one domain."""
