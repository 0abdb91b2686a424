"""The API itself: what a request must be, keys, pages, faults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from core import clock
from donations.models import FakeFault, FaultKind
from donations.stripe.fake import faults
from donations.stripe.fake.client import FakeStripe

Open = Callable[..., Any]


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"payment_method_types": ["card"]}, "payment_method_types", "parameter_unknown"),
        ({"mode": "gift"}, "mode", None),
        ({"expires_at": "tomorrow"}, "expires_at", None),
        (
            {"line_items": [{"price_data": {"currency": "eur"}, "amount": 5}]},
            "line_items[0][amount]",
            "parameter_unknown",
        ),
        ({"metadata": {"note": "x" * 501}}, "metadata[note]", None),
        ({"customer": "cus_nobody"}, "customer", "resource_missing"),
        ({"success_url": "give/thanks"}, "success_url", "url_invalid"),
        ({"subscription_data": {"description": "x"}}, "subscription_data", None),
    ],
)
def test_a_request_stripe_would_refuse_is_refused(
    open_session: Open, change: dict[str, Any], param: str, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        open_session(**change)
    assert refused.value.param == param
    assert refused.value.code == code


def test_too_little_is_refused(open_session: Open) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        open_session(49)
    assert refused.value.code == "amount_too_small"


def test_the_same_key_gets_the_same_answer_and_another_request_with_it_is_refused(api: stripe.StripeClient) -> None:
    first = api.v1.customers.create({"email": "ada@example.org"}, {"idempotency_key": "donor-1"})
    again = api.v1.customers.create({"email": "ada@example.org"}, {"idempotency_key": "donor-1"})
    assert again.id == first.id
    with pytest.raises(stripe.IdempotencyError):
        api.v1.customers.create({"email": "other@example.org"}, {"idempotency_key": "donor-1"})
    assert len(api.v1.customers.list().data) == 1


def test_a_refused_request_leaves_its_key_free(api: stripe.StripeClient) -> None:
    options: Any = {"idempotency_key": "donor-1"}
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.customers.create({"nickname": "Ada"}, options)  # type: ignore[typeddict-unknown-key]
    assert api.v1.customers.create({"name": "Ada"}, options).name == "Ada"


def test_lists_come_newest_first_in_pages(api: stripe.StripeClient) -> None:
    made = [api.v1.customers.create({"email": f"{number}@example.org"}).id for number in range(5)]
    page = api.v1.customers.list({"limit": 2})
    assert [customer.id for customer in page.data] == [made[4], made[3]]
    assert page.has_more
    assert [customer.id for customer in page.auto_paging_iter()] == made[::-1]
    before = api.v1.customers.list({"limit": 2, "ending_before": made[1]})
    assert [customer.id for customer in before.data] == [made[3], made[2]]


def test_only_what_the_sdk_knows_as_expandable_expands(api: stripe.StripeClient, open_session: Open) -> None:
    session = open_session(expand=["line_items"])
    assert session.line_items.data[0].amount_total == 2500
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        api.v1.checkout.sessions.retrieve(session.id, {"expand": ["currency"]})


def test_metadata_merges_and_an_empty_text_takes_away(api: stripe.StripeClient) -> None:
    customer = api.v1.customers.create({"metadata": {"a": "1", "b": "2"}})
    changed = api.v1.customers.update(customer.id, {"metadata": {"b": "", "c": "3"}})
    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"a": "1", "c": "3"}


def test_a_live_key_is_refused(db: None) -> None:
    live = stripe.StripeClient("sk_live_x", http_client=FakeStripe())
    with pytest.raises(stripe.AuthenticationError):
        live.v1.customers.list()


def test_nobody_has_the_id(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.v1.charges.retrieve("ch_nothing")
    assert (refused.value.code, refused.value.http_status) == ("resource_missing", 404)


@pytest.mark.parametrize(
    ("kind", "error", "acted"),
    [
        (FaultKind.TIMEOUT, stripe.APIConnectionError, True),
        (FaultKind.UNREACHABLE, stripe.APIConnectionError, False),
        (FaultKind.HANG, stripe.APIConnectionError, False),
        (FaultKind.RATE_LIMIT, stripe.RateLimitError, False),
    ],
)
def test_a_fault_happens_once_and_the_same_key_brings_the_truth(
    api: stripe.StripeClient, kind: FaultKind, error: type[Exception], acted: bool
) -> None:
    faults.commit(kind, path="/v1/customers", method="POST")
    with pytest.raises(error):
        api.v1.customers.create({"email": "ada@example.org"}, {"idempotency_key": "donor-1"})
    assert len(api.v1.customers.list().data) == acted
    again = api.v1.customers.create({"email": "ada@example.org"}, {"idempotency_key": "donor-1"})
    assert [customer.id for customer in api.v1.customers.list().data] == [again.id]
    assert not FakeFault.objects.exists()


@pytest.mark.parametrize(("kind", "acted"), [(FaultKind.SERVER_ERROR, False), (FaultKind.BROKEN, True)])
def test_a_failure_of_stripes_own_is_what_its_key_answers_for_a_day(
    api: stripe.StripeClient, kind: FaultKind, acted: bool, time_machine: Any
) -> None:
    faults.commit(kind, path="/v1/customers", method="POST")
    for hours in (0, 1, 22):
        time_machine.move_to(clock.now() + dt.timedelta(hours=hours))
        with pytest.raises(stripe.APIError):
            api.v1.customers.create({"email": "ada@example.org"}, {"idempotency_key": "donor-1"})
        assert len(api.v1.customers.list().data) == acted
    assert api.v1.customers.create({"email": "ada@example.org"}, {"idempotency_key": "donor-2"})
    time_machine.move_to(clock.now() + dt.timedelta(hours=2))
    assert api.v1.customers.create({"email": "ada@example.org"}, {"idempotency_key": "donor-1"})


def test_a_slow_answer_is_no_answer_when_the_client_waits_less(db: None) -> None:
    hasty = stripe.StripeClient("sk_test_demo", http_client=FakeStripe(timeout=0.001))
    faults.commit(FaultKind.SLOW, seconds=60)
    with pytest.raises(stripe.APIConnectionError):
        hasty.v1.customers.list()
