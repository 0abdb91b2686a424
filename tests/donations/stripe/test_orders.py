"""Whatever the order, repetition and age of what is heard, the books end the same."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from constituents.models import FollowUp
from core.mail.models import Message
from donations.models import Checkout, Dispute, Gift, LedgerEntry, OnlinePayment, OnlineRefund
from donations.models.demo_stripe import FakeObject
from donations.services.books import check_books
from donations.stripe import checkout as checkouts
from donations.stripe import gateway
from donations.stripe.events import handler_for, object_id
from donations.stripe.fake import acting
from donations.stripe.fake.acting import Outcome
from donations.stripe.fake.store import Thing
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
        sorted(OnlineRefund.objects.values_list("status", "amount")),
        sorted(Dispute.objects.values_list("status", "amount")),
        sorted(Checkout.objects.values_list("uuid", "state")),
        Message.objects.count(),
        sorted(FollowUp.objects.values_list("subject", "state")),
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


COMING_BACK = "the donor comes back"
Story = Callable[[Checkout], list[Callable[[], object]]]


def card(checkout: Checkout) -> list[Callable[[], object]]:
    return [
        lambda: acting.pay(checkout.session_id, Outcome.DECLINE),
        lambda: acting.pay(checkout.session_id, Outcome.PAY),
        acting.book_fees,
    ]


def debit_that_settles(checkout: Checkout) -> list[Callable[[], object]]:
    return [
        lambda: acting.pay(checkout.session_id, Outcome.BANK_DEBIT),
        lambda: acting.settle_debit(_intent()),
    ]


def debit_that_fails(checkout: Checkout) -> list[Callable[[], object]]:
    return [
        lambda: acting.pay(checkout.session_id, Outcome.BANK_DEBIT),
        lambda: acting.return_debit(_intent()),
    ]


def debit_that_is_taken_back(checkout: Checkout) -> list[Callable[[], object]]:
    return [*debit_that_settles(checkout), lambda: acting.dispute(_intent())]


def _intent() -> str:
    return next(one["data"]["object"]["id"] for one in acting.events() if one["type"] == "payment_intent.processing")


def heard_of(events: list[Thing]) -> dict[str, Callable[[], object]]:
    """Return what is done for events: by who looks at what, and not by its id, which is another each time."""
    ordinals: dict[str, str] = {}
    for row in FakeObject.objects.exclude(kind="event").order_by("pk"):
        ordinals[row.stripe_id] = f"{row.kind} {sum(name.startswith(row.kind) for name in ordinals.values())}"
    named = ((handler_for(event["type"]), object_id(event)) for event in events)
    return {f"{ordinals[about]} by {handler}": partial(handler, about) for handler, about in named if handler}


#: How far the story is, and what the books say: that decides what comes of whatever is done next.
Place = tuple[int, str]


def explored(story: list[Callable[[], object]], come_back: Callable[[], object]) -> dict[Place, dict[str, Place]]:
    """Return where one gets from each place one can get to: by hearing of an event, coming back, or what happens next.

    Every event of so far may be heard of, however often it was before.
    """
    ways: dict[Place, dict[str, Place]] = {}

    def stand(happened: int) -> Place:
        place = (happened, repr(ledger()))
        if place in ways:
            return place
        ways[place] = {}
        doings = {**heard_of(acting.events()), COMING_BACK: come_back}
        for name, do in doings.items():
            with undone():
                do()
                ways[place][name] = stand(happened)
        if happened < len(story):
            with undone():
                mark = acting.cursor()
                story[happened]()
                news = sorted(heard_of(acting.events(mark)))
                ways[place][repr(news)] = stand(happened + 1)
        elif set(ways[place].values()) == {place}:  # whatever is done now changes nothing
            assert check_books() == []
        return place

    stand(0)
    return ways


def every_end(ways: dict[Place, dict[str, Place]], last: int) -> set[str]:
    """Return what the books can say when all has happened and each event was heard of since it was sent."""
    ends: set[str] = set()
    begin: tuple[Place, frozenset[str]] = (next(iter(ways)), frozenset())
    seen, to_go = {begin}, [begin]
    while to_go:
        place, to_come = to_go.pop()
        if place[0] == last and not to_come:
            ends.add(place[1])
        for name, there in ways[place].items():
            news = ast.literal_eval(name) if there[0] > place[0] else []
            further = (there, (to_come - {name}).union(news))
            if further not in seen:
                seen.add(further)
                to_go.append(further)
    return ends


@pytest.mark.parametrize("story", [card, debit_that_settles, debit_that_fails, debit_that_is_taken_back])
def test_every_order_and_repetition_of_the_events_of_a_gift_ends_in_the_same_books(
    go_to_pay: GoToPay, story: Story
) -> None:
    """From the first click on, with the donor coming back at any moment too."""
    happenings = story(go_to_pay())
    ways = explored(happenings, lambda: checkouts.settle(Checkout.objects.for_settling().get()))
    assert len(ways) > len(happenings)
    assert len(every_end(ways, len(happenings))) == 1


def ends_of(answers: Counter[Step]) -> set[str]:
    """Return how the books end when answers that were given before are brought in in every order, each also twice.

    They count by when they were asked for, so that is part of each place.
    """
    seen: set[tuple[Any, ...]] = set()
    ends: set[str] = set()

    def go_on(left: Counter[Step]) -> None:
        as_of = tuple(OnlinePayment.objects.order_by("pk").values_list("fetched_at", flat=True))
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

    go_on(answers)
    return ends


@pytest.mark.parametrize("story", [card, debit_that_settles, debit_that_fails])
def test_answers_of_stripe_that_come_late_never_undo_newer_ones(go_to_pay: GoToPay, story: Story) -> None:
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
    for happen in story(checkout):
        happen()
        ask()
    (end,) = ends_of(answers)
    assert ("cancelled" if story is debit_that_fails else "posted") in end
