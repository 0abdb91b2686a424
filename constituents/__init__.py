"""Everyone the organisation deals with: people, organisations, households, and how to reach them."""
