"""Template tags about giving."""
