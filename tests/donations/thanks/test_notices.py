"""Those who are to hear of a gift: who gave and in whose memory, and how much only where that was asked."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from core import clock
from core.mail.models import Message
from donations.errors import TributeError
from donations.models import DedicationKind, Gift, GiftSource, NoticeWay, Tribute, TributeNotice
from donations.services.tributes import dedicate, notify_of
from donations.thanks.notices import write_notices
from donations.thanks.telling import mail_notice, tell_at_once
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


@pytest.mark.parametrize(("anonymous", "tells"), [(False, False), (True, True)])
def test_a_notice_names_the_amount_only_where_asked_and_never_an_anonymous_donor(anonymous: bool, tells: bool) -> None:
    gift = make_gift(make_person("Ann", "Lee"), "275", is_anonymous=anonymous)
    tribute = dedicate(gift, kind=DedicationKind.MEMORY, honouree_name="Rosa Hale", tell_amount=tells, by=None)
    notify_of(
        tribute, name="Tom Hale", street="1 Bay Road", city="Portbury", postal_code="04101", country="US", by=None
    )
    notify_of(tribute, name="Nowhere", by=None)
    out = BytesIO()
    assert write_notices(TributeNotice.objects.for_list().waiting(), out, on=clock.today()) == 1
    page = " ".join(PdfReader(out).pages[0].extract_text().split())
    assert "in memory of Rosa Hale" in page
    assert ("Tom Hale" in page, "Ann Lee" in page, "275" in page) == (True, not anonymous, tells)


def given_for_rosa(**facts: object) -> tuple[Gift, Tribute]:
    gift = make_gift(make_person("Ann", "Lee"), "275", source=GiftSource.ONLINE, **facts)
    return gift, dedicate(gift, kind=DedicationKind.MEMORY, honouree_name="Rosa Hale", message="She sang.", by=None)


def test_who_is_to_be_told_by_email_of_an_online_gift_is_told_once_and_not_how_much() -> None:
    gift, tribute = given_for_rosa()
    notify_of(tribute, name="Tom Hale", way=NoticeWay.EMAIL, email="tom@example.org", by=None)
    notify_of(tribute, name="By post", way=NoticeWay.LETTER, by=None)
    tell_at_once.func(gift.pk)
    tell_at_once.func(gift.pk)
    message = Message.objects.get(template="tribute_notice")
    assert (message.to, message.subject) == ("tom@example.org", "In memory of Rosa Hale")
    assert all(words in message.text for words in ("Dear Tom Hale,", "Ann Lee has made a gift", "“She sang.”"))
    assert "275" not in message.text + message.html
    assert [notice.name for notice in TributeNotice.objects.waiting()] == ["By post"]


def test_nobody_is_told_by_email_who_cannot_or_must_not_be() -> None:
    _gift, tribute = given_for_rosa()
    quiet = make_person("Tom", "Hale", email="tom@example.org", do_not_contact=True)
    notices = [
        notify_of(tribute, constituent=quiet, way=NoticeWay.EMAIL, by=None),
        notify_of(tribute, name="No address", way=NoticeWay.EMAIL, by=None),
        notify_of(tribute, name="By telephone", way=NoticeWay.PHONE, email="x@example.org", by=None),
    ]
    for notice in notices:
        with pytest.raises(TributeError):
            mail_notice(notice, by=None)
    tell_at_once.func(tribute.gift_id)
    assert TributeNotice.objects.waiting().count() == len(notices)
    assert not Message.objects.filter(template="tribute_notice").exists()
