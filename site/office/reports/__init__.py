"""Figures across domains, ready for a page, a sheet or a PDF: the same numbers for all three."""
