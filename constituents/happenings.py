"""What this app itself puts on the timeline: contact, e-mails, documents, and changes of the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from constituents.models import Constituent, Document, Interaction, InteractionKind
from constituents.timeline import Before, TimelineSource
from core.audit import verb_name
from core.audit.describe import NOTHING, Change, describe
from core.audit.models import AuditEntry
from core.mail.models import Message
from core.staff.parts import TimelineEvent

ICONS = {
    InteractionKind.CALL: "mobile-alt",
    InteractionKind.EMAIL: "mail",
    InteractionKind.LETTER: "doc-full",
    InteractionKind.MEETING: "group",
    InteractionKind.EVENT: "calendar",
    InteractionKind.NOTE: "comment",
}
# Letters that staff write by hand are logged as contact already.
_LOGGED = "staff_letter"
_TONES = {Message.State.FAILED: "wrong", Message.State.UNKNOWN: "waiting"}


def interactions(constituent: Constituent, before: Before | None, limit: int) -> Iterable[TimelineEvent]:
    """Calls, meetings, letters, events and notes, with who else was there and what came along."""
    rows = Interaction.objects.filter(participants=constituent).order_by("-at", "-pk")
    if before:
        rows = before.narrow(rows, "at")
    everyone = Prefetch("participants", queryset=Constituent.objects.only("pk", "display_name"))
    documents = Prefetch("documents", queryset=Document.objects.only("pk", "name", "interaction"))
    for row in rows.prefetch_related(everyone, documents).select_related("recorded_by")[:limit]:
        others = [str(person) for person in row.participants.all() if person.pk != constituent.pk]
        said = [row.notes, _("With %(names)s") % {"names": ", ".join(others)} if others else ""]
        yield TimelineEvent(
            at=row.at,
            kind="contact",
            pk=row.pk,
            title=f"{row.get_kind_display()}: {row.subject}",
            detail="\n".join(str(part) for part in said if part),
            url=f"{reverse('constituents:change-contact', args=[constituent.pk])}?part={row.pk}",
            icon=ICONS[InteractionKind(row.kind)],
            by=str(row.recorded_by) if row.recorded_by else "",
            links=[(document.name, document_url(document)) for document in row.documents.all()],
        )


def documents(constituent: Constituent, before: Before | None, limit: int) -> Iterator[TimelineEvent]:
    """Files put on the record by themselves; those that came with a contact stand beside it."""
    rows = Document.objects.filter(constituent=constituent, interaction__isnull=True).select_related("uploaded_by")
    rows = rows.order_by("-uploaded_at", "-pk")
    if before:
        rows = before.narrow(rows, "uploaded_at")
    for row in rows[:limit]:
        yield TimelineEvent(
            at=row.uploaded_at,
            kind="document",
            pk=row.pk,
            title=_("%(kind)s: %(name)s") % {"kind": row.get_kind_display(), "name": row.name},
            detail=row.note,
            url=document_url(row),
            icon="doc-full",
            by=str(row.uploaded_by) if row.uploaded_by else "",
        )


def messages(constituent: Constituent, before: Before | None, limit: int) -> Iterator[TimelineEvent]:
    """E-mails that went to them, with what became of each."""
    rows: QuerySet[Message] = Message.objects.about(constituent).exclude(template=_LOGGED).defer("text", "html")
    if before:
        rows = before.narrow(rows, "created_at")
    for row in rows[:limit]:
        yield TimelineEvent(
            at=row.created_at,
            kind="message",
            pk=row.pk,
            title=row.subject,
            detail=_("E-mail to %(address)s, %(state)s") % {"address": row.to, "state": row.get_state_display()},
            url=reverse("core_mail:inspect", args=[row.pk]),
            icon="mail",
            state=_TONES.get(Message.State(row.state), ""),
        )


def changes(constituent: Constituent, before: Before | None, limit: int) -> Iterable[TimelineEvent]:
    """What was added to and changed on the record, by whom, from what to what."""
    rows = AuditEntry.objects.for_instance(constituent).filter(action__in=_SHOWN)
    rows = rows.select_related("payload", "content_type").order_by("-timestamp", "-pk")
    if before:
        rows = before.narrow(rows, "timestamp")
    page = list(rows[:limit])
    told = describe(page)
    for row in page:
        yield TimelineEvent(
            at=row.timestamp,
            kind="change",
            pk=row.pk,
            title=verb_name(row.action),
            detail=_in_words(told[row.pk]),
            icon="edit",
            by=row.data.get("actor", ""),
        )


def document_url(document: Document) -> str:
    """Return the address a document is read at, by those who may."""
    return reverse("constituent_document", args=[document.pk])


_MOST_CHANGES = 3


def _in_words(lines: list[Change]) -> str:
    shown = [
        f"{line.label}: {line.old} → {line.new}" if line.old not in ("", NOTHING) and line.new else
        f"{line.label}: {line.new or line.old}"
        for line in lines[:_MOST_CHANGES]
    ]  # fmt: skip
    if more := len(lines) - len(shown):
        shown.append(ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more})
    return " · ".join(shown)


_SHOWN = [
    "address.added",
    "address.corrected",
    "address.moved",
    "address.returned",
    "consent.answered",
    "constituent.acted_for",
    "constituent.added",
    "constituent.changed",
    "constituent.claimed",
    "constituent.died",
    "constituent.merge_undone",
    "constituent.merged",
    "constituent.photo_removed",
    "constituent.photo_set",
    "contact_point.added",
    "contact_point.changed",
    "contact_point.removed",
    "directory.chosen",
    "document.removed",
    "household.joined",
    "household.left",
    "household.split",
    "household.taken_back",
    "interaction.removed",
    "relationship.added",
    "relationship.changed",
    "relationship.removed",
]
VERBS = {
    "duplicate.dismissed": _("Not a duplicate"),
    "duplicate.reconsidered": _("Perhaps a duplicate after all"),
    "constituent.sensitive_seen": _("Sensitive details looked at"),
    "custom_field.added": _("Custom field added"),
    "custom_field.changed": _("Custom field changed"),
    "custom_field.removed": _("Custom field deleted"),
    "address.added": _("Address added"),
    "address.corrected": _("Address corrected"),
    "address.moved": _("Moved"),
    "address.removed": _("Address removed"),
    "address.returned": _("Mail came back"),
    "address.stopped": _("Address no longer used"),
    "address.used_again": _("Address used again"),
    "address.used_first": _("Address used first"),
    "consent.answered": _("Said what they want to hear about"),
    "constituent.acted_for": _("Somebody began to act for them on the portal"),
    "constituent.added": _("Added to the record"),
    "constituent.changed": _("Record changed"),
    "constituent.claimed": _("Claimed their record on the portal"),
    "constituent.died": _("Death recorded"),
    "constituent.merge_undone": _("Merge undone"),
    "constituent.merged": _("Another record merged into this one"),
    "constituent.merged_away": _("Merged into another record"),
    "constituent.photo_removed": _("Photo removed"),
    "constituent.photo_set": _("Photo added"),
    "constituent.removed": _("Taken off the record"),
    "contact_point.added": _("Contact point added"),
    "contact_point.changed": _("Contact point changed"),
    "contact_point.removed": _("Contact point removed"),
    "directory.chosen": _("Chose what the directory shows"),
    "document.added": _("Document added"),
    "document.opened": _("Document opened"),
    "document.removed": _("Document removed"),
    "follow_up.added": _("Follow-up added"),
    "follow_up.changed": _("Follow-up changed"),
    "follow_up.done": _("Follow-up done"),
    "follow_up.dropped": _("Follow-up dropped"),
    "follow_up.escalated": _("Overdue follow-up escalated"),
    "follow_up.moved_along": _("Follow-up moved along with the step before"),
    "follow_up.reopened": _("Follow-up opened again"),
    "household.changed": _("Household changed"),
    "household.formed": _("Household formed"),
    "household.joined": _("Joined a household"),
    "household.left": _("Left the household"),
    "household.member_changed": _("Part in the household changed"),
    "household.member_removed": _("Taken off the household: a mistake"),
    "household.named": _("Household named"),
    "household.naming_changed": _("Rules for names of households changed"),
    "household.removed": _("Household taken off the record"),
    "household.split": _("Household split"),
    "household.taken_back": _("Taken back"),
    "interaction.changed": _("Contact corrected"),
    "interaction.logged": _("Contact logged"),
    "interaction.removed": _("Contact removed"),
    "list.deleted": _("List deleted"),
    "list.extended": _("People put on a list"),
    "list.taken": _("List taken"),
    "mail.discarded": _("E-mail discarded"),
    "mail.filed": _("E-mail filed"),
    "plan.moved": _("Plan moved to another day"),
    "plan.started": _("Plan started"),
    "plan.stopped": _("Plan stopped"),
    "relationship.added": _("Relationship added"),
    "relationship.changed": _("Relationship changed"),
    "relationship.removed": _("Relationship removed"),
    "rule.switched_off": _("Rule switched off"),
    "rule.switched_on": _("Rule switched on"),
    "segment.changed": _("Segment changed"),
    "segment.deleted": _("Segment deleted"),
    "segment.made": _("Segment made"),
}
SOURCES = (
    TimelineSource("contact", _("Contact"), interactions, permission="constituents.view_interaction"),
    TimelineSource("message", _("E-mails"), messages, permission="core.view_message"),
    TimelineSource("document", _("Documents"), documents, permission="constituents.view_document"),
    TimelineSource("change", _("Changes"), changes),
)
