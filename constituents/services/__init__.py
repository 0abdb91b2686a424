"""The verbs of this app: the only writers of people's records besides a form that saves one row."""
