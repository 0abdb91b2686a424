"""The outbox: from a verb's transaction to the mail server, at most once.

A message is written and its task queued in the transaction that causes it. It is marked "being sent" before the mail
server is called, so that no second worker can take it; if we are cut off in the middle of that call nobody can know
whether it arrived, and it becomes "perhaps sent" for staff to decide.
"""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import make_msgid, parseaddr
from typing import TYPE_CHECKING, Any

from anymail.exceptions import AnymailAPIError
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from core.audit import record
from core.mail.models import Message, MessageAttachment
from core.mail.rendering import render

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

# How long to wait after each attempt that could not reach the mail server; after the last one it counts as not sent.
RETRY_AFTER = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480)]
# Longer than any mail server call (EMAIL_TIMEOUT): whoever was sending this is gone.
CUT_OFF_AFTER = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Attachment:
    """A file to go with a message."""

    name: str
    content: bytes
    content_type: str = "application/pdf"


@transaction.atomic
def send(
    *,
    to: str,
    template: str,
    context: dict[str, Any],
    about: Model | None = None,
    by: AbstractUser | None = None,
    attachments: Sequence[Attachment] = (),
    transactional: bool = True,
    language: str | None = None,
) -> Message:
    """Write a message and queue its delivery, both in the caller's transaction.

    `template` names templates/emails/<template>.html, .txt and _subject.txt; `about` is the record on whose history it
    appears; `language` is the reader's, when it differs from the one active now.
    """
    message = _write(
        to=to,
        template=template,
        context=context,
        about=about,
        by=by,
        attachments=attachments,
        transactional=transactional,
        language=language,
    )
    deliver_message.enqueue(message.pk)
    return message


def send_now(*, to: str, template: str, context: dict[str, Any], secret: bool = False) -> Message:
    """Write a message and hand it to the mail server at once, without the worker; look at `state` for how it went.

    For sign-in codes: somebody waits for them, and signing in must work while the worker is down. A `secret` message
    keeps its subject and loses its text once sent, so that nobody can read codes out of the record.
    """
    message = _write(to=to, template=template, context=context, secret=secret)
    return deliver(message.pk, retry=False)


@transaction.atomic
def send_again(message: Message, *, by: AbstractUser | None) -> Message:
    """Queue a message that was not, or perhaps not, sent: a person decided so."""
    changed = Message.objects.filter(
        pk=message.pk, state__in=[Message.State.FAILED, Message.State.UNKNOWN], secret=False
    ).update(state=Message.State.QUEUED, attempts=0, error="", sent_by=by)
    if changed:
        record("mail.sent_again", message, by=by)
        deliver_message.enqueue(message.pk)
    message.refresh_from_db()
    return message


def deliver(pk: int, *, retry: bool = True) -> Message:
    """Hand one waiting message to the mail server and record how it went; do nothing if it is no longer waiting."""
    message = Message.objects.prefetch_related("attachments").get(pk=pk)
    mail = _compose(message)
    if not _take(message):
        message.refresh_from_db()
        return message
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        # Nothing was handed over: safe to try again.
        return _postpone(message, error) if retry else _finish(message, Message.State.FAILED, error)
    try:
        connection.send_messages([mail])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        # The server answered, and the answer was no.
        if retry and _is_temporary(error):
            return _postpone(message, error)
        return _finish(message, Message.State.FAILED, error)
    except AnymailAPIError as error:
        answered = error.status_code is not None
        return _finish(message, Message.State.FAILED if answered else Message.State.UNKNOWN, error)
    except (OSError, smtplib.SMTPException) as error:
        return _finish(message, Message.State.UNKNOWN, error)
    finally:
        connection.close()
    return _finish(message, Message.State.SENT)


@task
def deliver_message(pk: int) -> None:
    """Deliver one message in the background."""
    deliver(pk)


def give_up_on_cut_off_messages(now: dt.datetime | None = None) -> int:
    """Mark messages whose sender died in the middle as "perhaps sent"; return how many."""
    before = (now or timezone.now()) - CUT_OFF_AFTER
    cut_off = Message.objects.filter(state=Message.State.SENDING, started_at__lt=before)
    return cut_off.update(
        state=Message.State.UNKNOWN, error=_("Cut off while it was handed to the mail server: it may have arrived.")
    )


@transaction.atomic
def _write(
    *,
    to: str,
    template: str,
    context: dict[str, Any],
    about: Model | None = None,
    by: AbstractUser | None = None,
    attachments: Sequence[Attachment] = (),
    transactional: bool = True,
    secret: bool = False,
    language: str | None = None,
) -> Message:
    with translation.override(language or translation.get_language()):
        rendered = render(template, context)
    message = Message(
        to=to,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        template=template,
        transactional=transactional,
        secret=secret,
        about=about,
        sent_by=by,  # type: ignore[misc]  # core knows no more of the user than Django does
        message_id=make_msgid(domain=_sending_domain()),
    )
    message.full_clean()
    message.save()
    for attachment in attachments:
        kept = MessageAttachment(message=message, name=attachment.name, content_type=attachment.content_type)
        kept.file.save(attachment.name, ContentFile(attachment.content), save=True)
    return message


def _sending_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


def _compose(message: Message) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.to],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(message.html, "text/html")
    for attachment in message.attachments.all():
        with attachment.file.open("rb") as file:
            mail.attach(attachment.name, file.read(), attachment.content_type)
    return mail


def _take(message: Message) -> bool:
    """Claim a waiting message for this process; the database lets only one of many through."""
    now = timezone.now()
    taken = Message.objects.filter(pk=message.pk, state=Message.State.QUEUED).update(
        state=Message.State.SENDING, started_at=now, attempts=F("attempts") + 1
    )
    if taken:
        message.state, message.started_at, message.attempts = Message.State.SENDING, now, message.attempts + 1
    return bool(taken)


def _finish(message: Message, state: Message.State, error: Exception | None = None) -> Message:
    message.state = state
    message.error = f"{type(error).__name__}: {error}" if error else ""
    if state == Message.State.SENT:
        message.sent_at = timezone.now()
    if message.secret and not settings.DEMO:
        message.text = message.html = ""
    message.save(update_fields=["state", "error", "sent_at", "text", "html"])
    return message


@transaction.atomic
def _postpone(message: Message, error: Exception) -> Message:
    """Put a message that certainly did not leave back in the queue, later each time, until it counts as failed."""
    if message.attempts > len(RETRY_AFTER):
        return _finish(message, Message.State.FAILED, error)
    later = timezone.now() + RETRY_AFTER[message.attempts - 1]
    message.state = Message.State.QUEUED
    message.error = f"{type(error).__name__}: {error}"
    message.save(update_fields=["state", "error"])
    deliver_message.using(run_after=later).enqueue(message.pk)
    return message


def _is_temporary(error: smtplib.SMTPException) -> bool:
    """Return whether the server said "not now" (4xx) rather than "never" (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and 400 <= error.smtp_code < 500
