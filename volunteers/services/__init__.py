"""The verbs of this app: the only writers of sign-ups, places and hours."""
