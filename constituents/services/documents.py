"""Keep files about people: checked by what is in them, kept privately, each look on record."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from constituents.models import Constituent, Document, DocumentKind, Interaction
from core import audit
from core.files import check_content, drawn_anew, private_storage


@transaction.atomic
def add_document(
    constituent: Constituent | None,
    *,
    file: UploadedFile,
    by: User | None,
    name: str = "",
    kind: str = DocumentKind.OTHER,
    note: str = "",
    interaction: Interaction | None = None,
) -> Document:
    """Keep a file about a constituent, or with a contact. Raises FileRefusedError for what we do not keep."""
    found = check_content(file)
    document = Document(
        constituent=constituent,
        interaction=interaction,
        name=name or str(file.name),
        kind=kind,
        note=note,
        content_type=found.content_type,
        size=file.size or 0,
        uploaded_by=by,
    )
    # Kept under a name of ours, with the ending of what it is.
    file.name = f"document{found.extension}"
    document.file = file
    document.full_clean()
    document.save()
    audit.record(
        "document.added",
        document,
        by=by,
        new={"name": document.name, "type": found.content_type, "size": document.size},
        about=constituent or (interaction.participants.first() if interaction else None),
    )
    return document


def note_opened(document: Document, *, by: User) -> None:
    """Write down who took a copy."""
    audit.record("document.opened", document, by=by, new={"name": document.name}, about=document.constituent)


@transaction.atomic
def remove_document(document: Document, *, by: User | None, reason: str = "") -> None:
    """Take a document off the record; the file goes once that is certain."""
    audit.record(
        "document.removed",
        document,
        by=by,
        old={"name": document.name, "type": document.content_type, "note": document.note},
        about=document.constituent,
        reason=reason,
        deleted=True,
    )
    path = document.file.name or ""
    document.delete()
    transaction.on_commit(lambda: private_storage().delete(path))


@transaction.atomic
def set_photo(constituent: Constituent, *, photo: UploadedFile, by: User | None) -> Constituent:
    """Show this photo with the record: drawn anew, small, without where and when it was taken."""
    drawn = drawn_anew(photo)
    locked = Constituent.objects.select_for_update().get(pk=constituent.pk)
    before = locked.photo.name or ""
    locked.photo.save("photo.jpg", drawn, save=False)
    locked.save(update_fields=["photo"])
    audit.record("constituent.photo_set", locked, by=by, about=locked)
    _forget(before)
    return locked


@transaction.atomic
def remove_photo(constituent: Constituent, *, by: User | None) -> Constituent:
    """Show no photo any more, and keep none."""
    locked = Constituent.objects.select_for_update().get(pk=constituent.pk)
    before = locked.photo.name or ""
    if before:
        locked.photo = ""
        locked.save(update_fields=["photo"])
        audit.record("constituent.photo_removed", locked, by=by, about=locked)
        _forget(before)
    return locked


def _forget(path: str) -> None:
    if path:
        transaction.on_commit(lambda: private_storage().delete(path))
