"""Log contact: a call, a meeting, a letter, a note, in one line; correct it later; write somebody an e-mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.errors import ConstituentError
from constituents.models import Constituent, Interaction, InteractionKind
from constituents.services.documents import add_document
from core import audit, clock, mail


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
    documents: Sequence[UploadedFile] = (),
) -> Interaction:
    """Log one point of contact with a constituent and anyone else who took part; now, unless told when."""
    interaction = Interaction(kind=kind, at=at or clock.now(), subject=subject, notes=notes, recorded_by=by)
    interaction.full_clean()
    interaction.save()
    everyone = list(dict.fromkeys([constituent, *others]))
    interaction.participants.set(everyone)
    for person in everyone:
        audit.record("interaction.logged", interaction, by=by, new={"kind": kind, "subject": subject}, about=person)
    for file in documents:
        add_document(constituent, file=file, interaction=interaction, by=by)
    return interaction


@transaction.atomic
def change_interaction(
    interaction: Interaction,
    *,
    by: User | None,
    participants: Sequence[Constituent] | None = None,
    documents: Sequence[UploadedFile] = (),
    **changes: Any,
) -> Interaction:
    """Correct what was logged, and who took part: at least one did.

    Raises ConstituentError when nobody is left who took part.
    """
    locked = Interaction.objects.select_for_update().get(pk=interaction.pk)
    before = _told(locked)
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.save()
    if participants is not None:
        if not participants:
            raise ConstituentError(_("Name at least one person or organisation who took part."))
        locked.participants.set(participants)
    everyone = list(locked.participants.all())
    for file in documents:
        add_document(everyone[0], file=file, interaction=locked, by=by)
    after = _told(locked)
    different = [name for name in before if before[name] != after[name]]
    if different:
        old, new = ({name: told[name] for name in different} for told in (before, after))
        for person in everyone:
            audit.record("interaction.changed", locked, by=by, old=old, new=new, about=person)
    return locked


@transaction.atomic
def remove_interaction(interaction: Interaction, *, by: User | None, reason: str = "") -> None:
    """Take back what was logged by mistake; the audit keeps what it said. Its documents stay with the people."""
    for person in interaction.participants.all():
        audit.record(
            "interaction.removed", interaction, by=by, old=_told(interaction), about=person, reason=reason, deleted=True
        )
    interaction.documents.filter(constituent__isnull=False).update(interaction=None)
    interaction.delete()


@transaction.atomic
def write_to(constituent: Constituent, *, subject: str, text: str, by: User) -> Interaction:
    """Send an e-mail in the organisation's letterhead to the address used first, and log it.

    Raises ConstituentError for somebody who must not be contacted, or has no address that works.
    """
    refusal = why_not_write(constituent)
    if refusal:
        raise ConstituentError(refusal)
    mail.send(
        to=constituent.primary_email,
        template="staff_letter",
        context={
            "subject": subject,
            "paragraphs": [part for part in text.replace("\r", "").split("\n\n") if part.strip()],
        },
        about=constituent,
        by=by,
    )
    return log_interaction(constituent, subject=subject, notes=text, kind=InteractionKind.EMAIL, by=by)


def why_not_write(constituent: Constituent) -> str:
    """Return why no e-mail may go to the constituent; empty when one may."""
    if constituent.is_deceased:
        return _("%(name)s is deceased.") % {"name": constituent}
    if constituent.do_not_contact:
        return _("%(name)s asked not to be contacted.") % {"name": constituent}
    if not constituent.primary_email:
        return _("There is no e-mail address for %(name)s that works.") % {"name": constituent}
    return ""


def _told(interaction: Interaction) -> dict[str, Any]:
    return {
        "kind": interaction.kind,
        "at": interaction.at,
        "subject": interaction.subject,
        "notes": interaction.notes,
        "participants": sorted(str(person) for person in interaction.participants.all()),
    }
