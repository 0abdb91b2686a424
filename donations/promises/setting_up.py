"""A recurring gift that will be charged online: prepared before the payment page, begun when it is set up there.

Until then it is somebody's intention: it has no dated changes, and stands in no list and no sum.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent
from core import audit, clock
from core.money import Money
from donations.models import ChangeKind, Method, RecurringGift, RecurringKind, RecurringStatus
from donations.models.recurring import RecurringQuerySet
from donations.promises import events
from donations.promises.errors import PromiseError
from donations.promises.refreshing import add_change, locked, refresh
from donations.promises.schedule import Frequency
from donations.promises.standing import facts, write_parts
from donations.services.gifts import Allocations, check_allocations, default_fund
from donations.signals import recurring_begun


@transaction.atomic
def prepare_recurring(
    *,
    donor: Constituent,
    money: Money,
    frequency: Frequency,
    by: User | None,
    allocations: Allocations | None = None,
    **details: Any,
) -> RecurringGift:
    """Write down what somebody is about to set up on the payment page.

    `details` are further fields such as campaign, appeal, and the one it replaces. Raises what a gift's funds raise.
    """
    donor = standing(donor)
    today = clock.today()
    parts = list(allocations) if allocations else [(default_fund(), money.amount)]
    check_allocations(money, parts, today)
    recurring = RecurringGift(
        donor=donor,
        kind=RecurringKind.STRIPE,
        amount=money.amount,
        currency=money.currency,
        every=frequency.every,
        unit=frequency.unit,
        day=today.day,
        starts_on=today,
        status=RecurringStatus.STARTING,
        status_reason=_("The donor is on the payment page."),
        status_since=today,
        **({"method": Method.CARD} | details),
    )
    recurring.full_clean()
    recurring.save()
    write_parts(recurring, parts)
    audit.record("recurring.prepared", recurring, by=by, new=facts(recurring), about=donor)
    return recurring


#: The giving form, as the external system of what it made; together with the form's token it is unique.
FORM = "giving-form"


def promised_id(token: UUID) -> str:
    """Return how the ids begin of what a form promised by standing order rather than online."""
    return f"{token}-promised"


def promised(token: UUID) -> RecurringQuerySet:
    """Return what a form promised by standing order."""
    return RecurringGift.objects.filter(external_system=FORM, external_id__startswith=promised_id(token))


@transaction.atomic
def begin_recurring(recurring: RecurringGift, *, on: dt.date, by: User | None = None) -> RecurringGift:
    """Let it begin on the day it was set up; one that has begun stays as it is. Also one given up for lost."""
    recurring = locked(recurring)
    if recurring.has_begun:
        return recurring
    recurring.status, recurring.status_reason = RecurringStatus.ACTIVE, ""
    recurring.starts_on = recurring.status_since = on
    recurring.day = on.day
    recurring.save(update_fields=["status", "status_reason", "status_since", "starts_on", "day"])
    add_change(recurring, ChangeKind.STARTED, on, by=by, first_due_on=on, is_expected=True)
    refresh(recurring, today=clock.today(), by=by)
    audit.record("recurring.started", recurring, by=by, new=facts(recurring), about=recurring.donor)
    events.announce_recurring(events.STARTED, recurring, key=str(recurring.pk), by=by)
    recurring_begun.send(RecurringGift, recurring=recurring, by=by)
    return recurring


@transaction.atomic
def abandon_recurring(recurring: RecurringGift, *, reason: str, by: User | None = None) -> RecurringGift:
    """Give up one that was never completed; one that has begun stays as it is. Raises PromiseError without a reason."""
    if not reason.strip():
        raise PromiseError(_("Say why."))
    recurring = locked(recurring)
    if recurring.status != RecurringStatus.STARTING:
        return recurring
    recurring.status, recurring.status_reason = RecurringStatus.ABANDONED, reason
    recurring.status_since = clock.today()
    recurring.save(update_fields=["status", "status_reason", "status_since"])
    audit.record("recurring.abandoned", recurring, by=by, reason=reason, about=recurring.donor)
    return recurring
