"""Relationships: one row between two constituents, read from both sides."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from constituents.models.constituent import Kind


class RelationshipType(models.Model):
    """How two constituents can stand to each other, in the words of each side."""

    key = models.SlugField(
        _("key"), max_length=40, unique=True, null=True, blank=True, editable=False, help_text=_("Of a shipped type.")
    )
    first_is = models.CharField(
        _("the one is"), max_length=60, help_text=_("Such as “Parent”, “Employee”, “Treasurer”.")
    )
    second_is = models.CharField(
        _("the other is"), max_length=60, help_text=_("Such as “Child”, “Employer”; the same word when both are alike.")
    )
    first_kind = models.CharField(
        _("the one may be"), max_length=12, choices=Kind, blank=True, help_text=_("Empty: a person or an organisation.")
    )
    second_kind = models.CharField(
        _("the other may be"),
        max_length=12,
        choices=Kind,
        blank=True,
        help_text=_("Empty: a person or an organisation."),
    )
    is_symmetric = models.BooleanField(
        _("alike from both sides"), default=False, help_text=_("As between friends or siblings.")
    )
    is_affiliation = models.BooleanField(
        _("affiliation"),
        default=False,
        help_text=_("A person’s place at an organisation: has a title, and one of them can be the main one."),
    )
    is_active = models.BooleanField(_("offered"), default=True, help_text=_("Off: kept where it is used, not offered."))
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("relationship type")
        verbose_name_plural = _("relationship types")
        ordering = ["position", "first_is"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_symmetric=False) | Q(first_is=F("second_is"), first_kind=F("second_kind")),
                name="constituents_symmetric_type_reads_alike",
                violation_error_message=_("Alike from both sides: use the same word and the same kind for both."),
            ),
            models.CheckConstraint(
                condition=Q(is_affiliation=False) | Q(first_kind=Kind.PERSON, second_kind=Kind.ORGANISATION),
                name="constituents_affiliation_joins_person_to_organisation",
                violation_error_message=_("An affiliation is of a person with an organisation."),
            ),
            models.UniqueConstraint(
                fields=["first_is", "second_is"],
                name="constituents_relationship_type_once",
                violation_error_message=_("There is a type with these words already."),
            ),
        ]

    def __str__(self) -> str:
        return self.first_is if self.is_symmetric else f"{self.first_is} / {self.second_is}"


class RelationshipQuerySet(models.QuerySet["Relationship"]):
    """Questions about relationships."""

    def of(self, constituent_id: int) -> Self:
        """Those of one constituent, on whichever side."""
        return self.filter(Q(first=constituent_id) | Q(second=constituent_id))

    def on(self, date: dt.date) -> Self:
        """Those that hold on the date."""
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=date),
            Q(until__isnull=True) | Q(until__gte=date),
        )


class Relationship(models.Model):
    """How the first stands to the second: `Ann (first) is Parent of Bo (second)`."""

    type = models.ForeignKey(
        RelationshipType, verbose_name=_("type"), on_delete=models.PROTECT, related_name="relationships"
    )
    first = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("the one"),
        on_delete=models.CASCADE,
        related_name="relationships_as_first",
    )
    second = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("the other"),
        on_delete=models.CASCADE,
        related_name="relationships_as_second",
    )
    title = models.CharField(_("title"), max_length=120, blank=True, help_text=_("What they are there: “Treasurer”."))
    is_primary = models.BooleanField(
        _("main affiliation"), default=False, help_text=_("The organisation named beside the person; one at most.")
    )
    may_manage = models.BooleanField(
        _("acts for them on the portal"),
        default=False,
        help_text=_("The one signs in and acts for the other: a parent for a child, a treasurer for an organisation."),
    )
    since = models.DateField(_("since"), null=True, blank=True, help_text=_("Empty: for as long as we know."))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day; empty: it holds today."))
    note = models.CharField(_("note"), max_length=255, blank=True)

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("relationship")
        verbose_name_plural = _("relationships")
        ordering = ["type__position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(first=F("second")),
                name="constituents_relationship_of_two",
                violation_error_message=_("A relationship is between two different records."),
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(since__lte=F("until")),
                name="constituents_relationship_dates_in_order",
                violation_error_message=_("The relationship ends before it begins."),
            ),
            models.UniqueConstraint(
                fields=["type", "first", "second"],
                condition=Q(until__isnull=True),
                name="constituents_relationship_once",
                violation_error_message=_("This relationship is already on record."),
            ),
            models.UniqueConstraint(
                fields=["first"],
                condition=Q(is_primary=True),
                name="constituents_one_primary_affiliation",
                violation_error_message=_("Only one affiliation can be the main one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first}: {self.type.first_is} / {self.second}"
