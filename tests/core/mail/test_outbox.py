"""What happens to a message between a verb and the mail server, with a real mail server on loopback."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core.mail import Attachment, send
from core.mail.models import Message
from core.mail.outbox import CUT_OFF_AFTER, deliver, deliver_message, give_up_on_cut_off_messages, send_again, send_now
from core.organisation import current_organisation
from tests.factories.accounts import UserFactory

State = Message.State
pytestmark = pytest.mark.django_db


class Post:
    """A mail server that keeps what it got and answers as it is told."""

    def __init__(self) -> None:
        self.mails: list = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: SMTP, session: object, envelope: object) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer == "hang up":
            server.transport.abort()
        elif answer.startswith("250"):
            self.mails.append(envelope)
        return answer


def free_address() -> tuple[str, int]:
    """Return a loopback address at which nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()


@pytest.fixture
def post(settings) -> Iterator[Post]:
    post = Post()
    host, port = free_address()
    controller = Controller(post, hostname=host, port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
    settings.EMAIL_TIMEOUT = 5
    yield post
    controller.stop()


def deliveries() -> QuerySet[DBTaskResult]:
    """Return the queued deliveries."""
    return DBTaskResult.objects.filter(task_path=deliver_message.module_path)


def invitation(**kwargs) -> Message:
    context = {"inviter": "Ada <b>Winter</b> & Söhne", "email": "noor@example.org", "sign_in_url": "http://x.example/"}
    return send(to="noor@example.org", template="invitation", context=context, **kwargs)


def test_a_message_reaches_the_mail_server_as_it_is_on_record(post):
    message = deliver(invitation(attachments=[Attachment("card.pdf", b"%PDF-1.7 card")]).pk)
    [envelope] = post.mails
    content = envelope.content.decode()
    assert envelope.rcpt_tos == ["noor@example.org"]
    assert f"Message-ID: {message.message_id}" in content
    assert "card.pdf" in content
    assert message.state == State.SENT
    assert message.sent_at is not None


def test_what_is_merged_in_prints_as_typed():
    message = invitation()
    assert "Ada <b>Winter</b> & Söhne" in message.text
    assert "Ada &lt;b&gt;Winter&lt;/b&gt; &amp; Söhne" in message.html


def test_a_line_break_in_a_name_cannot_add_a_header():
    organisation = current_organisation()
    organisation.name = "Riverside\r\nBcc: everyone@example.org"
    organisation.save()
    assert "\n" not in invitation().subject


def test_styles_stand_on_the_elements_because_mail_programs_drop_style_sheets():
    html = invitation().html
    assert "<a " in html
    assert 'style="' in html


def test_delivery_is_queued_in_the_transaction_that_causes_it():
    with transaction.atomic():
        invitation()
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not deliveries().exists()
    message = invitation()
    [queued] = deliveries()
    assert queued.args_kwargs["args"] == [message.pk]


def test_delivering_twice_sends_once(post):
    message = invitation()
    deliver_message.call(message.pk)
    deliver_message.call(message.pk)
    assert len(post.mails) == 1


def test_a_message_that_is_being_sent_is_left_to_its_sender(post):
    message = invitation()
    Message.objects.filter(pk=message.pk).update(state=State.SENDING, started_at=timezone.now())
    assert deliver(message.pk).state == State.SENDING
    assert not post.mails


def test_a_refused_recipient_fails_and_says_why(post):
    post.answers = ["550 no such person"]
    message = deliver(invitation().pk)
    assert message.state == State.FAILED
    assert "no such person" in message.error


def test_a_server_that_is_busy_is_asked_again_later(post):
    post.answers = ["451 greylisted"]
    message = deliver(invitation().pk)
    assert message.state == State.QUEUED
    soon = (timezone.now(), timezone.now() + dt.timedelta(minutes=2))
    assert deliveries().filter(run_after__range=soon).count() == 1
    assert deliver(message.pk).state == State.SENT
    assert len(post.mails) == 1


def test_a_server_that_hangs_up_in_the_middle_leaves_it_unknown(post):
    post.answers = ["hang up"]
    message = deliver(invitation().pk)
    assert message.state == State.UNKNOWN
    assert deliver(message.pk).state == State.UNKNOWN
    assert not post.mails


def test_a_server_that_cannot_be_reached_is_tried_five_times_more(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = free_address()
    message = invitation()
    states = [deliver(message.pk).state for _attempt in range(6)]
    assert states == [State.QUEUED] * 5 + [State.FAILED]


def test_a_message_whose_sender_died_becomes_unknown():
    dead, alive = invitation(), invitation()
    long_ago = timezone.now() - CUT_OFF_AFTER - dt.timedelta(seconds=1)
    Message.objects.filter(pk=dead.pk).update(state=State.SENDING, started_at=long_ago)
    Message.objects.filter(pk=alive.pk).update(state=State.SENDING, started_at=timezone.now())
    assert give_up_on_cut_off_messages() == 1
    dead.refresh_from_db()
    alive.refresh_from_db()
    assert (dead.state, alive.state) == (State.UNKNOWN, State.SENDING)


def test_staff_can_send_an_unknown_message_again_under_the_same_id(post):
    post.answers = ["hang up"]
    message = deliver(invitation().pk)
    again = deliver(send_again(message, by=UserFactory()).pk)
    assert again.state == State.SENT
    assert again.message_id == message.message_id


def test_a_sent_message_is_not_sent_again(post):
    message = deliver(invitation().pk)
    assert send_again(message, by=None).state == State.SENT
    deliver(message.pk)
    assert len(post.mails) == 1


def test_a_secret_message_goes_at_once_and_leaves_no_text(post):
    context = {"code": "1234-5678", "minutes": 15, "email": "noor@example.org"}
    message = send_now(to="noor@example.org", template="confirm_address", context=context, secret=True)
    assert "1234-5678" in post.mails[0].content.decode()
    message.refresh_from_db()
    assert (message.state, message.text, message.html) == (State.SENT, "", "")


def test_messages_stand_on_the_history_of_whom_they_are_about():
    user = UserFactory()
    about_user = invitation(about=user)
    invitation()
    assert list(Message.objects.about(user)) == [about_user]


@pytest.mark.django_db(transaction=True)
def test_four_workers_hand_a_message_over_once(post, run_together):
    message = invitation()
    outcomes = run_together(4, lambda _worker: deliver(message.pk))
    assert [outcome.error for outcome in outcomes] == [None] * 4
    assert len(post.mails) == 1
