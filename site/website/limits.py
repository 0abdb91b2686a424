"""How often something may happen on the public pages: sliding windows, counted in the cache all processes share."""

from __future__ import annotations

import hashlib
import ipaddress
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest


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
    all at once, as a counter that starts anew each hour does, and keeps no list of instants. Two requests at the very
    same moment may count as one.
    """
    window, passed = divmod(time.time(), seconds)
    key = f"limit:{hashlib.sha256(name.encode()).hexdigest()[:32]}:{seconds}:{int(window)}"
    before = f"{key.rpartition(':')[0]}:{int(window) - 1}"
    counts = cache.get_many([key, before])
    now = counts.get(key, 0) + 1
    cache.set(key, now, timeout=2 * seconds)
    return now + counts.get(before, 0) * (1 - passed / seconds) <= most
