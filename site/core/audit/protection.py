"""What the database itself refuses to do to the audit."""

from django.utils.translation import gettext_lazy as _

from core.triggers import protect

_SEAL = ["sequence", "previous_hash", "hash"]
_FACTS = [
    "timestamp",
    "action",
    "user",
    "content_type",
    "object_id",
    "about_content_type",
    "about_id",
    "uuid",
    "deleted",
    "commitment",
]


def protect_audit() -> None:
    """Declare the audit append-only; a payload may be removed (erasure) but never rewritten."""
    entry = "core.AuditEntry"
    protect(entry, name="audit_facts", message=_("The audit is only added to."), updates_of=_FACTS)
    protect(
        entry,
        name="audit_seal",
        message=_("A sealed audit entry keeps its place."),
        updates_of=_SEAL,
        when="OLD.sequence IS NOT NULL",
        deletes=False,
    )
    protect(
        "core.AuditPayload", name="audit_payload", message=_("What the audit says is never rewritten."), deletes=False
    )
