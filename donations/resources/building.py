"""From a row's values to the drafts of a gift, its funds and its campaign: shared by every format that has gifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from constituents.folding import fold
from core.imports.drafts import Draft
from core.imports.formats import Setup, Values
from core.money import Money, currency_places
from core.money.fields import known_currencies
from donations.models import Fund, GiftKind, GiftStatus, Method

GENERAL_FUND = "General fund"

_METHODS = {
    "check": Method.CHEQUE,
    "cheque": Method.CHEQUE,
    "personal check": Method.CHEQUE,
    "cash": Method.CASH,
    "card": Method.CARD,
    "credit card": Method.CARD,
    "debit card": Method.CARD,
    "credit": Method.CARD,
    "visa": Method.CARD,
    "mastercard": Method.CARD,
    "amex": Method.CARD,
    "american express": Method.CARD,
    "stripe": Method.CARD,
    "paypal": Method.OTHER,
    "ach": Method.BANK_DEBIT,
    "ach eft": Method.BANK_DEBIT,
    "eft": Method.BANK_DEBIT,
    "direct debit": Method.BANK_DEBIT,
    "bank debit": Method.BANK_DEBIT,
    "sepa": Method.BANK_DEBIT,
    "wire": Method.TRANSFER,
    "wire transfer": Method.TRANSFER,
    "bank transfer": Method.TRANSFER,
    "transfer": Method.TRANSFER,
    "bacs": Method.TRANSFER,
    "standing order": Method.TRANSFER,
    "payroll": Method.PAYROLL,
    "payroll giving": Method.PAYROLL,
    "in kind": Method.IN_KIND,
    "in kind gift": Method.IN_KIND,
    "inkind": Method.IN_KIND,
    "stock": Method.SECURITIES,
    "stocks": Method.SECURITIES,
    "securities": Method.SECURITIES,
    "donor advised fund": Method.DONOR_ADVISED_FUND,
    "daf": Method.DONOR_ADVISED_FUND,
}
_EXPECTED_STAGES = frozenset(
    {
        "pledged",
        "pledge",
        "promised",
        "expected",
        "pending",
        "verbal commitment",
        "commitment",
        "in progress",
        "awarded",
    }
)
_LOST_STAGES = frozenset(
    {"closed lost", "lost", "withdrawn", "declined", "refused", "cancelled", "canceled", "failed", "refunded", "voided"}
    | {"prospecting", "qualification", "needs analysis", "proposal", "identified", "cultivation", "solicitation"}
)


def method_named(text: str) -> str:
    """Return the method a word in any usual form means, or an empty string."""
    word = fold(text)
    if word in _METHODS:
        return _METHODS[word].value
    return next((method.value for method in Method if word in (fold(method.value), fold(str(method.label)))), "")


# (field of the fund's name, name, amount, percent)
Parts = Sequence[tuple[str, str, Decimal | None, Decimal | None]]


def gift_drafts(
    values: Values, setup: Setup, *, donor: str, parts: Parts = (), kind: str = GiftKind.GIFT, note: str = ""
) -> list[Draft]:
    """Return the drafts of the gift in a row, or none when it is refused.

    What the `parts` leave of the gift goes to the default fund.
    """
    money = _money(values, setup)
    day = _day(values)
    if money is None or day is None:
        return []
    status = _status(values)
    method = _method(values)
    if status is None or method is None:
        return []
    shares = _shares(values, money, parts, setup)
    if shares is None:
        return []
    funds = [
        Draft("fund", f"fund{number}", {"name": name}, column=values.column(field))
        for number, (field, name, _share) in enumerate(shares, start=1)
    ]
    links = {"donor": [donor], "funds": [fund.ref for fund in funds]}
    campaigns = []
    if campaign := values.get("gift.campaign"):
        campaigns.append(Draft("campaign", "campaign", {"name": campaign}, column=values.column("gift.campaign")))
        links["campaign"] = ["campaign"]
    facts = {
        "amount": money.plain,
        "currency": money.currency,
        "received_on": day.isoformat(),
        "kind": str(kind),
        "method": method or Method.OTHER.value,
        "status": status,
        "parts": [share.plain for _field, _name, share in shares],
        "note": note or values.get("gift.note"),
        "guessed": not method,
    }
    gift = Draft("gift", "gift", _said(facts | _details(values)), links, column=values.column("gift.amount"))
    return [*funds, *campaigns, gift]


def _details(values: Values) -> dict[str, Any]:
    return {
        "reference": values.get("gift.reference")[:120],
        "external_id": values.get("gift.external_id"),
        "tribute": values.get("gift.tribute"),
        "is_anonymous": values.get("gift.is_anonymous", False),
    }


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the row does not say."""
    return {name: value for name, value in facts.items() if value not in ("", None, False)}


