"""What letters to the household say after two people of different households turn out to be one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from constituents.merging.households import HOUSEHOLD
from constituents.merging.plan import KEPT, MERGED, MergePlan, snapshot
from constituents.models import Address, Constituent, Household, HouseholdMembership

# What of the other household can be picked for the one that stays.
WORDS = {
    "name": _("household name"),
    "formal_salutation": _("formal salutation"),
    "informal_salutation": _("informal salutation"),
    "addressee": _("addressee"),
}
ADDRESS = "household.address"


def word_name(part: str) -> str:
    """Return the name under which a part of the household's names is picked."""
    return f"household.{part}"


def households_of(kept: Constituent, merged: Constituent) -> tuple[Household | None, Household | None]:
    """Return the households the two live in today."""
    rows = HouseholdMembership.objects.filter(person__in=[kept, merged], until__isnull=True)
    homes = {row.person_id: row.household for row in rows.select_related("household")}
    return homes.get(kept.pk), homes.get(merged.pk)


def plan_household_words(plan: MergePlan) -> None:
    """Write names, salutations and address of the household that is left to the one that stays, where picked."""
    mine, theirs = households_of(plan.kept, plan.merged)
    if mine is None or theirs is None or mine.pk == theirs.pk:
        return
    side = plan.picked(HOUSEHOLD)
    stays, left = (theirs, mine) if side == MERGED else (mine, theirs)
    other = KEPT if side == MERGED else MERGED
    for part in WORDS:
        if plan.picked(word_name(part), side) == other:
            plan.change(stays, **{part: getattr(left, part), f"{part}_by_hand": True})
    if plan.picked(ADDRESS, side) == other:
        _take_address(plan, stays, left)


def _take_address(plan: MergePlan, stays: Household, left: Household) -> None:
    new = left.addresses.first_ones().first()
    if new is None:
        return
    if old := stays.addresses.first_ones().first():
        plan.change(old, is_primary=False)
    plan.create(Address(**snapshot(new) | {"household_id": stays.pk, "constituent_id": None}))
