"""What batches add to the rooms below; called once from the app's `ready()`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.audit import name_verbs
from donations.batches.protection import protect_batches


def register_batches() -> None:
    """Keep closed batches, and name what is done with one."""
    protect_batches()
    name_verbs(
        {
            "batch.changed": _("Batch changed"),
            "batch.discarded": _("Batch discarded"),
            "batch.opened": _("Batch opened"),
            "batch.posted": _("Batch posted"),
            "batch.slip_printed": _("Deposit slip printed"),
            "batch_template.created": _("Batch template kept"),
        }
    )
