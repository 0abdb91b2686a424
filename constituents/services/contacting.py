"""Log contact: a call, a meeting, a letter, a note, in one line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from constituents.models import Constituent, Interaction, InteractionKind
from core import audit, clock


@transaction.atomic
def log_interaction(
    constituent: Constituent,
    *,
    subject: str,
    by: User | None,
    kind: str = InteractionKind.NOTE,
    at: dt.datetime | None = None,
    notes: str = "",
    others: Sequence[Constituent] = (),
) -> Interaction:
    """Log one point of contact with a constituent and anyone else who took part; now, unless told when."""
    interaction = Interaction(kind=kind, at=at or clock.now(), subject=subject, notes=notes, recorded_by=by)
    interaction.full_clean()
    interaction.save()
    interaction.participants.set([constituent, *others])
    audit.record("interaction.logged", interaction, by=by, new={"kind": kind, "subject": subject}, about=constituent)
    return interaction
