"""One mail in: once, whatever it is. Filed on whom it is about, thrown away where staff said so, or waiting."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import (
    Constituent,
    IncomingMail,
    InteractionKind,
    MailAttachment,
    MailState,
    WaitingFor,
)
from constituents.services.contacting import log_interaction
from constituents.services.documents import add_document
from constituents.work.mailbox.matching import judge
from constituents.work.mailbox.parsing import ParsedMail, UnreadableMailError, message_id_of, parse
from core import audit, clock
from core.errors import DomainError


@transaction.atomic
def take_in(raw: bytes, *, trouble: str = "") -> IncomingMail | None:
    """Take one mail in and return it; None when it was read before, here or in another process.

    `trouble` is why a mail could not be fetched whole. What cannot be read waits, as it came, with the reason.
    """
    try:
        with transaction.atomic():
            mail = IncomingMail.objects.create(
                message_id=message_id_of(raw), sent_at=clock.now(), waiting_for=WaitingFor.UNREADABLE, trouble=trouble
            )
    except IntegrityError:
        return None
    try:
        parsed = parse(raw)
    except UnreadableMailError as error:
        mail.trouble = trouble or str(error)[:500]
        return _keep(mail, raw)
    _describe(mail, parsed)
    verdict = judge(parsed)
    mail.address, mail.sender_name = verdict.person.address, verdict.person.name
    if verdict.is_discarded:
        mail.state, mail.waiting_for = MailState.DISCARDED, ""
        mail.save()
    elif verdict.people and not trouble:
        file_mail(mail, verdict.people, parsed, by=None)
    else:
        mail.waiting_for = WaitingFor.UNREADABLE if trouble else verdict.waiting_for
        _keep(mail, raw)
    _list_attachments(mail, parsed)
    return mail


def file_mail(mail: IncomingMail, people: Sequence[Constituent], parsed: ParsedMail | None, *, by: User | None) -> None:
    """File a mail as contact with these people, its attachments as documents; what we do not keep is named."""
    subject = mail.subject or _("(no subject)")
    interaction = log_interaction(
        people[0],
        subject=subject,
        notes=mail.text,
        kind=InteractionKind.EMAIL,
        at=mail.sent_at,
        others=people[1:],
        by=by,
    )
    for attached in parsed.attachments if parsed else []:
        file = SimpleUploadedFile(attached.name, attached.content, attached.content_type)
        try:
            add_document(people[0], file=file, name=attached.name, interaction=interaction, by=by)
        except DomainError as error:
            mail.trouble = f"{mail.trouble} {attached.name}: {error}".strip()[:500]
    mail.state, mail.waiting_for, mail.interaction = MailState.FILED, "", interaction
    mail.decided_by, mail.decided_at = by, clock.now() if by else None
    mail.save()
    for person in people:
        audit.record("mail.filed", mail, by=by, new={"subject": mail.subject, "address": mail.address}, about=person)


def _describe(mail: IncomingMail, parsed: ParsedMail) -> None:
    mail.subject, mail.text, mail.sent_at = parsed.subject, parsed.text, parsed.sent_at
    mail.sender = f"{parsed.sender.name} <{parsed.sender.address}>".strip()
    mail.recipients = ", ".join(person.address for person in parsed.recipients)[:5_000]
    mail.is_forwarded = parsed.original is not None


def _keep(mail: IncomingMail, raw: bytes) -> IncomingMail:
    """Keep a mail that waits, as it came: it is read again when somebody has decided."""
    mail.raw.save("mail.eml", ContentFile(raw), save=False)
    mail.save()
    return mail


def _list_attachments(mail: IncomingMail, parsed: ParsedMail) -> None:
    MailAttachment.objects.bulk_create(
        MailAttachment(mail=mail, name=a.name, content_type=a.content_type, size=len(a.content))
        for a in parsed.attachments
    )
