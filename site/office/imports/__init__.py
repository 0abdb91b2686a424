"""Files whose rows touch several rooms at once."""
