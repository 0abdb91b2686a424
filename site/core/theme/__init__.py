"""The look: colour tokens read from one CSS file, the organisation's accent made readable, and figures for the page.

Web pages, e-mails and PDFs take their colours from `tokens.css` through `tokens()`; the organisation's own colour goes
through `accent_for()`, which moves it until text on it and in it can be read.
"""

from core.theme.accent import Accent, accent_for
from core.theme.tokens import tokens

__all__ = ["Accent", "accent_for", "tokens"]
