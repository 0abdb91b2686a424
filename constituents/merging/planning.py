"""The whole plan of a merge: whether it can be, and what becomes of every row."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.consents import plan_consents
from constituents.merging.fields import plan_fields, plan_sign_in
from constituents.merging.household_words import plan_household_words
from constituents.merging.plan import MergePlan, plan_relations
from constituents.models import Constituent


def plan_merge(
    kept: Constituent, merged: Constituent, *, choices: Mapping[str, str] | None = None, by: User | None = None
) -> MergePlan:
    """Return everything that merging one record into another would do, or why it cannot be; writes nothing."""
    plan = MergePlan(kept, merged, choices)
    plan.refusals += _reasons_against(kept, merged)
    if plan.refusals:
        return plan
    _warn(plan)
    plan_sign_in(plan)
    plan_fields(plan)
    plan_household_words(plan)
    plan_relations(plan)
    plan_consents(plan, by=by)
    plan.change(merged, merged_into_id=kept.pk)
    return plan


def _reasons_against(kept: Constituent, merged: Constituent) -> list[str]:
    if kept.pk == merged.pk:
        return [_("A record cannot be merged into itself.")]
    if kept.kind != merged.kind:
        return [_("One of these is a person, the other an organisation: they cannot be the same.")]
    reasons = []
    for record in (kept, merged):
        if record.merged_into_id is not None:
            words = {"name": record, "kept": record.merged_into}
            reasons.append(
                _("“%(name)s” was merged into “%(kept)s” already. Merge that one, or undo that first.") % words
            )
    return reasons


def _warn(plan: MergePlan) -> None:
    if plan.kept.is_deceased != plan.merged.is_deceased:
        plan.warnings.append(_("One of the two is on record as deceased. Are they really the same?"))
    if {one.birth_year for one in (plan.kept, plan.merged)} - {None, plan.kept.birth_year or plan.merged.birth_year}:
        plan.warnings.append(_("Their years of birth differ. Are they really the same?"))
