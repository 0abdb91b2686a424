"""The staff screens, one subject a module."""
