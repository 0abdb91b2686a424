"""Gifts, funds and campaigns in files: how an import recognises, writes and takes them back."""
