"""Note what somebody agreed on a public form to be written to about, word for word."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Channel, ConsentRecord, Constituent, Decision
from core import clock


def note_consents(donor: Constituent, purposes: Sequence[str], *, by: User | None) -> None:
    """Keep the purposes that were ticked, with the question as it was asked."""
    ConsentRecord.objects.bulk_create(
        ConsentRecord(
            constituent=donor,
            channel=Channel.EMAIL,
            purpose=purpose,
            decision=Decision.GIVEN,
            wording=_("What may we write to you about by e-mail?"),
            where="giving page",
            at=clock.now(),
            recorded_by=by,
        )
        for purpose in purposes
    )
