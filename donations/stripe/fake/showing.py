"""What the demo's panel shows of the double: what waits for a bank, for time, or for a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.money import Money
from donations.models.demo_stripe import FakeObject
from donations.stripe.fake.money import payouts, subscribing
from donations.stripe.fake.store import Thing
from donations.stripe.minor import from_minor

MOST = 8


@dataclass(frozen=True)
class Button:
    """One thing to do to a row: a verb of the panel."""

    verb: str
    label: str
    danger: bool = False


@dataclass(frozen=True)
class Row:
    """One object of the double, in words, and what may happen to it."""

    id: str
    who: str
    money: Money | None
    state: str
    tone: str = "quiet"
    buttons: list[Button] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """A part of the panel."""

    title: str
    rows: list[Row]
    empty: str


def parts() -> list[Part]:
    """Return the parts of the panel in the order money takes."""
    on_their_way, alive, disputed = _newest("payment_intent", data__status="processing"), _alive(), _newest("dispute")
    named = _named(
        [intent["latest_charge"] for intent in on_their_way]
        + [subscription["customer"] for subscription in alive]
        + [dispute["charge"] for dispute in disputed]
    )
    return [
        Part(_("Bank debits on their way"), debits(on_their_way, named), _("None. Give by bank account.")),
        Part(_("Regular gifts"), subscriptions(alive, named), _("None. Give every month, and it stands here.")),
        Part(_("Failed renewals"), open_invoices(), _("None. Let a renewal fail, and try it again here.")),
        Part(_("Paid, newest first"), paid(), _("Nothing was paid yet.")),
        Part(_("Disputes"), disputes(disputed, named), _("None. Let a payment be disputed.")),
        Part(_("To be paid out"), balances(), _("The balance is empty.")),
    ]


def debits(intents: list[Thing], named: dict[str, Thing]) -> list[Row]:
    """Debits that the bank has neither paid nor refused."""
    return [
        Row(
            intent["id"],
            _payer(named[intent["latest_charge"]]),
            _money(intent),
            _("on its way"),
            "waiting",
            [Button("settle_debit", _("Settle")), Button("return_debit", _("Return"), danger=True)],
        )
        for intent in intents
    ]


def subscriptions(alive: list[Thing], named: dict[str, Thing]) -> list[Row]:
    """Subscriptions that charge somebody."""
    rows = []
    for subscription in alive:
        item = subscribing.item_of(subscription)
        customer = named[subscription["customer"]]
        money = from_minor(item["price"]["unit_amount"] * item["quantity"], subscription["currency"].upper())
        buttons = [
            Button("renew", _("Renew")),
            Button("fail_renewal", _("Renew, card fails"), danger=True),
            Button("ask_renewal", _("Renew, bank asks"), danger=True),
        ]
        is_good = subscription["status"] in ("active", "trialing")
        state, tone = _state(subscription["status"]), "good" if is_good else "wrong"
        if subscription["pause_collection"]:
            state, tone = _("paused"), "waiting"
        rows.append(
            Row(
                subscription["id"],
                customer["email"] or customer["name"],
                money,
                state,
                tone,
                buttons,
            )
        )
    return rows


def open_invoices() -> list[Row]:
    """Invoices whose attempts failed, to be tried again."""
    invoices = _newest("invoice", data__status="open", data__attempt_count__gt=0)
    return [
        Row(
            invoice["id"],
            invoice["customer_email"] or invoice["customer_name"],
            from_minor(invoice["amount_due"], invoice["currency"].upper()),
            _("attempt %(number)s failed") % {"number": invoice["attempt_count"]},
            "wrong",
            [Button("retry", _("Try again")), Button("fail_retry", _("Fail again"), danger=True)],
        )
        for invoice in invoices
    ]


def paid() -> list[Row]:
    """Charges that succeeded."""
    rows = []
    for charge in _newest("charge", data__status="succeeded"):
        buttons = []
        if not charge["refunded"] and not charge["disputed"]:
            buttons = [
                Button("refund", _("Refund at Stripe")),
                Button("dispute", _("Dispute"), danger=True),
                Button("warn", _("Warn of fraud"), danger=True),
            ]
        state, tone = _("paid"), "good"
        if charge["refunded"]:
            state, tone = _("refunded"), "quiet"
        elif charge["disputed"]:
            state, tone = _("disputed"), "wrong"
        rows.append(Row(charge["payment_intent"], _payer(charge), _money(charge), state, tone, buttons))
    return rows


def disputes(found: list[Thing], named: dict[str, Thing]) -> list[Row]:
    """Disputes, with what the bank may decide."""
    rows = []
    for dispute in found:
        buttons = []
        if dispute["status"] not in ("won", "lost"):
            buttons = [Button("win", _("Win")), Button("lose", _("Lose"), danger=True)]
        tone = {"won": "good", "lost": "wrong"}.get(dispute["status"], "waiting")
        rows.append(
            Row(
                dispute["id"],
                _payer(named[dispute["charge"]]),
                _money(dispute),
                _state(dispute["status"]),
                tone,
                buttons,
            )
        )
    return rows


def balances() -> list[Row]:
    """What is in the balance, a currency a row."""
    totals: Counter[str] = Counter()
    for part in payouts.waiting():
        totals[part["currency"]] += part["net"]
    rows = []
    for currency, total in sorted(totals.items()):
        buttons = [Button("payout", _("Pay out"))] if total > 0 else []
        money = from_minor(total, currency.upper())
        rows.append(Row(currency, _("after fees"), money, _("in the balance"), "quiet", buttons))
    return rows


def last_events() -> list[Thing]:
    """Return the last events, newest first."""
    return _newest("event")


def _newest(kind: str, **lookup: Any) -> list[Thing]:
    return [row.data for row in FakeObject.objects.filter(kind=kind, **lookup)[:MOST]]


def _alive() -> list[Thing]:
    found = FakeObject.objects.filter(kind="subscription").exclude(data__status__in=subscribing.OVER)
    return [row.data for row in found[:MOST]]


def _named(ids: Iterable[str]) -> dict[str, Thing]:
    """Return objects by their ids, in one query."""
    return {row.stripe_id: row.data for row in FakeObject.objects.filter(stripe_id__in=list(ids))}


def _payer(charge: Thing) -> str:
    billing = charge["billing_details"]
    return billing["email"] or billing["name"]


def _money(thing: Thing) -> Money:
    return from_minor(thing["amount"], thing["currency"].upper())


def _state(status: str) -> str:
    words = {
        "active": _("active"),
        "past_due": _("past due"),
        "trialing": _("next charge moved"),
        "needs_response": _("waits for an answer"),
        "won": _("won"),
        "lost": _("lost"),
    }
    return words.get(status, status)
