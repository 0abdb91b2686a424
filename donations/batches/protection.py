"""What the database itself refuses to change or delete of a batch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.triggers import protect


def protect_batches() -> None:
    """Declare what stays of a batch once it is closed."""
    protect(
        "donations.Batch",
        name="batch",
        message=_("A batch that was posted or discarded stays as it was."),
        updates_of=[
            "uuid",
            "state",
            "expected_count",
            "expected_total",
            "currency",
            "posted_count",
            "posted_total",
            "opened_at",
            "closed_at",
            "reason",
        ],
        when="OLD.state <> 'open'",
        deletes=False,
    )
    protect(
        "donations.Batch",
        name="opened_batch",
        message=_("A batch is never deleted: post it, or discard it and say why."),
        updates_of=[],
    )
    protect(
        "donations.BatchRow",
        name="posted_batch_row",
        message=_("What was typed for a gift stays once the gift is posted."),
        # The donor moves with the gift when records are merged.
        updates_of=["key", "batch", "position", "amount", "reference", "method", "received_on", "gift"],
        when="OLD.gift_id IS NOT NULL",
    )
