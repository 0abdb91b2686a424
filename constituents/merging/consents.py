"""Consent in a merge: what each record said stays on it; what counts for the one kept is written as a new row."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.plan import MergePlan
from constituents.models import ConsentRecord, Decision
from constituents.services.preferences import consents_of_both
from core import clock


def plan_consents(plan: MergePlan, *, by: User | None) -> None:
    """Add the answers of the merged record that hold for the one kept.

    A no or a withdrawal beats a yes. An answer beats none: somebody who was asked as one record was asked.
    """
    mine, theirs = consents_of_both(plan.kept, plan.merged)
    for topic, answer in sorted(theirs.items()):
        own = mine.get(topic)
        if own is None or (own.decision == Decision.GIVEN and answer.decision != Decision.GIVEN):
            plan.create(_again(answer, plan, by))


def _again(answer: ConsentRecord, plan: MergePlan, by: User | None) -> ConsentRecord:
    return ConsentRecord(
        constituent=plan.kept,
        channel=answer.channel,
        purpose=answer.purpose,
        decision=answer.decision,
        basis=answer.basis,
        wording=answer.wording,
        where=_("Merge of two records; said on %(day)s") % {"day": clock.local_date(answer.at).isoformat()},
        at=clock.now(),
        recorded_by=by,
    )
