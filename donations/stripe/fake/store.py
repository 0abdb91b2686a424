"""The double's objects: kept as rows, handled as the plain dicts the API would return."""

from __future__ import annotations

import secrets
import string
from typing import Any

from core.clock import now
from donations.models.demo_stripe import FakeAccount, FakeObject
from donations.stripe.fake import pasts
from donations.stripe.fake.problems import missing
from donations.stripe.fake.unused import unused

Thing = dict[str, Any]

PREFIXES = {
    "balance_transaction": "txn_",
    "billing_portal.session": "bps_",
    "charge": "ch_",
    "checkout.session": "cs_test_",
    "customer": "cus_",
    "dispute": "du_",
    "event": "evt_",
    "invoice": "in_",
    "invoice_payment": "inpay_",
    "item": "li_",
    "line_item": "il_",
    "payment_intent": "pi_",
    "payment_method": "pm_",
    "payout": "po_",
    "price": "price_",
    "product": "prod_",
    "radar.early_fraud_warning": "issfr_",
    "refund": "re_",
    "setup_intent": "seti_",
    "subscription": "sub_",
    "subscription_item": "si_",
}
# Parts of others, which say nothing of when they were made.
UNDATED = ("item", "line_item")
LETTERS = string.ascii_letters + string.digits


def instant() -> int:
    """Return this second as Stripe counts it, by Steward's own clock; in the past that is made up, its moment."""
    past = pasts.current()
    return int(now().timestamp()) if past is None else past.at


def new_id(kind: str) -> str:
    """Return a fresh id of a kind."""
    past = pasts.current()
    if past is not None and kind in past.names:
        return past.names.pop(kind)
    return PREFIXES[kind] + "".join(secrets.choice(LETTERS) for _ in range(24))


def lock() -> None:
    """Let one change happen at a time, to the end of the transaction."""
    FakeAccount.objects.select_for_update().get_or_create(pk=1)


def add(kind: str, fields: Thing) -> Thing:
    """Store a new object and return it, with id, instant and what nobody here reads."""
    created = fields.get("created", instant())
    dated = {} if kind in UNDATED else {"created": created}
    thing = {"id": new_id(kind), "object": kind, **dated, **unused(kind), **fields}
    if (past := pasts.current()) is not None:
        return past.keep(thing, is_new=True)
    FakeObject.objects.create(stripe_id=thing["id"], kind=kind, created=created, data=thing)
    return thing


def save(thing: Thing) -> Thing:
    """Write an object as it is now."""
    if (past := pasts.current()) is not None:
        return past.keep(thing)
    FakeObject.objects.filter(stripe_id=thing["id"]).update(data=thing)
    return thing


def get(kind: str, stripe_id: str, *, param: str = "id") -> Thing:
    """Return an object; raise ApiError when nobody has the id."""
    past = pasts.current()
    if past is not None and (kept := past.things.get(stripe_id)) is not None:
        return kept
    row = FakeObject.objects.filter(kind=kind, stripe_id=stripe_id).first()
    if row is None:
        raise missing(kind, stripe_id, param=param)
    return row.data


def peek(stripe_id: str) -> Thing | None:
    """Return whatever has the id."""
    row = FakeObject.objects.filter(stripe_id=stripe_id).first()
    return None if row is None else row.data


def find(kind: str, **fields: Any) -> list[Thing]:
    """Return the objects whose fields hold these values, newest first; `a__b` reaches into `a`."""
    if (past := pasts.current()) is not None:
        return past.find(kind, fields)
    lookup = {f"data__{name}": value for name, value in fields.items()}
    return [row.data for row in FakeObject.objects.filter(kind=kind, **lookup)]


def all_of(ids: set[str]) -> list[Thing]:
    """Return whatever has these ids, in one query."""
    return [row.data for row in FakeObject.objects.filter(stripe_id__in=ids).order_by("pk")]
