"""The signed token of one giving form: which form it is, and when it was drawn.

A form keeps its token through mistakes and second tries, so that however often it is sent it is one gift. The signature
lets a form be taken that brings no cookie, as from a frame on another website (`website.giving.embedding`), and its age
tells a person who read the page from a program that did not.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core import signing

from core import clock

SALT = "website.giving.form"
#: A form that was open longer is drawn anew: fees, funds and amounts may have changed.
GOOD_FOR = dt.timedelta(hours=24)
#: Nobody reads the page and fills it in faster.
READING_TIME = dt.timedelta(seconds=2)


class TokenError(ValueError):
    """The token was not signed by us, or its form was open too long."""


@dataclass(frozen=True, slots=True)
class FormToken:
    """One drawing of the form."""

    uuid: uuid.UUID
    drawn_at: dt.datetime

    @property
    def age(self) -> dt.timedelta:
        """How long ago the form was drawn."""
        return clock.now() - self.drawn_at

    @property
    def came_too_fast(self) -> bool:
        """Whether the form came back before anybody could have read it."""
        return self.age < READING_TIME

    def __str__(self) -> str:
        """As the form carries it."""
        drawn = int(self.drawn_at.timestamp() * 1000)
        return signing.Signer(salt=SALT).sign(f"{self.uuid.hex}.{drawn}")


def new_token() -> FormToken:
    """Return the token of a form that is drawn now."""
    return FormToken(uuid.uuid4(), clock.now())


def read_token(text: str) -> FormToken:
    """Read a token. Raises TokenError when it is not ours, or older than a day."""
    try:
        key, drawn = signing.Signer(salt=SALT).unsign(text).split(".")
    except signing.BadSignature as error:
        raise TokenError("not signed by us") from error
    token = FormToken(uuid.UUID(hex=key), dt.datetime.fromtimestamp(int(drawn) / 1000, tz=dt.UTC))
    if token.age > GOOD_FOR:
        raise TokenError("open for too long")
    return token
