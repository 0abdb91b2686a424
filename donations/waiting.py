"""What of giving waits for somebody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from constituents.work.waiting import Waiting, WaitingWork, register_work
from core import clock
from core.organisation import current_organisation
from core.organisation.models import Regime
from core.theme.figures import day_in_words
from donations.models import BankCredit, Gift, ReceiptSettings
from donations.receipts.regimes.de import counts_until

#: How long before a notice of the tax office runs out somebody is told.
WARNED_BEFORE = dt.timedelta(days=180)


def register() -> None:
    """Offer it to “My work”."""
    register_work(WaitingWork("bank_credits", bank_credits, permission="donations.apply_bankcredit", order=12))
    register_work(WaitingWork("tax_notice", tax_notice, permission="donations.change_receiptsettings", order=9))
    register_work(WaitingWork("expected_gifts", expected_gifts, permission="donations.post_gift", order=10))


def expected_gifts(user: Any) -> Waiting:
    """Return how many gifts were promised and have not come."""
    number = Gift.objects.expected().count()
    text = ngettext_lazy("expected gift has not come yet", "expected gifts have not come yet", number)
    return Waiting(number, text, reverse("gifts:index") + "?status=pending")


def tax_notice(user: Any) -> Waiting | None:
    """Return that the tax office's notice runs out soon, or has: without one no German receipt may be issued.

    A new one takes the office months. Recognition in the other countries has no date it ends on.
    """
    today = clock.today()
    if current_organisation().regime != Regime.GERMANY:
        return None
    until = counts_until(ReceiptSettings.load(), today)
    if until is None or until > today + WARNED_BEFORE:
        return None
    words = {"day": day_in_words(until, "medium")}
    if until < today:
        text = _("notice of the tax office ran out on %(day)s: no receipt may be issued") % words
    else:
        text = _("notice of the tax office counts until %(day)s: ask for a new one") % words
    return Waiting(1, text, reverse("receipts:settings"))


def bank_credits(user: Any) -> Waiting:
    """Return how many credits nobody has said anything about."""
    number = BankCredit.objects.waiting().count()
    text = ngettext_lazy("bank credit waits to be applied", "bank credits wait to be applied", number)
    return Waiting(number, text, reverse("bank_credits:index") + "?state=waiting")
