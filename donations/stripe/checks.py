"""What `manage.py check` says of online giving: keys that do not fit, and money of the wrong kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from donations.stripe import mode

_KEY = re.compile(r"(sk|rk)_(test|live)_\w{8,}")
_SECRET = re.compile(r"whsec_\S{8,}")


@register(Tags.security)
def check_keys(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Look at the keys that the environment gave; no request is made, and no key is ever printed."""
    return list(_of_keys())


def _of_keys() -> Iterator[CheckMessage]:
    key, secret = settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET
    if not key:
        if settings.STRIPE_DEMO and not settings.DEBUG:
            yield Error(
                "The demo of online giving is on without DEBUG: donors would be thanked for money that never comes.",
                hint="Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET, or unset STRIPE_DEMO.",
                id="donations.E201",
            )
        if secret:
            yield Warning(
                "STRIPE_WEBHOOK_SECRET is set and STRIPE_SECRET_KEY is not: online giving stays off.",
                hint="Set both, or neither.",
                id="donations.W205",
            )
        return
    if not _KEY.fullmatch(key):
        yield Error(
            "STRIPE_SECRET_KEY is no secret key of Stripe's.",
            hint="It begins with sk_test_, sk_live_, rk_test_ or rk_live_; pk_ is the publishable one. "
            "Look for blanks and quotation marks around it.",
            id="donations.E204",
        )
        return
    if key.split("_")[1] == "live" and settings.DEBUG:
        yield Error(
            "A live key is set with DEBUG on: error pages would show what donors typed.",
            hint="Unset DEBUG, or use a test key.",
            id="donations.E202",
        )
    if not secret:
        yield Error(
            "STRIPE_SECRET_KEY is set and STRIPE_WEBHOOK_SECRET is not: nothing that Stripe tells could be believed.",
            hint="Add the webhook at Stripe and set its signing secret, whsec_...",
            id="donations.E203",
        )
    elif not _SECRET.fullmatch(secret):
        yield Error(
            "STRIPE_WEBHOOK_SECRET is no signing secret of Stripe's.",
            hint="It begins with whsec_ and stands on the webhook's page at Stripe.",
            id="donations.E206",
        )


@register(Tags.database)
def check_money(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Look whether the money on record fits the key (`manage.py check --database default`, and before `migrate`)."""
    if "default" not in (databases or ()) or not mode.current().is_on:
        return []
    if "donations_onlinepayment" not in connections["default"].introspection.table_names():
        return []
    if not mode.money_of_the_other_kind():
        return []
    kind = "test" if mode.current().is_live else "real"
    return [
        Error(
            f"There are {kind} payments on record that the key does not fit: online giving stays off.",
            hint="Test money and real money never share an instance: begin with an empty database, or change the key.",
            id="donations.E207",
        )
    ]
