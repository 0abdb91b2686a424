"""What of giving waits for somebody."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext_lazy

from constituents.work.waiting import Waiting, WaitingWork, register_work
from donations.models import BankCredit, Gift
from donations.stripe.waiting import ONLINE_WORK


def register() -> None:
    """Offer it to “My work”."""
    register_work(WaitingWork("bank_credits", bank_credits, permission="donations.apply_bankcredit", order=12))
    for work in ONLINE_WORK:
        register_work(work)
    register_work(WaitingWork("expected_gifts", expected_gifts, permission="donations.post_gift", order=10))


def expected_gifts(user: Any) -> Waiting:
    """Return how many gifts were promised and have not come."""
    number = Gift.objects.expected().count()
    text = ngettext_lazy("expected gift has not come yet", "expected gifts have not come yet", number)
    return Waiting(number, text, reverse("gifts:index") + "?status=pending")


def bank_credits(user: Any) -> Waiting:
    """Return how many credits nobody has said anything about."""
    number = BankCredit.objects.waiting().count()
    text = ngettext_lazy("bank credit waits to be applied", "bank credits wait to be applied", number)
    return Waiting(number, text, reverse("bank_credits:index") + "?state=waiting")
