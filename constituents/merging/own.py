"""What a merge does to the rows of this app, and of the rooms below it, which know nothing of constituents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from constituents.merging.households import one_household
from constituents.merging.plan import MERGED
from constituents.merging.relations import derived, lineage, repoint
from constituents.merging.relationships import each_relationship_once
from constituents.merging.same import remove_if_same, stay_if_same
from constituents.models import Audience, DirectoryChoice, FollowUp, FollowUpState, PlanRun, RunState
from core import clock

if TYPE_CHECKING:
    from constituents.merging.plan import MergePlan
    from constituents.merging.relations import Relation

_POSTAL = ("street", "extra", "city", "postal_code")
# The more is shown, the further right.
_AUDIENCES = [Audience.NOBODY, Audience.MEMBERS, Audience.EVERYONE]


def declare_relations() -> None:
    """Say what a merge does to each relation of this room and of those below."""
    _declare_people()
    _declare_work()
    _declare_rooms_below()


def _declare_people() -> None:
    repoint("constituents.Constituent.parent", on_conflict=subsidiaries_move)
    # Signposts always lead straight to the record that stands: one step, however often it was merged on.
    repoint("constituents.Constituent.merged_into")
    repoint("constituents.ConstituentTag.constituent", on_conflict=stay_if_same("tag_id"))
    repoint("constituents.ExternalId.constituent")
    repoint(
        "constituents.EmailAddress.constituent",
        on_conflict=stay_if_same("address", first="is_primary", choice="email", stricter=["is_bad"]),
    )
    repoint(
        "constituents.Phone.constituent",
        on_conflict=stay_if_same("number", first="is_primary", choice="phone"),
    )
    repoint(
        "constituents.Address.constituent",
        on_conflict=stay_if_same(
            *_POSTAL, first="is_primary", choice="address", stricter=["do_not_use", "is_undeliverable"]
        ),
    )
    repoint("constituents.DirectoryChoice.constituent", on_conflict=show_no_more_than_either)
    repoint("constituents.HouseholdMembership.person", on_conflict=one_household)
    lineage("constituents.HouseholdChange.person", reason="what was done to a household then, and how to take it back")
    repoint("constituents.Interaction_participants.constituent", on_conflict=remove_if_same("interaction_id"))
    repoint("constituents.SegmentSnapshotMember.constituent", on_conflict=remove_if_same("snapshot_id"))
    repoint("constituents.Relationship.first", on_conflict=each_relationship_once)
    repoint("constituents.Relationship.second", on_conflict=each_relationship_once)
    repoint("constituents.Document.constituent")
    derived("constituents.SearchEntry.constituent", reason="made anew from what the record then holds")
    repoint("constituents.CustomValue.constituent", on_conflict=pick_each_value)
    lineage("constituents.ConsentRecord.constituent", reason="what each said; the stricter answer is a new row")
    lineage("constituents.DuplicatePair.first", reason="a pair names two records, and is settled by their merge")
    lineage("constituents.DuplicatePair.second", reason="a pair names two records, and is settled by their merge")
    lineage("constituents.Merge.kept", reason="the merge itself")
    lineage("constituents.Merge.merged", reason="the merge itself")


def _declare_work() -> None:
    repoint("constituents.FollowUp.constituent")
    repoint("constituents.FollowUp.about")
    repoint("constituents.PlanRun.constituent", on_conflict=one_run_of_a_plan)
    repoint("constituents.WorkEvent.constituent")
    repoint("constituents.WorkEvent.about")
    repoint("constituents.AddressDecision.constituent")


def _declare_rooms_below() -> None:
    repoint("core.Message.about")
    lineage("core.AuditEntry.content_type", reason="what was done to which record never changes")
    lineage("core.AuditEntry.about_content_type", reason="what was done to which record never changes")
    kinds_only = "names a kind of record, not a record"
    for label in ("auth.Permission.content_type", "wagtailcore.Page.content_type", "wagtailcore.Task.content_type"):
        lineage(label, reason=kinds_only)
    not_people = "constituents have none of these"
    for label in (
        "taggit.TaggedItem.content_object",
        "wagtailcore.Revision.base_content_type",
        "wagtailcore.Revision.content_object",
        "wagtailcore.UploadedFile.for_content_type",
        "wagtailcore.WorkflowContentType.content_type",
        "wagtailcore.WorkflowState.content_object",
        "wagtailcore.WorkflowState.content_type",
        "wagtailcore.TaskState.content_type",
    ):
        lineage(label, reason=not_people)
    of_the_screen = "of a form that is open on a screen"
    for label in ("wagtailadmin.EditingSession.content_object", "wagtailadmin.FormState.content_object"):
        lineage(label, reason=of_the_screen)
    derived("wagtailcore.ReferenceIndex.base_content_type", reason="Wagtail writes it anew when a record is saved")
    derived("wagtailcore.ReferenceIndex.content_type", reason="Wagtail writes it anew when a record is saved")
    derived("wagtailcore.ReferenceIndex.to_content_type", reason="Wagtail writes it anew when a record is saved")
    derived("wagtailsearch.IndexEntry.content_object", reason="the search index is made from the record")
    lineage("wagtailcore.ModelLogEntry.content_type", reason="Wagtail's own log, which our audit stands in for")
    lineage("wagtailcore.PageLogEntry.content_type", reason="Wagtail's own log, of pages")


def subsidiaries_move(plan: MergePlan, relation: Relation) -> None:
    """Let what was part of the merged organisation be part of the one kept, which is never part of itself."""
    for row in relation.rows_of(plan.merged.pk):
        if row.pk == plan.kept.pk:
            grandparent = plan.merged.parent_id
            plan.change(row, parent_id=None if grandparent == row.pk else grandparent)
        else:
            plan.move(relation, [row])


def show_no_more_than_either(plan: MergePlan, relation: Relation) -> None:
    """Keep for each field of the directory what both agree to show; a record nobody ever chose for has no say."""
    mine, theirs = ({row.field: row for row in rows} for rows in relation.rows_of_both(plan))
    if not mine and plan.kept.user_id is None:
        plan.move(relation, theirs.values())
        return
    plan.stay(relation, theirs.values())
    if not theirs and plan.merged.user_id is None:
        return
    for field, row in mine.items():
        other = theirs[field].audience if field in theirs else Audience.NOBODY
        _show_at_most(plan, row, other)


def _show_at_most(plan: MergePlan, row: DirectoryChoice, audience: str) -> None:
    if _AUDIENCES.index(Audience(row.audience)) <= _AUDIENCES.index(Audience(audience)):
        return
    if audience == Audience.NOBODY:
        plan.remove(row)  # no row means nobody
    else:
        plan.change(row, audience=audience)


def custom_name(field_key: str) -> str:
    """Return the name under which the value of a custom field is picked."""
    return f"custom:{field_key}"


def pick_each_value(plan: MergePlan, relation: Relation) -> None:
    """Keep one value of each custom field: the one that was picked, or else the kept record's where it has one."""
    kept, merged = relation.rows_of_both(plan, "field")
    mine = {row.field_id: row for row in kept}
    for row in merged:
        own = mine.get(row.field_id)
        if own is not None and plan.picked(custom_name(row.field.key)) != MERGED:
            plan.stay(relation, [row])
            continue
        if own is not None:
            plan.remove(own)
        plan.move(relation, [row])


def one_run_of_a_plan(plan: MergePlan, relation: Relation) -> None:
    """Stop the merged record's run of a plan that already runs for the one kept, with what was still to be done."""
    mine, theirs = relation.rows_of_both(plan)
    running = {run.plan_id for run in mine if run.state == RunState.RUNNING}
    for run in theirs:
        if run.state == RunState.RUNNING and run.plan_id in running:
            _stop(plan, run)
        plan.move(relation, [run])


def _stop(plan: MergePlan, run: PlanRun) -> None:
    now, why = clock.now(), _("Runs already for the record this one was merged into.")
    plan.change(run, state=RunState.STOPPED, ended_at=now, reason=why)
    for follow_up in FollowUp.objects.filter(run=run, state=FollowUpState.OPEN):
        plan.change(follow_up, state=FollowUpState.DROPPED, closed_at=now, outcome=why)
