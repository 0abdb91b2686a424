"""What is done with every claim to HMRC alike, on Gift Aid or on small donations: one at a time, paid, withdrawn."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TypeVar, cast

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.money import Money
from core.organisation import current_organisation
from core.organisation.models import Organisation
from donations.errors import GiftAidError
from donations.models import ClaimState, HmrcClaim
from donations.models.hmrc_claim import CURRENCY

Claim = TypeVar("Claim", bound=HmrcClaim)


def one_at_a_time() -> None:
    """Let claims be gathered and sent one after the other: held until the transaction ends.

    The organisation's row is always there; that of the settings may be made by several at once.
    """
    Organisation.objects.select_for_update(of=("self",)).get(pk=current_organisation().pk)


def locked(claim: Claim) -> Claim:
    """Return the claim as it stands, held until the transaction ends."""
    one_at_a_time()
    held = type(claim)._default_manager.select_for_update(of=("self",)).get(pk=claim.pk)
    return cast("Claim", held)


def locked_draft(claim: Claim) -> Claim:
    """Return a claim that is still being gathered, held. Raises GiftAidError when it was sent or withdrawn."""
    draft = locked(claim)
    if not draft.is_draft:
        raise GiftAidError(_("%(claim)s was sent or withdrawn already.") % {"claim": draft})
    return draft


@transaction.atomic
def note_payment(claim: Claim, *, by: User | None, paid_on: dt.date, amount: Decimal, reference: str = "") -> Claim:
    """Note what HMRC paid on a claim in all, in pounds: paid, or in part when it is less than was to be expected.

    Raises GiftAidError when it was never sent, or is withdrawn.
    """
    sent = locked(claim)
    if sent.state not in (ClaimState.SUBMITTED, ClaimState.PARTLY_PAID, ClaimState.PAID):
        raise GiftAidError(_("Only a claim that was sent can be paid."))
    if not sent.submitted_on or not sent.submitted_on <= paid_on <= clock.today():
        raise GiftAidError(_("It was paid between the day it was sent and today."), "paid_on")
    old = {"state": sent.state, "paid": sent.paid_amount}
    sent.paid_on, sent.paid_amount = paid_on, amount
    whole = Money(amount, CURRENCY) >= sent.expected_money
    sent.state = ClaimState.PAID if whole else ClaimState.PARTLY_PAID
    sent.reference = reference.strip() or sent.reference
    sent.full_clean()
    sent.save()
    audit.record(f"{sent.history}.paid", sent, by=by, old=old, new={"state": sent.state, "paid": amount})
    return sent


def locked_unpaid(claim: Claim) -> Claim:
    """Return a claim that may be withdrawn, held. Raises GiftAidError once anything of it was paid."""
    unpaid = locked(claim)
    if unpaid.state not in (ClaimState.DRAFT, ClaimState.SUBMITTED):
        raise GiftAidError(_("It was paid or withdrawn already."))
    return unpaid


def mark_withdrawn(claim: HmrcClaim, *, by: User | None, reason: str) -> None:
    """Write down that a claim is withdrawn, once its gifts are free."""
    old = claim.state
    claim.state = ClaimState.WITHDRAWN
    claim.withdrawn_on = clock.today()
    claim.withdraw_reason = reason.strip()
    claim.full_clean()
    claim.save(update_fields=["state", "withdrawn_on", "withdraw_reason"])
    audit.record(
        f"{claim.history}.withdrawn", claim, by=by, old={"state": old}, new={"state": claim.state}, reason=reason
    )
