"""Template tags every room's pages share."""
