"""Whatever the order, repetition and age of what is heard, the books end the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from core.mail.models import Message
from donations.models import Checkout, Dispute, Gift, LedgerEntry, OnlinePayment, OnlineRefund
from donations.services.books import check_books
from donations.stripe import gateway
from donations.stripe.events import handler_for, object_id
from donations.stripe.fake import acting
from donations.stripe.fake.acting import Outcome
from donations.stripe.syncing import pages, payments

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("online")]

GoToPay = Callable[..., Checkout]


def ledger() -> tuple[Any, ...]:
    """What the books and Stripe's rows say, without what names and dates the rows."""
    return (
        sorted(
            Gift.objects.values_list("uuid", "status", "amount", "refunded_amount", "charged_back_amount", "method")
        ),
        sorted(LedgerEntry.objects.values_list("gift__uuid", "kind", "amount", "fund")),
        [*OnlinePayment.objects.order_by("pk").values_list("status", "gift__uuid", "fee", "refunded_minor")],
        sorted(OnlineRefund.objects.values_list("stripe_id", "status", "amount")),
        sorted(Dispute.objects.values_list("stripe_id", "status")),
        sorted(Checkout.objects.values_list("uuid", "state")),
        Message.objects.count(),
    )


@contextmanager
def undone() -> Iterator[None]:
    """Do it, and leave everything as it was."""
    block = transaction.atomic()
    block._from_testcase = True  # as Django's own around each test: no transaction of ours is open
    with block:
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Step:
    """Something that is done once or more; two of one name are the same."""

    name: Any
    take: Callable[[], object] = field(compare=False)


def nothing() -> None:
    """Happens between two steps of a story when nobody looks."""


def card(checkout: Checkout, meanwhile: Callable[[], None] = nothing) -> None:
    acting.pay(checkout.session_id, Outcome.DECLINE)
    meanwhile()
    acting.pay(checkout.session_id, Outcome.PAY)
    meanwhile()
    acting.book_fees()


def debit_that_settles(checkout: Checkout, meanwhile: Callable[[], None] = nothing) -> None:
    acting.pay(checkout.session_id, Outcome.BANK_DEBIT)
    meanwhile()
    acting.settle_debit(_intent())


def debit_that_fails(checkout: Checkout, meanwhile: Callable[[], None] = nothing) -> None:
    acting.pay(checkout.session_id, Outcome.BANK_DEBIT)
    meanwhile()
    acting.return_debit(_intent())


def _intent() -> str:
    return next(one["data"]["object"]["id"] for one in acting.events() if one["type"] == "payment_intent.processing")


def ends_of(steps: Counter[Step], *, asks: bool) -> set[str]:
    """Return how the books end when the steps are taken in every order, each also twice in a row.

    What is left to be taken and what the rows say decide everything that can follow: so each such place is visited
    once, which covers all orders in a fraction of their number.
    """
    seen: set[tuple[Any, ...]] = set()
    ends: set[str] = set()

    def go_on(left: Counter[Step]) -> None:
        # An answer that was given before counts by when it was asked for; who asks now asks later than all before.
        as_of = () if asks else tuple(OnlinePayment.objects.order_by("pk").values_list("fetched_at", flat=True))
        place = (frozenset((+left).items()), repr(ledger()), as_of)
        if place in seen:
            return
        seen.add(place)
        if not +left:
            assert check_books() == []
            ends.add(repr(ledger()))
        for step in +left:
            with undone():
                step.take()
                once = ledger()
                step.take()
                assert ledger() == once
                go_on(left - Counter([step]))

    go_on(steps)
    return ends


@pytest.mark.parametrize("story", [card, debit_that_settles, debit_that_fails])
def test_every_order_and_repetition_of_the_events_of_a_gift_ends_in_the_same_books(
    go_to_pay: GoToPay, story: Callable[[Checkout], None]
) -> None:
    story(go_to_pay())
    events = [(handler_for(event["type"]), object_id(event)) for event in acting.events()]
    steps = Counter(Step((handler, about), partial(handler, about)) for handler, about in events if handler)
    assert sum(steps.values()) >= 4
    assert len(ends_of(steps, asks=True)) == 1


@pytest.mark.parametrize("story", [card, debit_that_settles, debit_that_fails])
def test_answers_of_stripe_that_come_late_never_undo_newer_ones(
    go_to_pay: GoToPay, story: Callable[[Checkout], None]
) -> None:
    """Stripe is asked after each step of the story, and all the answers arrive in every order at the end."""
    checkout, answers = go_to_pay(), Counter[Step]()

    def ask() -> None:
        page = pages.fetch(checkout.session_id, gateway.for_jobs())
        answers[Step(f"page {page.status}", partial(pages.apply, page))] = 1
        if page.payment_intent:
            reading = payments.read(page.payment_intent, client=gateway.for_jobs(), page=page)
            name = f"payment {reading.payment.status} {reading.payment.fee}"
            answers[Step(name, partial(payments.apply, reading))] = 1

    ask()
    story(checkout, ask)
    ask()
    (end,) = ends_of(answers, asks=False)
    assert ("cancelled" if story is debit_that_fails else "posted") in end
