"""How often something may happen on the public pages: sliding windows, counted in a table all processes share."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import time

from allauth.account.adapter import get_adapter
from django.db import connection
from django.http import HttpRequest

from website.models.tally import Tally


def client_address(request: HttpRequest) -> str:
    """Return the internet address a request comes from, as the outermost proxy of ours saw it.

    Of an IPv6 address the network of one household (/64) counts: everyone has billions of single ones.
    """
    written = get_adapter().get_client_ip(request)
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return written
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def is_within(name: str, *, most: int, seconds: int) -> bool:
    """Count one more of `name`; whether that makes no more than `most` in the last so many seconds.

    Two counters stand for the window: this one, and as much of the one before as it still covers. That never forgets
    all at once, as a counter that starts anew each hour does, and keeps no list of instants. However many come at one
    moment, each is counted: the database adds, not we.
    """
    window, passed = divmod(time.time(), seconds)
    now, before = _count(hashlib.sha256(name.encode()).hexdigest()[:32], int(window), seconds)
    return now + before * (1 - passed / seconds) <= most


_ONE_MORE = """
    INSERT INTO website_tally ("key", "count", "before", "ends_at")
    VALUES (%s, 1, COALESCE((SELECT "count" FROM website_tally WHERE "key" = %s), 0), %s)
    ON CONFLICT ("key") DO UPDATE SET "count" = website_tally."count" + 1
    RETURNING "count", "before"
"""


def _count(digest: str, window: int, seconds: int) -> tuple[int, int]:
    """Count one more in a window; return how many that makes, and how many there were in the window before."""
    ends_at = dt.datetime.fromtimestamp((window + 2) * seconds, tz=dt.UTC)
    key, last = (f"{digest}:{seconds}:{number}" for number in (window, window - 1))
    with connection.cursor() as cursor:
        cursor.execute(_ONE_MORE, [key, last, connection.ops.adapt_datetimefield_value(ends_at)])
        now, before = cursor.fetchone()
    return now, before


def forget(*, now: dt.datetime) -> None:
    """Let go of what counts no more; the clock does it daily."""
    Tally.objects.filter(ends_at__lt=now).delete()
