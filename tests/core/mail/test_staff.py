"""The mail record in the workspace."""

import pytest

from accounts.roles import Role
from core.mail import send
from core.mail.models import Message
from core.mail.outbox import deliver, send_now
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
CONTEXT = {"inviter": "Ada Winter", "email": "noor@example.org", "sign_in_url": "http://127.0.0.1/account/sign-in/"}


def mail(state: str | None = None) -> Message:
    message = deliver(send(to="noor@example.org", template="invitation", context=CONTEXT, about=UserFactory()).pk)
    if state:
        Message.objects.filter(pk=message.pk).update(state=state, sent_at=None)
        message.refresh_from_db()
    return message


def test_a_mail_is_read_as_it_was_sent(staff_client):
    client, message = staff_client(Role.COMMUNICATIONS.value), mail()
    assert message.subject in client.get("/admin/mail/").content.decode()
    page = client.get(f"/admin/mail/inspect/{message.pk}/").content.decode()
    assert f'src="/admin/mail/html/{message.pk}/"' in page
    frame = client.get(f"/admin/mail/html/{message.pk}/")
    assert "Ada Winter has opened an account" in frame.content.decode()
    assert frame["Content-Security-Policy"].startswith("sandbox ")
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


def test_other_roles_do_not_read_mails(staff_client):
    client, message = staff_client(Role.VOLUNTEER_COORDINATOR.value), mail()
    for path in ("", f"inspect/{message.pk}/", f"html/{message.pk}/", f"send-again/{message.pk}/"):
        assert client.get(f"/admin/mail/{path}").status_code in {302, 403}, path


def test_nobody_adds_edits_or_deletes_a_mail(staff_client):
    client, message = staff_client(), mail()
    for path in ("new/", f"edit/{message.pk}/", f"delete/{message.pk}/"):
        assert client.post(f"/admin/mail/{path}").status_code in {302, 403, 404}
    assert Message.objects.filter(pk=message.pk, subject=message.subject).exists()
    page = client.get("/admin/mail/").content.decode()
    assert "/admin/mail/new/" not in page
    assert "/admin/mail/delete/" not in page


def test_what_was_perhaps_sent_is_sent_again_by_a_person(staff_client, mailoutbox):
    client, message = staff_client(Role.COMMUNICATIONS.value), mail(Message.State.UNKNOWN)
    client.post(f"/admin/mail/send-again/{message.pk}/")
    message.refresh_from_db()
    assert (message.state, message.sent_by) == (Message.State.QUEUED, client.user)
    assert deliver(message.pk).state == Message.State.SENT
    assert len(mailoutbox) == 2


def test_what_was_sent_is_not_offered_again(staff_client):
    message = mail()
    assert f"/admin/mail/send-again/{message.pk}/" not in staff_client().get("/admin/mail/").content.decode()


def test_a_code_cannot_be_read_there(staff_client):
    context = {"code": "1234-5678", "minutes": 15, "email": "noor@example.org"}
    message = send_now(to="noor@example.org", template="confirm_address", context=context, secret=True)
    page = staff_client().get(f"/admin/mail/inspect/{message.pk}/").content.decode()
    assert "1234-5678" not in page
    assert "Its text was removed" in page


def test_the_list_asks_as_much_for_many_mails_as_for_few(staff_client, assert_constant_queries):
    client = staff_client()
    assert_constant_queries(lambda many: [mail() for _mail in range(many)], lambda: client.get("/admin/mail/"))
