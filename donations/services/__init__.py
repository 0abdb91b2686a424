"""The verbs of this app: the only writers of money and its state."""
