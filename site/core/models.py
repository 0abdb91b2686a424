"""The models of the rooms in core, in one app so that they share one migration history."""

from core.audit.models import AuditEntry, AuditHead, AuditPayload
from core.imports.models import ImportKey, ImportMapping, ImportRecord, ImportRow, ImportRun
from core.jobs.models import Job, Schedule, Worker
from core.mail.models import Message, MessageAttachment
from core.once.models import SentForm
from core.organisation.models import Organisation
from core.staff.models import BulkRun

__all__ = [
    "AuditEntry",
    "AuditHead",
    "AuditPayload",
    "BulkRun",
    "ImportKey",
    "ImportMapping",
    "ImportRecord",
    "ImportRow",
    "ImportRun",
    "Job",
    "Message",
    "MessageAttachment",
    "Organisation",
    "Schedule",
    "SentForm",
    "Worker",
]
