"""A supporter looks after a gift of their own that is charged online."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from core import clock
from core.mail.models import Message
from donations.models import AskedChange, AskedState, FaultKind, RecurringGift, RecurringStatus, StripeSubscription
from donations.stripe.billing import mending
from donations.stripe.fake import acting, faults
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund
from tests.portal.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def recurring(sign_up: Callable[..., RecurringGift], hear: Callable[..., None]) -> RecurringGift:
    """A gift of 25 dollars every month, charged once."""
    begun = sign_up("25")
    hear()
    return again(begun)


@pytest.fixture
def mine(recurring: RecurringGift) -> Client:
    """Its donor, signed in."""
    user = UserFactory(email="ada@example.org")
    recurring.donor.user = user
    recurring.donor.save(update_fields=["user"])
    return client_of(user)


def again(recurring: RecurringGift) -> RecurringGift:
    return RecurringGift.objects.select_related("subscription", "donor").get(pk=recurring.pk)


def page(recurring: RecurringGift, *more: str) -> str:
    return reverse("portal_recurring_change" if more else "portal_recurring", args=[recurring.uuid, *more])


def test_the_list_and_the_page_say_what_is_charged_when_and_how_to_change_it(
    mine: Client, recurring: RecurringGift
) -> None:
    assert page(recurring) in mine.get(reverse("portal_giving")).text
    shown = mine.get(page(recurring)).text
    for words in ("Visa ···· 4242", "$25.00", "General fund", "What was charged", "Pause", "Stop my gift"):
        assert words in shown


@pytest.mark.parametrize(
    ("what", "typed", "expected"),
    [
        ("amount", {"amount": "40"}, {"amount": 40}),
        ("pause", {"until": ""}, {"status": RecurringStatus.PAUSED}),
        ("stop", {"why": "", "words": ""}, {"status": RecurringStatus.ENDED}),
        ("stop", {"why": "", "words": "Moved abroad"}, {"status_reason": "Moved abroad"}),
    ],
)
def test_each_change_asks_first_and_is_then_so(
    mine: Client, recurring: RecurringGift, what: str, typed: dict[str, str], expected: dict[str, Any]
) -> None:
    assert mine.get(page(recurring, what)).status_code == 200
    assert again(recurring).status == RecurringStatus.ACTIVE
    assert mine.post(page(recurring, what), typed).url == page(recurring)
    changed = again(recurring)
    assert {name: getattr(changed, name) for name in expected} == expected


def test_a_paused_gift_goes_on_and_moves_to_another_day_and_fund(mine: Client, recurring: RecurringGift) -> None:
    boat = make_fund("Boat")
    day = clock.today() + dt.timedelta(days=50)
    mine.post(page(recurring, "pause"), {"until": day.isoformat()})
    assert again(recurring).paused_until == day
    mine.post(page(recurring, "resume"))
    assert again(recurring).status == RecurringStatus.ACTIVE
    mine.post(page(recurring, "day"), {"on": day.isoformat()})
    assert again(recurring).next_due_on == day
    mine.post(page(recurring, "fund"), {"fund": boat.pk})
    assert again(recurring).fund_names == "Boat"


def test_another_rhythm_is_looked_over_with_its_dates_before_anything_is_asked(
    mine: Client, recurring: RecurringGift
) -> None:
    typed = {"often": "1-quarter", "amount": "", "on": (clock.today() + dt.timedelta(days=50)).isoformat()}
    assert "Every quarter: $75.00 comes to as much as now" in mine.get(page(recurring, "rhythm")).text
    review = mine.post(page(recurring, "rhythm"), typed).text
    on = clock.today() + dt.timedelta(days=50)
    for words in ("Is this right?", "$75.00", "every quarter", date_format(on, "F j, Y"), "$300.00"):
        assert words in review
    assert not AskedChange.objects.exists()
    answer = mine.post(page(recurring, "rhythm"), {**typed, "amount": "75.00", "sure": "1"}, follow=True)
    changed = again(recurring)
    assert (str(changed.frequency), changed.amount, changed.next_due_on) == ("every quarter", 75, on)
    assert f"From {date_format(on, 'F j, Y')} on it is $75.00 every quarter" in answer.text


@pytest.mark.parametrize("typed", [{"often": ""}, {"on": "2001-01-01"}, {"amount": "0"}])
def test_a_rhythm_that_cannot_be_stays_on_the_form(
    mine: Client, recurring: RecurringGift, typed: dict[str, str]
) -> None:
    on = (clock.today() + dt.timedelta(days=50)).isoformat()
    wrong = {"often": "1-year", "amount": "", "on": on, "sure": "1", **typed}
    assert mine.post(page(recurring, "rhythm"), wrong).status_code == 422
    assert not AskedChange.objects.exists()


def test_pressing_stop_twice_stops_once(mine: Client, recurring: RecurringGift) -> None:
    for _ in range(2):
        assert mine.post(page(recurring, "stop"), {"why": "", "words": ""}).url == page(recurring)
    assert AskedChange.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "0", "abc", "25.001", "25"])
def test_an_amount_that_is_none_or_changes_nothing_stays_on_the_form(
    mine: Client, recurring: RecurringGift, typed: str
) -> None:
    assert mine.post(page(recurring, "amount"), {"amount": typed}).status_code == 422
    assert again(recurring).amount == 25


def test_when_stripe_does_not_answer_the_page_says_that_we_are_asking(mine: Client, recurring: RecurringGift) -> None:
    faults.commit(FaultKind.UNREACHABLE, method="POST", path="/v1/subscriptions")
    mine.post(page(recurring, "amount"), {"amount": "40"})
    shown = mine.get(page(recurring)).text
    assert "We are still asking the payment service to charge $40.00" in shown
    assert again(recurring).amount == 25
    assert AskedChange.objects.get().state == AskedState.ASKED


def test_what_is_somebody_elses_does_not_exist(mine: Client, recurring: RecurringGift) -> None:
    RecurringGift.objects.filter(pk=recurring.pk).update(donor=make_person())
    for address in (
        page(recurring),
        page(recurring, "stop"),
        reverse("portal_recurring_card_back", args=[recurring.uuid]),
    ):
        assert mine.get(address).status_code == 404
    assert mine.post(page(recurring, "stop"), {"why": ""}).status_code == 404


def test_a_new_card_is_given_at_stripe_and_used_when_one_is_back(mine: Client, recurring: RecurringGift) -> None:
    away = mine.post(reverse("portal_recurring_card", args=[recurring.uuid]))
    assert "/demo/card/" in away.url
    acting.replace_card(recurring.subscription.customer_id)
    mine.get(reverse("portal_recurring_card_back", args=[recurring.uuid]))
    assert "4444" in mine.get(page(recurring)).text


# The link in the mail about a card that failed


@pytest.fixture
def failing(recurring: RecurringGift, hear: Callable[..., None]) -> RecurringGift:
    """The second charge was declined."""
    acting.renew(recurring.subscription.subscription_id, succeed=False, reason="insufficient_funds")
    hear()
    return again(recurring)


def test_two_taps_without_a_password_lead_to_another_card(failing: RecurringGift, client: Client) -> None:
    link = reverse("mend_recurring", args=[mending.token_of(failing)])
    shown = client.get(link).text
    assert "There was not enough money on the account." in shown
    assert failing.donor.family_name not in shown
    assert "/demo/card/" in client.post(link).url
    acting.replace_card(failing.subscription.customer_id)
    assert "4444" in client.get(f"{link}back/").text
    assert StripeSubscription.objects.get().last4 == "4444"


def test_what_is_open_is_charged_now_from_the_portal_and_from_the_mail(
    mine: Client, failing: RecurringGift, client: Client
) -> None:
    assert "Charge it now" in mine.get(page(failing)).text
    link = reverse("mend_recurring", args=[mending.token_of(failing)])
    client.post(link)
    acting.replace_card(failing.subscription.customer_id, last4="0002")
    assert "$25.00 is still open" in client.get(f"{link}back/").text
    declined = client.post(f"{link}charge/", follow=True).text
    assert "It did not go through. The bank declined the payment" in declined
    acting.replace_card(failing.subscription.customer_id)
    client.get(f"{link}back/")
    paid = mine.post(reverse("portal_recurring_charge", args=[failing.uuid]), follow=True).text
    assert "Thank you! $25.00 was charged." in paid
    assert "Charge it now" not in paid
    assert again(failing).status == RecurringStatus.ACTIVE


def test_a_payment_the_bank_wants_approved_is_approved_on_its_page(
    mine: Client, recurring: RecurringGift, hear: Callable[..., None]
) -> None:
    acting.renew(recurring.subscription.subscription_id, needs_approval=True)
    hear()
    shown = mine.get(page(recurring)).text
    assert "Approve this payment with your bank" in shown
    address = again(recurring).subscription.failures.get().invoice_url.removeprefix(settings.BASE_URL)
    assert "Your bank asks" in mine.get(address).text
    assert mine.post(address, {"refuse": "1"}).url == page(recurring)
    mine.post(address, {"approve": "1"})
    hear()
    assert (again(recurring).status, again(recurring).gifts.count()) == (RecurringStatus.ACTIVE, 2)


def test_until_when_it_is_paused_may_change_and_is_confirmed(mine: Client, recurring: RecurringGift) -> None:
    days = [clock.today() + dt.timedelta(days=number) for number in (40, 60)]
    for day in days:
        mine.post(page(recurring, "pause"), {"until": day.isoformat()})
    assert again(recurring).paused_until == days[1]
    letters = Message.objects.filter(template="recurring_changed").order_by("pk")
    assert [date_format(day, "F j, Y") in letter.text for day, letter in zip(days, letters, strict=True)] == [
        True,
        True,
    ]


def test_what_stripe_gave_up_is_set_up_again_by_the_same_link(
    failing: RecurringGift,
    client: Client,
    mine: Client,
    hear: Callable[..., None],
) -> None:
    invoice = failing.subscription.failures.get().invoice_id
    for _ in range(3):
        acting.retry(invoice, succeed=False)
    hear()
    assert "/account/giving/mend/" in mine.get(page(failing)).text
    link = reverse("mend_recurring", args=[mending.token_of(failing)])
    assert "Set your gift up again" in client.get(link).text
    away = client.post(link).url
    assert client.post(link).url == away, "one page, however often it is pressed"
    acting.pay(away.rstrip("/").rpartition("/")[2], "pay")
    assert "Your gift goes on" in client.get(f"{link}back/").text
    new = RecurringGift.objects.get(status=RecurringStatus.ACTIVE)
    assert (new.donor, new.replaces) == (failing.donor, failing)
    later = client.get(link).text
    assert "There is nothing left to do" in later
    assert "/demo/pay/" not in client.post(link, follow=True).redirect_chain


def test_a_link_that_is_none_says_so_and_shows_nothing(client: Client) -> None:
    answer = client.get(reverse("mend_recurring", args=["forged:abc:def"]))
    assert answer.status_code == 404
    assert "Sign in" in answer.text
    assert not mail.outbox
