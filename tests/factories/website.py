"""What a visitor sends from a public page."""

from __future__ import annotations

import datetime as dt
import uuid

from core import clock
from website.giving.tokens import FormToken


def form_token(*, seconds_ago: float = 30, key: uuid.UUID | None = None) -> str:
    """Return the token of a giving form that was drawn a while ago, as the page signs it."""
    return str(FormToken(key or uuid.uuid4(), clock.now() - dt.timedelta(seconds=seconds_ago)))
