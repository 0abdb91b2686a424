"""Who may sign in: the user, e-mail sign-in, roles, and the second factor."""
