"""The demo mailbox: there in the demo, nowhere else, and harmless."""

import pytest
from django.test import Client
from django.urls import include, path

from config.urls import urlpatterns as real
from core.mail import Attachment, send
from core.mail.models import Message
from core.mail.outbox import deliver, send_now

pytestmark = pytest.mark.django_db
urlpatterns = [path("demo/mailbox/", include("core.mail.urls")), *real]


@pytest.fixture
def demo(settings):
    """The address map and settings of the demo."""
    settings.DEMO = True
    settings.ROOT_URLCONF = __name__
    settings.EMAIL_BACKEND = "core.mail.backends.RecordingBackend"


def mail(name: str = "Ada", to: str = "noor@example.org") -> Message:
    context = {"inviter": name, "email": to, "sign_in_url": "http://127.0.0.1:8000/account/sign-in/"}
    return deliver(send(to=to, template="invitation", context=context, attachments=[Attachment("a.pdf", b"%PDF")]).pk)


def test_outside_the_demo_there_is_no_mailbox(client, settings):
    assert client.get("/demo/mailbox/").status_code == 404
    settings.ROOT_URLCONF = __name__
    message = mail()
    for path_ in ("", f"{message.uuid}/", f"{message.uuid}/html/", f"{message.uuid}/attachments/1/"):
        assert client.get(f"/demo/mailbox/{path_}").status_code == 404


def test_a_mail_of_the_demo_is_read_there(demo, client):
    message = mail()
    assert message.subject in client.get("/demo/mailbox/").content.decode()
    page = client.get(f"/demo/mailbox/{message.uuid}/").content.decode()
    assert "Ada has opened an account for you" in page
    assert 'sandbox="' in page


def test_the_list_narrows_to_one_reader(demo, client):
    mail(to="noor@example.org")
    mail(to="sam@example.org")
    page = client.get("/demo/mailbox/?to=sam@example.org").content.decode()
    assert "sam@example.org</td>" in page
    assert "noor@example.org" not in page


def test_the_html_of_a_mail_may_do_nothing(demo, client):
    page = client.get(f"/demo/mailbox/{mail().uuid}/html/")
    assert page["Content-Security-Policy"].startswith("sandbox ")
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "script-src" not in page["Content-Security-Policy"]


def test_attachments_are_handed_out_with_their_mail(demo, client):
    message = mail()
    other = mail()
    attachment = message.attachments.get()
    found = client.get(f"/demo/mailbox/{message.uuid}/attachments/{attachment.pk}/")
    assert b"".join(found.streaming_content) == b"%PDF"
    assert client.get(f"/demo/mailbox/{other.uuid}/attachments/{attachment.pk}/").status_code == 404


def test_codes_can_be_read_in_the_demo(demo):
    context = {"code": "1234-5678", "minutes": 15, "email": "noor@example.org"}
    message = send_now(to="noor@example.org", template="confirm_address", context=context, secret=True)
    assert "1234-5678" in Client().get(f"/demo/mailbox/{message.uuid}/").content.decode()


def test_the_list_asks_as_much_for_many_mails_as_for_few(demo, client, assert_constant_queries):
    assert_constant_queries(lambda many: [mail() for _mail in range(many)], lambda: client.get("/demo/mailbox/"))
