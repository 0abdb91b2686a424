"""What must hold of promises, for `check_books`."""

from __future__ import annotations

from collections.abc import Iterator

from donations.promises.paying import drifted_pledges, overapplied_gifts
from donations.services.books import SHOWN, Finding


def pledges_add_up() -> Iterator[Finding]:
    """A pledge is the sum of its instalments and of its parts, and is paid by what its rows say."""
    if wrong := drifted_pledges():
        rows = [f"pledge {pk}" for pk in wrong[:SHOWN]]
        yield Finding("P1 pledges", "A pledge is not what its instalments, payments and write-offs say.", rows)


def gifts_pay_once() -> Iterator[Finding]:
    """A gift pays of pledges what is left of it at most."""
    if wrong := overapplied_gifts():
        rows = [f"gift {pk}" for pk in wrong[:SHOWN]]
        yield Finding("P2 payments", "A gift pays more of pledges than is left of it.", rows)


CHECKS = (pledges_add_up, gifts_pay_once)
