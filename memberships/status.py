"""What a membership is on a date: one definition, in Python over a membership's rows and in SQL over all.

A fact beats a date. The facts in their order: the holder has died, the membership is cancelled, suspended, honorary.
Then the dates: before the first term it is pending; inside a term due (from the day renewal opens, unless a later term
is there), new (for a while after joining) or current; after it grace, then lapsed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from constituents.models import Constituent
    from memberships.models.membership import Standing
    from memberships.models.term import Term


class Status(models.TextChoices):
    """Where a membership stands on a date."""

    PENDING = "pending", _("Pending")
    NEW = "new", _("New")
    CURRENT = "current", _("Current")
    DUE = "due", _("Due for renewal")
    GRACE = "grace", _("In grace")
    LAPSED = "lapsed", _("Lapsed")
    CANCELLED = "cancelled", _("Cancelled")
    SUSPENDED = "suspended", _("Suspended")
    DECEASED = "deceased", _("Deceased")
    HONORARY = "honorary", _("Honorary")


# Has the benefits of membership.
MEMBER_STATUSES = (Status.NEW, Status.CURRENT, Status.DUE, Status.GRACE, Status.HONORARY)
# Counts as belonging in the movement table: a suspended member has not left.
BELONGING = (*MEMBER_STATUSES, Status.SUSPENDED)
# What comes before any date, the strongest first.
FACTS = (Status.CANCELLED, Status.SUSPENDED, Status.HONORARY)


def status_of(
    date: dt.date, *, holder: Constituent | None, terms: Iterable[Term], standings: Iterable[Standing]
) -> Status:
    """Return the status on a date from a membership's rows; `holder` is None for a household."""
    if holder is not None and holder.is_deceased and (holder.deceased_on is None or holder.deceased_on <= date):
        return Status.DECEASED
    facts = {standing.kind for standing in standings if standing.holds_on(date)}
    for fact in FACTS:
        if fact in facts:
            return fact
    real = [term for term in terms if term.is_real]
    begun = [term for term in real if term.starts_on <= date]
    if not begun:
        return Status.PENDING
    covering = next((term for term in begun if term.covers(date)), None)
    if covering is not None:
        renewed = any(term.starts_on > date for term in real)
        if covering.due_from is not None and covering.due_from <= date and not renewed:
            return Status.DUE
        if covering.new_until is not None and date <= covering.new_until:
            return Status.NEW
        return Status.CURRENT
    if any(term.grace_until is not None and date <= term.grace_until for term in begun):
        return Status.GRACE
    return Status.LAPSED


def status_in_sql(date: dt.date, *, terms: models.QuerySet[Term], standings: models.QuerySet[Standing]) -> Case:
    """Return the same as an expression over Membership."""
    terms = terms.filter(membership=OuterRef("pk")).order_by()
    standings = standings.on(date).filter(membership=OuterRef("pk")).order_by()  # type: ignore[attr-defined]
    covering = terms.covering(date)  # type: ignore[attr-defined]
    later = terms.real().filter(starts_on__gt=date)  # type: ignore[attr-defined]
    died = Q(constituent__deceased_on__isnull=True) | Q(constituent__deceased_on__lte=date)
    return Case(
        When(Q(constituent__is_deceased=True) & died, then=Value(Status.DECEASED)),
        *(When(Exists(standings.filter(kind=fact)), then=Value(fact)) for fact in FACTS),
        When(~Exists(terms.begun(date)), then=Value(Status.PENDING)),  # type: ignore[attr-defined]
        When(Q(Exists(covering.filter(due_from__lte=date))) & ~Exists(later), then=Value(Status.DUE)),
        When(Exists(covering.filter(new_until__gte=date)), then=Value(Status.NEW)),
        When(Exists(covering), then=Value(Status.CURRENT)),
        When(Exists(terms.begun(date).filter(grace_until__gte=date)), then=Value(Status.GRACE)),  # type: ignore[attr-defined]
        default=Value(Status.LAPSED),
        output_field=models.CharField(max_length=10),
    )
