"""How the demo delivers: the message row is the mailbox, so there is nothing left to do."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class RecordingBackend(BaseEmailBackend):
    """Accepts every message and sends none; they are read at /demo/mailbox/."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Count the messages as delivered."""
        return len(email_messages)
