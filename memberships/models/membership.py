"""Membership: one party's belonging, the people its plan names, and the facts that beat its dates."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent, Household
from core import clock
from memberships.models.term import Term
from memberships.status import MEMBER_STATUSES, Status, status_in_sql, status_of

if TYPE_CHECKING:
    from memberships.models.level import Level


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about memberships, with names from the field."""

    def with_status(self, date: dt.date | None = None) -> Self:
        """Annotate `status` on a date, today when none is named."""
        expression = status_in_sql(date or clock.today(), terms=Term.objects.all(), standings=Standing.objects.all())
        return self.annotate(status=expression)

    def in_status(self, *statuses: str, date: dt.date | None = None) -> Self:
        """Only those in one of the statuses on a date, today when none is named; annotates `status`."""
        return self.with_status(date).filter(status__in=statuses)

    def members(self, date: dt.date | None = None) -> Self:
        """Only those with the benefits of membership on a date, grace included."""
        return self.in_status(*MEMBER_STATUSES, date=date)

    def with_end(self) -> Self:
        """Annotate `ends_on`, the last day of the latest term: empty for life, and when there was never a term."""
        latest = Term.objects.real().filter(membership=OuterRef("pk")).order_by("-starts_on").values("ends_on")[:1]
        return self.annotate(ends_on=Subquery(latest))

    def for_list(self) -> Self:
        """With what a list shows beside each membership, in a constant number of queries."""
        return self.select_related("constituent", "household", "level").with_status().with_end()

    def of(self, constituent: Constituent) -> Self:
        """Memberships a constituent holds or is named on today."""
        named = MembershipPerson.objects.now().filter(membership=OuterRef("pk"), person=constituent)
        return self.filter(Q(constituent=constituent) | Exists(named))


class Membership(models.Model):
    """A person's, a household's or an organisation's belonging. Its status is asked for a date, never stored."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(
        _("member number"), max_length=40, unique=True, help_text=_("Given once; never used again for anyone else.")
    )
    constituent = models.OneToOneField(
        Constituent,
        verbose_name=_("member"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="membership",
    )
    household = models.OneToOneField(
        Household,
        verbose_name=_("household"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="membership",
    )
    payer = models.ForeignKey(
        Constituent,
        verbose_name=_("payer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships_paid",
        help_text=_("Who gets the bill. Empty: the member."),
    )
    next_level = models.ForeignKey(
        "memberships.Level",
        verbose_name=_("level at the next renewal"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    note = models.TextField(_("note"), blank=True)
    card_series = models.PositiveSmallIntegerField(_("series of cards"), default=1, editable=False)

    # Written by the services from the terms, for lists; `services.upkeep.refresh` makes them anew.
    level = models.ForeignKey(
        "memberships.Level",
        verbose_name=_("level"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    member_since = models.DateField(_("member since"), null=True, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    # What `with_status()` and `with_end()` annotate; a membership read without them has neither.
    status: str
    ends_on: dt.date | None

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(constituent__isnull=False, household__isnull=True)
                | Q(constituent__isnull=True, household__isnull=False),
                name="memberships_exactly_one_holder",
                violation_error_message=_("A membership belongs to one person, household or organisation."),
            ),
            models.CheckConstraint(
                condition=Q(constituent__isnull=False) | Q(payer__isnull=False),
                name="memberships_household_has_a_payer",
                violation_error_message=_("Name the person of the household who gets the bill."),
            ),
            models.CheckConstraint(
                condition=~Q(number=""),
                name="memberships_number_not_empty",
                violation_error_message=_("A membership has a number."),
            ),
        ]
        permissions = [
            ("export_membership", _("Can export memberships")),
            ("join_membership", _("Can join, renew and change members")),
            ("cancel_membership", _("Can cancel and suspend memberships")),
        ]

    def __str__(self) -> str:
        return f"{self.holder} ({self.number})"

    @property
    def holder(self) -> Constituent | Household:
        """Whose membership it is."""
        return self.constituent or self.household  # type: ignore[return-value]

    @property
    def bill_to(self) -> Constituent:
        """Who pays: the named payer, or the member."""
        return self.payer or self.constituent  # type: ignore[return-value]

    def status_on(self, date: dt.date) -> Status:
        """Return the status on a date; uses prefetched terms and standings when there are any."""
        return status_of(date, holder=self.constituent, terms=self.terms.all(), standings=self.standings.all())

    def is_member_on(self, date: dt.date) -> bool:
        """Whether it has the benefits of membership on a date."""
        return self.status_on(date) in MEMBER_STATUSES

    @property
    def latest_term(self) -> Term | None:
        """The term that ends last, begun or not; uses prefetched terms when there are any."""
        real = [term for term in self.terms.all() if term.is_real]
        return max(real, key=lambda term: term.starts_on, default=None)

    @property
    def renews_as(self) -> Level | None:
        """The level the next term will be of."""
        if self.next_level is not None:
            return self.next_level
        return self.level.successor or self.level if self.level else None


class PersonQuerySet(models.QuerySet["MembershipPerson"]):
    """Questions about the people of plans."""

    def on(self, date: dt.date) -> Self:
        """People named on a date."""
        return self.filter(since__lte=date).filter(Q(until__isnull=True) | Q(until__gte=date))

    def now(self) -> Self:
        """People named today."""
        return self.on(clock.today())


class MembershipPerson(models.Model):
    """A person's time on the plan of a household, an organisation or another person."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey(Constituent, on_delete=models.PROTECT, related_name="named_on")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day."))
    reason = models.CharField(_("reason"), max_length=255, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person on a plan")
        verbose_name_plural = _("people on plans")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "person"],
                condition=Q(until__isnull=True),
                name="memberships_person_once_a_plan",
                violation_error_message=_("This person is on the plan already."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="memberships_person_dates_in_order",
                violation_error_message=_("The person leaves the plan before joining it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} / {self.membership}"


class Fact(models.TextChoices):
    """A dated fact about a membership that beats its dates."""

    CANCELLED = Status.CANCELLED.value, _("Cancelled")
    SUSPENDED = Status.SUSPENDED.value, _("Suspended")
    HONORARY = Status.HONORARY.value, _("Honorary")


class StandingQuerySet(models.QuerySet["Standing"]):
    """Questions about facts."""

    def on(self, date: dt.date) -> Self:
        """Facts that hold on a date."""
        return self.filter(since__lte=date).filter(Q(until__isnull=True) | Q(until__gte=date))


class Standing(models.Model):
    """A fact that holds from a day on, until another if it ever ends: cancelled, suspended or honorary.

    One that was lifted before its first day holds on no day.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="standings")
    kind = models.CharField(_("fact"), max_length=10, choices=Fact)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day; empty: until changed."))
    reason = models.CharField(_("reason"), max_length=255, blank=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact about a membership")
        verbose_name_plural = _("facts about memberships")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "kind"],
                condition=Q(until__isnull=True),
                name="memberships_one_open_fact_a_kind",
                violation_error_message=_("This is on record already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.since}"

    def holds_on(self, date: dt.date) -> bool:
        """Whether it holds on a date."""
        return self.since <= date and (self.until is None or date <= self.until)
