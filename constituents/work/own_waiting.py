"""What of people waits for somebody: mail that could not be filed, pairs that may be one person."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext_lazy

from constituents.models import IncomingMail, MailState
from constituents.work.waiting import Waiting, WaitingWork, register_work


def register() -> None:
    """Offer it to “My work”."""
    register_work(WaitingWork("unfiled_mail", unfiled_mail, permission="constituents.file_incomingmail", order=40))


def unfiled_mail(user: Any) -> Waiting:
    """Return how many mails wait to be filed."""
    number = IncomingMail.objects.waiting().count()
    text = ngettext_lazy("mail waits to be filed", "mails wait to be filed", number)
    return Waiting(number, text, f"{reverse('mail:index')}?state={MailState.WAITING.value}")
