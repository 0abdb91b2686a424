"""How Django itself writes dates, language by language: as `core.theme.figures` does."""
