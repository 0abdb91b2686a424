"""The verbs of this app: the only writers of memberships, terms and their dues."""
