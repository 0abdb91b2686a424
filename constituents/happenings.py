"""What this app itself puts on the timeline: contact with people, and changes of their record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent, Interaction, InteractionKind
from core.audit import verb_name
from core.audit.models import AuditEntry
from core.staff.parts import TimelineEvent

_ICONS = {
    InteractionKind.CALL: "mobile-alt",
    InteractionKind.EMAIL: "mail",
    InteractionKind.LETTER: "doc-full",
    InteractionKind.MEETING: "group",
    InteractionKind.EVENT: "calendar",
    InteractionKind.NOTE: "comment",
}


def interactions(constituent: Constituent, before: dt.datetime | None, limit: int) -> Iterable[TimelineEvent]:
    """Calls, meetings, letters, events and notes."""
    rows = Interaction.objects.filter(participants=constituent).order_by("-at", "-pk")
    if before:
        rows = rows.filter(at__lt=before)
    for row in rows[:limit]:
        yield TimelineEvent(
            at=row.at,
            kind="contact",
            title=f"{row.get_kind_display()}: {row.subject}",
            detail=row.notes,
            icon=_ICONS[InteractionKind(row.kind)],
        )


def changes(constituent: Constituent, before: dt.datetime | None, limit: int) -> Iterable[TimelineEvent]:
    """What was added to and changed on the record, and by whom."""
    rows = AuditEntry.objects.for_instance(constituent).filter(action__in=_SHOWN).select_related("payload")
    rows = rows.order_by("-timestamp", "-pk")
    if before:
        rows = rows.filter(timestamp__lt=before)
    for row in rows[:limit]:
        payload = getattr(row, "payload", None)
        actor = payload.data.get("actor", "") if payload else ""
        yield TimelineEvent(at=row.timestamp, kind="change", title=verb_name(row.action), detail=actor, icon="edit")


_SHOWN = [
    "constituent.added",
    "constituent.changed",
    "constituent.claimed",
    "constituent.merge_undone",
    "constituent.merged",
    "consent.answered",
    "directory.chosen",
    "address.added",
    "address.corrected",
    "address.moved",
    "address.returned",
    "constituent.died",
    "household.joined",
    "household.left",
    "household.split",
    "household.taken_back",
]
VERBS = {
    "address.added": _("Address added"),
    "address.corrected": _("Address corrected"),
    "address.moved": _("Moved"),
    "address.removed": _("Address removed"),
    "address.returned": _("Mail came back"),
    "address.stopped": _("Address no longer used"),
    "address.used_again": _("Address used again"),
    "address.used_first": _("Address used first"),
    "constituent.died": _("Death recorded"),
    "constituent.added": _("Added to the record"),
    "constituent.changed": _("Record changed"),
    "constituent.merged": _("Another record merged into this one"),
    "constituent.merged_away": _("Merged into another record"),
    "constituent.merge_undone": _("Merge undone"),
    "constituent.claimed": _("Claimed their record on the portal"),
    "consent.answered": _("Said what they want to hear about"),
    "directory.chosen": _("Chose what the directory shows"),
    "follow_up.added": _("Follow-up added"),
    "follow_up.changed": _("Follow-up changed"),
    "follow_up.done": _("Follow-up done"),
    "follow_up.dropped": _("Follow-up dropped"),
    "follow_up.escalated": _("Overdue follow-up escalated"),
    "follow_up.moved_along": _("Follow-up moved along with the step before"),
    "follow_up.reopened": _("Follow-up opened again"),
    "household.formed": _("Household formed"),
    "household.joined": _("Joined a household"),
    "household.left": _("Left the household"),
    "household.member_changed": _("Part in the household changed"),
    "household.named": _("Household named"),
    "household.naming_changed": _("Rules for names of households changed"),
    "household.split": _("Household split"),
    "household.taken_back": _("Taken back"),
    "interaction.logged": _("Contact logged"),
    "mail.filed": _("E-mail filed"),
    "mail.discarded": _("E-mail discarded"),
    "plan.moved": _("Plan moved to another day"),
    "plan.started": _("Plan started"),
    "plan.stopped": _("Plan stopped"),
}
