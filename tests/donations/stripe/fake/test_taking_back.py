"""Money that goes back, and money that goes to the bank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donations.models import FakeObject
from donations.stripe.fake import acting
from donations.stripe.fake.acting import Outcome
from donations.stripe.fake.events import public
from tests.donations.stripe.fake.shapes import faults_of

Open = Callable[..., Any]


@pytest.fixture
def intent_id(open_session: Open) -> str:
    """A card payment of 25.00 EUR."""
    return acting.pay(open_session().id, Outcome.PAY)["payment_intent"]


def test_refunds_never_exceed_the_charge(api: stripe.StripeClient, intent_id: str) -> None:
    for key in ("a", "b"):
        api.v1.refunds.create({"payment_intent": intent_id, "amount": 1000}, {"idempotency_key": key})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        api.v1.refunds.create({"payment_intent": intent_id, "amount": 501})
    api.v1.refunds.create({"payment_intent": intent_id})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.v1.refunds.create({"payment_intent": intent_id})
    assert refused.value.code == "charge_already_refunded"
    charge = api.v1.charges.list({"payment_intent": intent_id}).data[0]
    assert (charge.refunded, charge.amount_refunded) == (True, 2500)
    assert [refund.amount for refund in api.v1.refunds.list({"charge": charge.id}).data] == [500, 1000, 1000]


def test_a_refund_that_comes_back_is_ours_again(api: stripe.StripeClient, intent_id: str) -> None:
    refund = acting.refund_at_stripe(intent_id)
    acting.fail_refund(refund["id"])
    assert api.v1.refunds.retrieve(refund["id"]).status == "failed"
    charge = api.v1.charges.list({"payment_intent": intent_id}).data[0]
    assert (charge.refunded, charge.amount_refunded) == (False, 0)


def test_a_dispute_takes_the_money_and_winning_brings_it_back(api: stripe.StripeClient, intent_id: str) -> None:
    dispute = acting.dispute(intent_id)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.v1.refunds.create({"payment_intent": intent_id})
    assert refused.value.code == "charge_disputed"
    acting.close_dispute(dispute["id"], won=True)
    found = api.v1.disputes.retrieve(dispute["id"])
    assert found.status == "won"
    assert [(part.amount, part.fee) for part in found.balance_transactions] == [(-2500, 1500), (2500, 0)]


def test_a_debit_that_came_is_taken_back_for_good(api: stripe.StripeClient, open_session: Open) -> None:
    intent_id = acting.pay(open_session().id, Outcome.BANK_DEBIT)["payment_intent"]
    acting.settle_debit(intent_id)
    assert acting.dispute(intent_id)["status"] == "lost"


def test_a_payout_is_the_sum_of_its_parts(api: stripe.StripeClient, open_session: Open, intent_id: str) -> None:
    acting.pay(open_session(4000).id, Outcome.PAY)
    acting.book_fees()
    acting.refund_at_stripe(intent_id, amount=500)
    payout = acting.payout("eur")
    parts = api.v1.balance_transactions.list({"payout": payout["id"]}).data
    assert sum(part.net for part in parts) == 0, "its own line takes away what the others brought"
    assert sorted(part.type for part in parts) == ["charge", "charge", "payout", "refund"]
    assert payout["amount"] == sum(part.net for part in parts if part.type != "payout") == 2500 + 4000 - 500 - 63 - 85
    assert api.v1.payouts.retrieve(payout["id"]).status == "paid"


def test_every_object_has_the_shape_of_the_pinned_sdk(open_session: Open, intent_id: str) -> None:
    acting.warn(intent_id)
    acting.fail_refund(acting.refund_at_stripe(intent_id, amount=500)["id"])
    acting.close_dispute(acting.dispute(intent_id)["id"], won=True)
    debit = acting.pay(open_session().id, Outcome.BANK_DEBIT)["payment_intent"]
    acting.settle_debit(debit)
    acting.settle_refund(acting.refund_at_stripe(debit, amount=500)["id"])
    acting.fail_payout(acting.payout()["id"])
    faults = {fault for row in FakeObject.objects.all() for fault in faults_of(public(row.data))}
    assert not faults, "\n".join(sorted(faults))
