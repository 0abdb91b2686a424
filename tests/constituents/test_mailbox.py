"""Mail that came in: filed on the people it is about, once, whatever is in it."""

import json
import mailbox
from email.message import EmailMessage
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.roles import Role
from constituents.errors import MailError
from constituents.models import (
    AddressDecision,
    Constituent,
    Document,
    IncomingMail,
    Interaction,
    MailState,
    WaitingFor,
    WorkSettings,
)
from constituents.work.mailbox.deciding import add_person_from, discard, file_on
from constituents.work.mailbox.importing import import_mailbox
from constituents.work.mailbox.parsing import html_to_text, parse
from constituents.work.mailbox.taking import take_in
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person
from tests.harness.imap import serving

pytestmark = pytest.mark.django_db
OURS = "files@example.org"


def letter(sender="Ann Lee <ann@example.org>", to=OURS, subject="Hello", text="Dear all", message_id="<1@x>", **more):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = sender, to, subject, "Mon, 02 Mar 2026 09:00:00 +0000"
    if message_id:
        mail["Message-ID"] = message_id
    for name, value in more.items():
        mail[name] = value
    mail.set_content(text)
    return mail


@pytest.fixture(autouse=True)
def own_address(db):
    settings = WorkSettings.load()
    settings.own_addresses = f"{OURS}\n@charity.example"
    settings.save()


@pytest.fixture
def ann(db):
    return make_person("Ann", "Lee", email="ann@example.org")


@pytest.fixture
def miriam(db):
    return UserFactory(role=Role.FUNDRAISER, email="miriam@example.org")


def participants():
    return set(Interaction.objects.get().participants.all())


def test_a_mail_files_itself_on_whoever_wrote_it_once(ann):
    raw = letter(text="We liked the supper.").as_bytes()
    assert take_in(raw).state == MailState.FILED
    assert take_in(raw) is None
    filed = Interaction.objects.get()
    assert (filed.kind, filed.subject, filed.notes) == ("email", "Hello", "We liked the supper.")
    assert filed.at.date().isoformat() == "2026-03-02"
    assert participants() == {ann}


def test_a_copy_of_our_own_mail_is_filed_on_whom_it_was_sent_to(ann, miriam):
    bo = make_person("Bo", "Ray", email="BO@example.org")
    take_in(letter(sender="miriam@example.org", to="ann@example.org, bo@example.org", Bcc=OURS).as_bytes())
    assert participants() == {ann, bo}


@pytest.mark.parametrize(
    "text",
    [
        "See below.\n\n---------- Forwarded message ---------\nFrom: Ann Lee <ann@example.org>\nDate: today\n\nHello",
        "Begin forwarded message:\n\n> From: Ann Lee <ann@example.org>\n> Subject: Hello",
        "-----Original Message-----\nVon: Ann Lee [mailto:ann@example.org]\n",
    ],
)
def test_what_we_forward_is_filed_on_whoever_wrote_it_first(ann, miriam, text):
    assert take_in(letter(sender="miriam@example.org", text=text).as_bytes()).is_forwarded
    assert participants() == {ann}


def test_what_is_forwarded_as_an_attachment_is_too(ann, miriam):
    outer = letter(sender="miriam@example.org", message_id="<2@x>")
    outer.add_attachment(letter())
    take_in(outer.as_bytes())
    assert participants() == {ann}


def test_a_stranger_cannot_put_words_on_somebody_s_record_by_forwarding(ann):
    text = "---------- Forwarded message ---------\nFrom: Ann Lee <ann@example.org>\n\nI hate you all"
    mail = take_in(letter(sender="mallory@example.net", text=text).as_bytes())
    assert (mail.waiting_for, mail.address) == (WaitingFor.NOBODY, "mallory@example.net")
    assert not Interaction.objects.exists()


def test_an_address_of_several_waits_and_the_answer_is_remembered(ann, miriam):
    bo = make_person("Bo", "Lee", email="ann@example.org")
    first = take_in(letter().as_bytes())
    take_in(letter(message_id="<2@x>").as_bytes())
    assert first.waiting_for == WaitingFor.SEVERAL
    assert file_on(first, constituent=bo, by=miriam) == 2
    assert take_in(letter(message_id="<3@x>").as_bytes()).state == MailState.FILED
    assert bo.interactions.count() == 3
    with pytest.raises(MailError):
        file_on(first, constituent=ann, by=miriam)


def test_a_stranger_can_be_added_from_the_mail(miriam):
    mail = take_in(letter(sender="Cornelia Voss <voss@example.net>").as_bytes())
    person = add_person_from(mail, given_name="Cornelia", family_name="Voss", by=miriam)
    assert person.primary_email == "voss@example.net"
    assert participants() == {person}
    mail.refresh_from_db()
    assert (mail.state, mail.raw.name) == (MailState.FILED, "")


