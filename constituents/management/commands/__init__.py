"""Thin: each calls a service."""
