"""People found by their donor level, and by when they reached it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from constituents.segments.families import DateCriterion, OptionsCriterion
from constituents.segments.registry import register_criterion
from donations.models import DonorLevel, DonorStanding


def register() -> None:
    """Offer both."""
    register_criterion(
        OptionsCriterion(
            key="giving.level",
            label=_("Donor level"),
            group=_("Giving"),
            permission="donations.view_giving",
            column="level",
            rows=_on_a_level,
            choices=_levels,
            says=_("are on the donor level %(value)s"),
            says_not=_("are not on the donor level %(value)s"),
        ),
        DateCriterion(
            key="giving.level_reached",
            label=_("Donor level reached"),
            group=_("Giving"),
            permission="donations.view_giving",
            column="reached_on",
            rows=_on_a_level,
            did=_("reached their donor level"),
        ),
    )


def _on_a_level() -> QuerySet[DonorStanding]:
    return DonorStanding.objects.filter(level__isnull=False).order_by()


def _levels() -> list[tuple[int, str]]:
    return [(level.pk, f"{level.name} ({level.ladder})") for level in DonorLevel.objects.select_related("ladder")]
