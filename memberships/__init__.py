"""Levels, memberships and their terms; status is computed from dates and facts, never stored."""