def _money(values: Values, setup: Setup) -> Money | None:
    """Return what was given; None when the row does not say it, or not so that it can be."""
    amount = values.get("gift.amount", None)
    currency = (values.get("gift.currency") or setup.currency).upper()
    if currency not in known_currencies():
        values.refuse("gift.currency", _("“%(code)s” is not the code of a currency.") % {"code": currency})
    elif amount is None:
        values.refuse("gift.amount", _("There is no amount."))
    elif amount <= 0:
        values.refuse("gift.amount", _("A gift is more than nothing; refunds are not imported as gifts."))
    elif amount != round(amount, currency_places(currency)):
        words = {"amount": amount, "currency": currency}
        values.refuse("gift.amount", _("“%(amount)s” is finer than %(currency)s goes.") % words)
    else:
        return Money(amount, currency)
    return None


def _day(values: Values) -> dt.date | None:
    """Return when it came; None when the row does not say, or cannot be right."""
    day: dt.date | None = values.get("gift.received_on", None)
    if day is None:
        values.refuse("gift.received_on", _("There is no date."))
    elif not 1900 <= day.year <= 2100:
        values.refuse("gift.received_on", _("The year %(year)s cannot be right.") % {"year": day.year})
    else:
        return day
    return None


def _status(values: Values) -> str | None:
    stage = fold(values.get("gift.status"))
    if stage in _LOST_STAGES:
        values.refuse(
            "gift.status",
            _("“%(stage)s” says no money came and none is promised, so there is no gift.")
            % {"stage": values.get("gift.status")},
        )
        return None
    return GiftStatus.PENDING.value if stage in _EXPECTED_STAGES else GiftStatus.POSTED.value


def _method(values: Values) -> str | None:
    text = values.get("gift.method")
    if not text:
        hinted = method_named(values.get("gift.type"))
        if hinted:
            return hinted
        return Method.CHEQUE.value if values.get("gift.reference") and values.get("gift.is_cheque_number") else ""
    method = method_named(text)
    if not method:
        values.refuse("gift.method", _("“%(text)s” is not a way of paying that Steward knows.") % {"text": text[:60]})
        return None
    return method


def _shares(values: Values, money: Money, parts: Parts, setup: Setup) -> list[tuple[str, str, Money]] | None:
    """Return (field, fund, share) for each part; None when they come to more than the gift."""
    shares: list[tuple[str, str, Money]] = []
    left = money
    for field, name, amount, percent in parts:
        if percent is not None:
            share = Money(money.amount * percent / 100, money.currency)
        else:
            share = Money(amount, money.currency) if amount is not None else left
        if not share:
            continue
        left = left - share
        shares.append((field, name, share))
    if left < Money.zero(money.currency) or any(share < Money.zero(money.currency) for _f, _n, share in shares):
        field = parts[0][0]
        values.refuse(field, _("The parts come to more than the gift of %(gift)s.") % {"gift": money.plain})
        return None
    if left:
        shares.append(("", default_fund_name(setup), left))
    return shares


def default_fund_name(setup: Setup) -> str:
    """Return the name of the fund gifts go to when a file names none; a first one is made when there is none."""
    if "default_fund" not in setup.remembered:
        default = Fund.objects.default()
        setup.remembered["default_fund"] = default.name if default is not None else GENERAL_FUND
    return str(setup.remembered["default_fund"])
