"""What a supporter sees and changes about themselves, under /account/."""
