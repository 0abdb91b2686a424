"""Opportunities, shifts, sign-ups and hours; capacity holds."""
