"""Pledges and recurring gifts."""
