"""Household: people who live as one unit for mail and giving. It owns no gifts."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock

if TYPE_CHECKING:
    from constituents.models.constituent import Constituent


class HouseholdRole(models.TextChoices):
    """A person's part in the household."""

    HEAD = "head", _("Head")
    ADULT = "adult", _("Adult")
    CHILD = "child", _("Child")


class Household(models.Model):
    """People who live as one unit, with the names letters to them carry."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(
        _("name"), max_length=600, blank=True, help_text=_("Written from its members until changed.")
    )
    formal_salutation = models.CharField(_("formal salutation"), max_length=600, blank=True)
    informal_salutation = models.CharField(_("informal salutation"), max_length=600, blank=True)
    addressee = models.CharField(
        _("addressee"), max_length=600, blank=True, help_text=_("The first line of an envelope.")
    )
    name_by_hand = models.BooleanField(_("keep this name"), default=False)
    formal_salutation_by_hand = models.BooleanField(_("keep this formal salutation"), default=False)
    informal_salutation_by_hand = models.BooleanField(_("keep this informal salutation"), default=False)
    addressee_by_hand = models.BooleanField(_("keep this addressee"), default=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def address_line(self) -> str:
        """The address used first today, on one line; uses prefetched addresses."""
        today = clock.today()
        addresses = [address for address in self.addresses.all() if address.applies_on(today)]
        addresses.sort(key=lambda address: (not address.is_seasonal, not address.is_primary, address.pk))
        return str(addresses[0]) if addresses else ""

    @property
    def members(self) -> list[Constituent]:
        """Those who live here today: head first, then adults, then children."""
        order = {HouseholdRole.HEAD: 0, HouseholdRole.ADULT: 1, HouseholdRole.CHILD: 2}
        now = [membership for membership in self.memberships.all() if membership.until is None]
        now.sort(key=lambda membership: (order[HouseholdRole(membership.role)], membership.pk))
        return [membership.person for membership in now]


class HouseholdMembershipQuerySet(models.QuerySet["HouseholdMembership"]):
    """Questions about who lived where."""

    def on(self, date: dt.date) -> Self:
        """Those who lived there on a date."""
        return self.filter(Q(since__isnull=True) | Q(since__lte=date), Q(until__isnull=True) | Q(until__gte=date))

    def now(self) -> Self:
        """The open ones."""
        return self.filter(until__isnull=True)


class HouseholdMembership(models.Model):
    """A person's time in a household; the open one, without an end, is today's."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(
        "constituents.Constituent", on_delete=models.CASCADE, related_name="household_memberships"
    )
    role = models.CharField(_("role"), max_length=8, choices=HouseholdRole, default=HouseholdRole.ADULT)
    since = models.DateField(_("since"), null=True, blank=True, help_text=_("Empty: for as long as we know."))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day; empty: lives here today."))
    in_name = models.BooleanField(_("in the household's name"), default=True)
    in_formal_salutation = models.BooleanField(_("in the formal salutation"), default=True)
    in_informal_salutation = models.BooleanField(_("in the informal salutation"), default=True)

    objects = HouseholdMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("household membership")
        verbose_name_plural = _("household memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until__isnull=True),
                name="constituents_one_household_at_a_time",
                violation_error_message=_("A person belongs to one household at a time."),
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(since__lte=models.F("until")),
                name="constituents_household_dates_in_order",
                violation_error_message=_("The time in the household ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} / {self.household}"

    def holds_on(self, date: dt.date) -> bool:
        """Whether the person lives there on a date."""
        return (self.since is None or self.since <= date) and (self.until is None or date <= self.until)


class HouseholdChangeKind(models.TextChoices):
    """What happened to a household."""

    MOVE = "move", _("Moved")
    SPLIT = "split", _("Split")
    DEATH = "death", _("Death")


class HouseholdChange(models.Model):
    """A move, a split or a death: what it did to which rows, so that a mistaken one can be taken back."""

    household = models.ForeignKey(
        Household, verbose_name=_("household"), null=True, blank=True, on_delete=models.CASCADE, related_name="changes"
    )
    person = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="household_changes",
        help_text=_("Whom it happened to, where it was one person."),
    )
    kind = models.CharField(_("what happened"), max_length=8, choices=HouseholdChangeKind)
    on = models.DateField(_("on"))
    journal = models.JSONField(
        _("journal"), default=list, editable=False, encoder=DjangoJSONEncoder, help_text=_("Each row before and after.")
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("change of a household")
        verbose_name_plural = _("changes of households")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(household__isnull=False) | Q(person__isnull=False),
                name="constituents_household_change_is_about_someone",
                violation_error_message=_("A change names the household or the person."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person or self.household}"
