"""What staff see of a recurring gift that Stripe charges, and may ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from donations.models import AskedState, FaultKind, RecurringGift, RecurringStatus
from donations.staff.recurring_online_verbs import VERBS
from donations.stripe.billing import asking, cards
from donations.stripe.fake import acting, faults
from tests.factories.billing import make_online, make_prepared
from tests.factories.promises import make_recurring

pytestmark = pytest.mark.django_db


@pytest.fixture
def recurring(sign_up: Callable[..., RecurringGift], hear: Callable[..., None]) -> RecurringGift:
    """A gift of 25 dollars every month, charged once."""
    begun = sign_up("25")
    hear()
    return again(begun)


def again(recurring: RecurringGift) -> RecurringGift:
    return RecurringGift.objects.select_related("subscription").get(pk=recurring.pk)


def url(verb: str, recurring: RecurringGift) -> str:
    return reverse(f"recurring_gifts:{verb}", args=[recurring.pk])


def test_the_page_says_what_stripe_says_and_what_failed(
    staff_client: Any, recurring: RecurringGift, hear: Callable[..., None]
) -> None:
    acting.renew(recurring.subscription.subscription_id, succeed=False, reason="expired_card")
    hear()
    shown = staff_client("Fundraiser").get(url("inspect", recurring)).text
    for words in ("What Stripe says", "past due", "Visa ···· 4242", "Charges that failed", "The card has expired."):
        assert words in shown


def test_staff_change_pause_and_stop_by_the_same_verbs(staff_client: Any, recurring: RecurringGift) -> None:
    client = staff_client("Gift processor")
    client.post(url("online-amount", recurring), {"amount": "40", "reason": "Asked on the telephone"})
    changed = again(recurring)
    assert (changed.amount, changed.changes.last().by, changed.changes.last().reason) == (
        40,
        client.user,
        "Asked on the telephone",
    )
    client.post(url("online-pause", recurring), {"until": "", "reason": "Ill"})
    assert again(recurring).status == RecurringStatus.PAUSED
    client.post(url("online-go-on", recurring), {"reason": "Well again"})
    client.post(url("online-stop", recurring), {"reason": "Asked us to"})
    assert (again(recurring).status, again(recurring).status_reason) == (RecurringStatus.ENDED, "Asked us to")


def test_staff_change_how_often_and_the_answer_says_when_it_is_next(
    staff_client: Any, recurring: RecurringGift
) -> None:
    client = staff_client("Gift processor")
    on = recurring.next_due_on
    assert on is not None
    shown = client.get(url("online-rhythm", recurring)).text
    assert on.isoformat() in shown
    typed = {"every": "1", "unit": "year", "amount": "300", "on": on.isoformat(), "reason": "Asked by letter"}
    answer = client.post(url("online-rhythm", recurring), typed, follow=True).text
    assert "It is $300.00 every year now, next on" in answer
    changed = again(recurring)
    assert (changed.unit, changed.amount, changed.next_due_on) == ("year", 300, on)


def test_staff_charge_what_is_open_and_read_what_the_bank_said(
    staff_client: Any, recurring: RecurringGift, hear: Callable[..., None]
) -> None:
    acting.renew(recurring.subscription.subscription_id, succeed=False)
    acting.replace_card(recurring.subscription.customer_id, last4="0002")
    hear()
    client = staff_client("Gift processor")
    cards.adopt(again(recurring), by=None)
    assert "The bank declined the payment" in client.post(url("online-charge", recurring)).text
    acting.replace_card(recurring.subscription.customer_id)
    cards.adopt(again(recurring), by=None)
    assert "the gift is recorded" in client.post(url("online-charge", recurring), follow=True).text
    assert again(recurring).gifts.count() == 2


def test_a_lost_answer_is_said_and_may_be_asked_for_again(staff_client: Any, recurring: RecurringGift) -> None:
    client = staff_client()
    faults.commit(FaultKind.TIMEOUT, method="POST", path="/v1/subscriptions")
    client.post(url("online-amount", recurring), {"amount": "40", "reason": "Asked"})
    assert "We are still asking" in client.get(url("inspect", recurring)).text
    client.post(url("ask-again", recurring))
    assert recurring.subscription.asked.get().state == AskedState.DONE
    assert again(recurring).amount == 40


def test_verbs_of_standing_orders_leave_it_alone_and_the_other_way_round(staff_client: Any) -> None:
    online, standing = make_online().recurring, make_recurring()
    client = staff_client()
    for verb in ("came", "match", "change", "pause", "go-on", "end"):
        client.post(url(verb, online), {"amount": "5", "reason": "Mistaken"})
    assert online.changes.count() == 1
    for verb in VERBS:
        assert asking.AskedChange.objects.count() == 0
        client.post(url(verb, standing), {"amount": "5", "reason": "Mistaken"})
    assert standing.changes.count() == 1


@pytest.mark.parametrize("verb", VERBS)
def test_whoever_only_looks_may_not(staff_client: Any, verb: str) -> None:
    online = make_online().recurring
    assert staff_client("Read-only").post(url(verb, online), {"reason": "x"}).status_code in (302, 403)
    assert not asking.AskedChange.objects.exists()
    assert again(online).status == RecurringStatus.ACTIVE


def test_the_list_leaves_out_what_never_began_unless_it_is_asked_for(staff_client: Any) -> None:
    online, prepared = make_online().recurring, make_prepared()
    client = staff_client()
    shown = client.get(reverse("recurring_gifts:index")).text
    assert url("inspect", online) in shown
    assert url("inspect", prepared) not in shown
    assert url("inspect", prepared) in client.get(reverse("recurring_gifts:index") + "?status=starting").text
    assert client.get(url("inspect", prepared)).status_code == 200


def test_the_list_asks_no_more_for_many(staff_client: Any, assert_constant_queries: Callable[..., None]) -> None:
    client = staff_client()

    def more(number: int) -> None:
        for _ in range(number):
            make_online()

    assert_constant_queries(more, lambda: client.get(reverse("recurring_gifts:index")), at_most=15)