def test_what_is_thrown_away_for_good_never_waits_again(miriam):
    mail = take_in(letter(sender="news@offers.example", text="Everything must go").as_bytes())
    discard(mail, by=miriam, remember=True)
    mail.refresh_from_db()
    assert (mail.state, mail.text) == (MailState.DISCARDED, "")
    assert take_in(letter(sender="NEWS@offers.example", message_id="<2@x>").as_bytes()).state == MailState.DISCARDED
    assert AddressDecision.objects.get().constituent is None


def test_attachments_become_documents_and_what_we_do_not_keep_is_named(ann):
    mail = letter()
    mail.add_attachment(b"Minutes of the supper", maintype="text", subtype="plain", filename="../../minutes.txt")
    mail.add_attachment(b"MZ\x90\x00 not a picture", maintype="image", subtype="png", filename="virus.png")
    taken = take_in(mail.as_bytes())
    assert [document.name for document in Document.objects.all()] == [".._.._minutes.txt"]
    assert Document.objects.get().interaction == Interaction.objects.get()
    assert "virus.png" in taken.trouble
    assert taken.attachments.count() == 2


def test_a_page_of_markup_becomes_its_words():
    markup = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>Dear&nbsp;all,</p>"
        "<script>steal()</script><img src='https://tracker.example/p.gif'><p>Ann &amp; Bo</p></body>"
    )
    assert html_to_text(markup) == "Dear all,\n\nAnn & Bo"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"Content-Type: text/plain; charset=no-such\r\n\r\nGr\xc3\xbc\xc3\x9fe", "Grüße"),
        (b"Content-Type: text/plain; charset=us-ascii\r\n\r\nGr\xc3\xbc\xc3\x9fe", "Gr"),
        (b"Content-Type: text/plain\r\n\r\nnul \x00 here", "nul  here"),
        (b"Content-Type: multipart/mixed; boundary=x\r\n\r\nno boundary at all", ""),
    ],
)
def test_a_mail_that_lies_about_its_letters_is_read_as_well_as_can_be(body, expected):
    raw = b"From: ann@example.org\r\nMessage-ID: <1@x>\r\n" + body
    assert parse(raw).text.startswith(expected)
    assert take_in(raw) is not None


def test_a_header_cannot_smuggle_another_in():
    raw = b"From: ann@example.org\r\nSubject: =?utf-8?q?Hi=0D=0ABcc:_all@example.org?=\r\n\r\nx"
    assert "\n" not in parse(raw).subject
    assert [person.address for person in parse(raw).recipients] == []


def test_a_broken_mail_waits_with_the_reason_and_hinders_no_other(ann, tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    for raw in (b"no headers, no sender\n", letter().as_bytes()):
        box.add(mailbox.mboxMessage(raw))
    box.close()
    tally = import_mailbox(str(tmp_path / "box"))
    assert (tally.read, tally.filed, tally.unreadable) == (2, 1, 1)
    broken = IncomingMail.objects.get(waiting_for=WaitingFor.UNREADABLE)
    assert "no sender" in broken.trouble
    with broken.raw.open("rb") as kept:
        assert b"no headers" in kept.read()
    assert import_mailbox(str(tmp_path / "box")).known == 2


def test_mail_without_an_id_is_known_by_what_it_says(ann):
    assert take_in(letter(message_id="").as_bytes()) is not None
    assert take_in(letter(message_id="").as_bytes()) is None
    assert take_in(letter(message_id="", text="Another").as_bytes()) is not None


def test_the_command_reads_a_maildir_and_counts(ann, tmp_path):
    box = mailbox.Maildir(tmp_path / "box")
    box.add(letter())
    box.add(letter(sender="stranger@example.net", message_id="<2@x>"))
    out = StringIO()
    call_command("import_mailbox", str(tmp_path / "box"), "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "read": 2, "filed": 1, "waiting": 1, "unreadable": 0, "discarded": 0, "known": 0,
    }  # fmt: skip
    with pytest.raises(CommandError, match="no mailbox"):
        call_command("import_mailbox", str(tmp_path / "nowhere"))


def test_mail_is_read_from_a_server_and_marked_read_after(ann):
    with serving([letter().as_bytes(), letter(sender="stranger@example.net", message_id="<2@x>").as_bytes()]) as server:
        tally = import_mailbox(server.url)
        again = import_mailbox(server.url)
        assert (tally.filed, tally.waiting, again.read) == (1, 1, 0)
        assert server.seen == {1, 2}
        with pytest.raises(MailError, match="mail server said no") as refused:
            import_mailbox(server.url.replace("secret", "wrong"))
    assert "wrong" not in str(refused.value)
    assert Constituent.objects.count() == 1
