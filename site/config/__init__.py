"""Steward's configuration: settings for each place it runs, the address map, and the server entry points."""
