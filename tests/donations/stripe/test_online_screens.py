"""The staff screens of online giving: each opens, asks little however long it is, and does what its buttons say."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from donations.models import (
    Dispute,
    DisputeStatus,
    EventState,
    FraudWarning,
    Gift,
    GiftStatus,
    OnlinePayment,
    Payout,
    Resolution,
    StripeEvent,
)
from donations.services.books import check_books
from donations.stripe.event_words import in_words
from donations.stripe.events import handled_types
from donations.stripe.unmatched import UnmatchedError, match_gift, set_aside, take_back
from donations.stripe.unmatched import make_gift as make_a_gift
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift
from tests.factories.online import MARCH, line_facts, make_payment, make_payout

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def make_dispute(payment: OnlinePayment, *, number: int = 0) -> Dispute:
    return Dispute.objects.create(
        stripe_id=f"dp_{payment.pk}_{number}",
        payment=payment,
        amount=payment.amount,
        currency=payment.currency,
        amount_minor=payment.amount_minor,
        reason="fraudulent",
        status=DisputeStatus.NEEDS_RESPONSE,
        evidence_due_at=MARCH + dt.timedelta(days=9),
        opened_at=MARCH,
        fetched_at=MARCH,
    )


def make_event(number: int, state: str = EventState.FAILED, object_id: str = "") -> StripeEvent:
    return StripeEvent.objects.create(
        id=f"evt_{number}",
        type="payout.paid",
        object_id=object_id or f"po_{number}",
        created=MARCH,
        payload={"id": f"evt_{number}", "secret": "Zelda"},
        state=state,
        tries=1,
        error="StripeUnavailableError: no answer" if state == EventState.FAILED else "",
        received_at=clock.now(),
        handled_at=None if state == EventState.RECEIVED else clock.now(),
    )


def make_all(number: int) -> None:
    """One of everything, so that a list of it is longer."""
    gift = make_gift(amount="30.00")
    payment = make_payment(gift)
    make_payment(amount="12.00", payer_name="Nemo")
    make_dispute(payment)
    FraudWarning.objects.create(
        stripe_id=f"issfr_{payment.pk}",
        payment=payment,
        type="made_with_stolen_card",
        warned_at=MARCH,
        fetched_at=MARCH,
    )
    make_event(number)
    make_payout("29.00", [line_facts("30.00", "1.00", source_id=payment.charge_id)])


NAMES = ["online_payments", "disputes", "fraud_warnings", "stripe_events", "payouts"]


def test_each_list_asks_the_same_however_long_it_is(staff_client, assert_constant_queries) -> None:
    client, numbers = staff_client(), iter(range(100))

    def more(count: int) -> None:
        for _ in range(count):
            make_all(next(numbers))

    def look() -> None:
        for name in NAMES:
            assert client.get(reverse(f"{name}:index")).status_code == 200

    assert_constant_queries(more, look, at_most=15 * len(NAMES))


def status(client: Client, page: str) -> int:
    """Ask for a page, or for the whole of a file."""
    response = client.get(page)
    return response.status_code if response.getvalue() else 0


def test_every_page_opens_with_data_and_without(staff_client) -> None:
    client = staff_client()
    pages = [reverse("online_giving"), *(reverse(f"{name}:index") for name in NAMES)]
    assert {page: status(client, page) for page in pages} == dict.fromkeys(pages, 200)
    make_all(1)
    for model, name in zip((OnlinePayment, Dispute, FraudWarning, StripeEvent, Payout), NAMES, strict=True):
        pages += [reverse(f"{name}:inspect", args=[row.pk]) for row in model.objects.all()]
    payout = Payout.objects.get()
    pages += [reverse("deposit_lines", args=[payout.pk]), reverse("deposit_lines", args=[payout.pk]) + "?export=csv"]
    pages += [reverse("deposit_report", args=[payout.pk])]
    assert {page: status(client, page) for page in pages} == dict.fromkeys(pages, 200)


def test_a_page_of_a_payment_asks_a_fixed_number_of_questions(staff_client, assert_constant_queries) -> None:
    client, payment = staff_client(), make_payment(make_gift())
    numbers = iter(range(100))

    def more(count: int) -> None:
        for number in (next(numbers) for _ in range(count)):
            make_event(number, object_id=payment.charge_id)
            make_dispute(payment, number=number)
            make_payout("9.00", [line_facts("9.00", source_id=payment.charge_id)])

    assert_constant_queries(more, lambda: client.get(reverse("online_payments:inspect", args=[payment.pk])), at_most=25)


def test_the_deposit_says_loudly_when_it_does_not_add_up(staff_client) -> None:
    payout = make_payout("29.10", [line_facts("30.00", "1.00")])
    page = staff_client().get(reverse("payouts:inspect", args=[payout.pk])).content.decode()
    assert "does not add up: $0.10 is unexplained" in page
    assert "1 line is not on record as a gift" in page


def test_only_who_sets_it_up_reads_what_an_event_carried(staff_client) -> None:
    event = make_event(1)
    url = reverse("stripe_events:inspect", args=[event.pk])
    assert "Zelda" in staff_client("Administrator").get(url).content.decode()
    page = staff_client("Gift processor").get(url)
    assert page.status_code == 200
    assert "Zelda" not in page.content.decode()


def test_the_board_and_volunteer_coordinators_see_nothing_of_it(staff_client) -> None:
    make_all(1)
    for client in (staff_client("Board reader"), staff_client("Volunteer coordinator")):
        assert {client.get(reverse(f"{name}:index")).status_code for name in NAMES} <= {302, 403}


# Unmatched payments


def stranger(amount: str = "40.00") -> OnlinePayment:
    return make_payment(amount=amount, payer_name="Nemo")


def made(payment: OnlinePayment, **details: object) -> Gift:
    """The gift that somebody made of a payment."""
    facts = {"donor": make_person(), "allocations": [(make_fund(), payment.amount)], "by": None, "reason": ""}
    return make_a_gift(payment, **facts | details)


def test_a_payment_nobody_knows_becomes_a_gift_of_the_day_it_was_paid() -> None:
    ann, roof, payment = make_person(), make_fund("Roof"), stranger()
    gift = made(payment, donor=ann, allocations=[(roof, Decimal(40))])
    assert (gift.donor, gift.status, gift.received_on) == (ann, GiftStatus.POSTED, dt.date(2026, 3, 10))
    assert gift.fund_names == "Roof"
    assert not OnlinePayment.objects.unmatched().exists()
    assert check_books() == []
    with pytest.raises(UnmatchedError):
        made(payment)


def test_a_refund_it_has_had_is_entered_with_the_gift() -> None:
    payment = stranger()
    payment.refunds.create(
        amount=15,
        currency="USD",
        amount_minor=1500,
        reason="Made at Stripe",
        stripe_id="re_9",
        status="succeeded",
        asked_at=MARCH,
    )
    OnlinePayment.objects.filter(pk=payment.pk).update(refunded_minor=1500)
    gift = made(payment)
    gift.refresh_from_db()
    assert (gift.status, gift.refunded_amount) == (GiftStatus.PARTLY_REFUNDED, Decimal(15))
    assert check_books() == []


def test_a_payment_is_tied_to_a_gift_that_was_expected() -> None:
    fund = make_fund(is_default=True)
    promised = make_gift(amount="40.00", fund=fund, post=False)
    other = make_gift(amount="41.00", fund=fund, post=False)
    payment = stranger()
    with pytest.raises(UnmatchedError, match=r"\$41.00 is expected and \$40.00 was paid"):
        match_gift(payment, gift=other, by=None)
    assert match_gift(payment, gift=promised, by=None).gift == promised
    promised.refresh_from_db()
    assert (promised.status, promised.received_on) == (GiftStatus.POSTED, dt.date(2026, 3, 10))
    assert check_books() == []


def test_what_was_said_can_be_taken_back() -> None:
    payment = stranger()
    gift = made(payment)
    waits = take_back(payment, by=None, reason="Wrong Ann")
    gift.refresh_from_db()
    assert (waits.gift, waits.resolution, gift.status) == (None, "", GiftStatus.VOIDED)
    aside = set_aside(waits, by=None, reason="Raffle")
    assert (aside.resolution, aside.resolution_reason) == (Resolution.NOT_OURS, "Raffle")
    assert take_back(aside, by=None, reason="A gift after all") in OnlinePayment.objects.unmatched()
    assert check_books() == []


def test_a_payment_that_a_form_of_ours_asked_for_is_not_taken_back() -> None:
    with pytest.raises(UnmatchedError):
        take_back(make_payment(make_gift()), by=None, reason="No")


def test_the_queue_is_worked_off_on_the_screen(staff_client) -> None:
    make_fund("General", is_default=True)
    client, payment, ann = staff_client("Gift processor"), stranger(), make_person()
    page = client.get(reverse("online_payments:index") + "?unmatched=true").content.decode()
    assert "Nemo" in page
    url = reverse("online_payments:match", args=[payment.pk])
    assert client.post(url, {"what": "new"}).status_code == 200
    fund = make_fund("Roof")
    assert client.post(url, {"what": "new", "donor": ann.pk, "fund": fund.pk}).status_code == 302
    payment.refresh_from_db()
    assert payment.gift is not None
    assert payment.gift.posted_by is None or payment.gift.posted_by == client.user


# Words ---------------------------------------------------------------------------------------------------------------


def test_each_type_of_event_somebody_looks_at_has_words() -> None:
    assert [name for name in handled_types() if in_words(name) == name] == []


def test_a_dispute_that_is_decided_names_no_day_to_answer_by() -> None:
    dispute = make_dispute(make_payment())
    assert dispute.answer_by == dispute.evidence_due_at
    dispute.status = DisputeStatus.LOST
    assert dispute.answer_by is None
