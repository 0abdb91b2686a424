"""A charge failed: written down once an attempt, and the donor told of it once, with a link that needs no password.

Stripe tries again by its own schedule; nothing here charges anybody.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from constituents.models import FollowUpKind
from constituents.work.follow_ups import add_follow_up
from constituents.work.responsible import responsible_for
from core import audit, clock
from core.mail import send
from core.money import Money
from donations.models import FailedCharge, RecurringStatus, StripeSubscription
from donations.promises.events import announce_failure
from donations.stripe.billing import mending, reasons, telling


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to charge an invoice that failed, as Stripe says."""

    invoice: str
    number: int
    money: Money
    code: str
    needs_approval: bool
    url: str
    next_at: dt.datetime | None


@transaction.atomic
def note(subscription: StripeSubscription, attempt: Attempt) -> FailedCharge | None:
    """Write an attempt down and tell the donor; None when it, or a later one, is on record.

    What is told is what is known now: of two attempts that come to light at once, the later.
    """
    subscription = StripeSubscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
    of_invoice = FailedCharge.objects.filter(invoice_id=attempt.invoice)
    if of_invoice.filter(attempt__gte=attempt.number).exists():
        # A try by hand is counted by nobody; what its bank said is what is known of the invoice now.
        of_invoice.filter(attempt=attempt.number).update(
            next_attempt_at=attempt.next_at,
            invoice_url=attempt.url,
            code=attempt.code[:60],
            needs_approval=attempt.needs_approval,
        )
        return None
    now = clock.now()
    failure = FailedCharge.objects.create(
        subscription=subscription,
        invoice_id=attempt.invoice,
        attempt=attempt.number,
        amount=attempt.money.amount,
        currency=attempt.money.currency,
        code=attempt.code[:60],
        needs_approval=attempt.needs_approval,
        invoice_url=attempt.url,
        failed_at=now,
        next_attempt_at=attempt.next_at,
    )
    recurring = subscription.recurring
    audit.record(
        "recurring.charge_failed",
        recurring,
        by=None,
        new={"amount": str(attempt.money), "attempt": attempt.number, "code": attempt.code},
        reason=reasons.of(failure),
        about=recurring.donor,
    )
    announce_failure(failure)
    _tell(failure)
    return failure


def settle(invoice_id: str) -> None:
    """Note that nothing is open of an invoice any more: paid, void, or given up."""
    FailedCharge.objects.open().filter(invoice_id=invoice_id).update(settled_at=clock.now())


def _tell(failure: FailedCharge) -> None:
    """Write to the donor: why, when it is tried again, and the way to put it right."""
    recurring = failure.subscription.recurring
    donor = recurring.donor
    if recurring.status == RecurringStatus.ENDED or donor.is_deceased or not donor.primary_email:
        return
    language = telling.language_of(recurring)
    with translation.override(language) if language else translation.override(translation.get_language()):
        reason = reasons.of(failure)
    send(
        to=donor.primary_email,
        template="recurring_failed",
        context={
            "name": donor.informal_name,
            "recurring": recurring,
            "failure": failure,
            "reason": reason,
            "subscription": failure.subscription,
            "next_on": clock.local_date(failure.next_attempt_at) if failure.next_attempt_at is not None else None,
            "url": mending.link(recurring),
            "lasts": mending.LASTS.days,
        },
        about=donor,
        language=language,
    )
    failure.told_at = clock.now()
    failure.save(update_fields=["told_at"])


@transaction.atomic
def hand_to_staff(subscription: StripeSubscription, *, invoice: str, why: str) -> None:
    """Ask whoever is responsible to look at an invoice that Stripe could not make: no donor can mend that. Once."""
    subscription = StripeSubscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
    recurring = subscription.recurring
    if FailedCharge.objects.filter(invoice_id=invoice, attempt=0).exists():
        return
    FailedCharge.objects.create(
        subscription=subscription,
        invoice_id=invoice,
        attempt=0,
        amount=recurring.amount,
        currency=recurring.currency,
        code="finalization_failed",
        failed_at=clock.now(),
    )
    audit.record(
        "recurring.charge_failed", recurring, by=None, new={"invoice": invoice}, reason=why, about=recurring.donor
    )  # fmt: skip
    add_follow_up(
        constituent=recurring.donor,
        subject=_("Stripe could not make the invoice of a recurring gift"),
        note=why[:500],
        due_on=clock.today(),
        kind=FollowUpKind.TASK,
        owner=responsible_for(recurring.donor),
        by=None,
    )
