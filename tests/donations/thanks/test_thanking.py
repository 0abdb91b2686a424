"""Who waits for thanks, who was thanked, and what becomes of it when the gift changes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from constituents.models import Constituent
from core import clock
from core.audit.models import AuditEntry
from core.mail.models import Message
from core.money import Money
from core.organisation.models import Organisation
from donations.errors import ThanksError
from donations.models import (
    Acknowledgement,
    Gift,
    GiftKind,
    GiftSource,
    ThankedBy,
    ThanksSettings,
    ThanksState,
    ThankYouTemplate,
)
from donations.services.adjusting import adjust_gift
from donations.services.bulk import NewGift, post_gifts
from donations.services.gifts import charge_back_gift, post_gift, refund_gift, reinstate_gift, void_gift
from donations.thanks.letters import gifts_to_thank
from donations.thanks.mailing import MailOfThanks, mail_of_thanks, mail_thanks, take_back_failed, thank_at_once
from donations.thanks.registration import waiting_thanks
from donations.thanks.reporting import months
from donations.thanks.thanking import thank, wait_again, want_no_thanks
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def state_of(gift: Gift) -> str:
    return Acknowledgement.objects.get(gift=gift).state


def test_a_gift_waits_for_thanks_from_the_moment_it_is_posted() -> None:
    gift = make_gift(post=False)
    assert not Acknowledgement.objects.exists()

    post_gift(gift, by=None)

    row = Acknowledgement.objects.get(gift=gift)
    assert (row.state, row.since) == (ThanksState.TO_DO, row.gift.posted_at)


@pytest.mark.parametrize("wanted", [True, False])
def test_dues_are_thanked_for_where_the_settings_say_so(wanted: bool) -> None:
    settings = ThanksSettings.load()
    settings.thanks_for_dues = wanted
    settings.save()
    assert (state_of(make_gift(kind=GiftKind.DUES)) == ThanksState.TO_DO) is wanted


def test_nobody_is_asked_to_thank_who_asked_not_to_be_contacted() -> None:
    row = Acknowledgement.objects.get(gift=make_gift(make_person(do_not_contact=True)))
    assert (row.state, row.is_automatic) == (ThanksState.NOT_WANTED, True)
    assert "not to be contacted" in row.note


def test_an_anonymous_gift_is_thanked_for() -> None:
    assert state_of(make_gift(is_anonymous=True)) == ThanksState.TO_DO


@pytest.mark.parametrize(("news", "expected"), [(True, ThanksState.TO_DO), (False, ThanksState.NOT_WANTED)])
def test_an_import_of_history_leaves_the_queue_alone_and_news_does_not(news: bool, expected: str) -> None:
    fund, donor, ten = make_fund(is_default=True), make_person(), Decimal(10)
    rows = [
        NewGift(Gift(donor=donor, amount=ten, currency="USD", received_on=dt.date(2026, 3, day)), [(fund, ten)])
        for day in (1, 2)
    ]
    gifts = post_gifts(rows, by=None, announced=news)
    assert {state_of(gift) for gift in gifts} == {expected}


def test_thanking_says_how_when_and_by_whom_and_happens_once(django_user_model: type) -> None:
    user = django_user_model.objects.create_user("ed@staff.example", "x")
    gift = make_gift()
    yesterday = clock.now() - dt.timedelta(days=1)

    (row,) = thank([gift], how=ThankedBy.TELEPHONE, by=user, at=yesterday, note="Glad")

    assert (row.state, row.how, row.at, row.by, row.note) == ("done", "telephone", yesterday, user, "Glad")
    assert thank([gift], how=ThankedBy.LETTER, by=user) == []
    assert AuditEntry.objects.for_instance(gift.donor).filter(action="thanks.given").count() == 1


def test_nobody_was_thanked_tomorrow() -> None:
    with pytest.raises(ThanksError):
        thank([make_gift()], how=ThankedBy.TELEPHONE, by=None, at=clock.now() + dt.timedelta(days=1))


def test_no_thanks_wanted_needs_a_reason_and_can_be_taken_back() -> None:
    gift = make_gift()
    with pytest.raises(ThanksError):
        want_no_thanks([gift], by=None, reason=" ")
    want_no_thanks([gift], by=None, reason="Our own board")
    assert state_of(gift) == ThanksState.NOT_WANTED
    wait_again([gift], by=None)
    assert state_of(gift) == ThanksState.TO_DO


def test_the_database_wants_to_know_how_somebody_was_thanked() -> None:
    gift = make_gift()
    with pytest.raises(IntegrityError), transaction.atomic():
        Acknowledgement.objects.filter(gift=gift).update(state=ThanksState.DONE)


# What becomes of the gift


def test_a_void_gift_leaves_the_queue_and_a_partial_refund_does_not() -> None:
    void, partly, thanked = make_gift(), make_gift(), make_gift()
    thank([thanked], how=ThankedBy.LETTER, by=None)
    void_gift(void, by=None, reason="Bounced")
    refund_gift(partly, money=Money(Decimal(10), "USD"), by=None, reason="Too much")
    void_gift(thanked, by=None, reason="Bounced")
    assert [state_of(gift) for gift in (void, partly, thanked)] == ["not_wanted", "to_do", "done"]


def test_a_charge_back_that_is_won_lets_the_donor_wait_again() -> None:
    gift = make_gift(method="card")
    charge_back_gift(gift, by=None, reason="Disputed")
    assert state_of(gift) == ThanksState.NOT_WANTED
    reinstate_gift(gift, by=None, reason="Won")
    assert state_of(gift) == ThanksState.TO_DO


def test_thanks_follow_an_adjusted_gift() -> None:
    waiting, thanked = make_gift(), make_gift()
    thank([thanked], how=ThankedBy.LETTER, by=None)
    since = Acknowledgement.objects.get(gift=waiting).since
    for gift, expected in ((waiting, ThanksState.TO_DO), (thanked, ThanksState.DONE)):
        replacement = adjust_gift(gift, money=Money(Decimal(5), "USD"), by=None, reason="A zero too many")
        assert state_of(replacement) == expected
    assert Acknowledgement.objects.get(gift=waiting).state == ThanksState.NOT_WANTED
    assert Acknowledgement.objects.get(gift=waiting.current).since == since


def test_who_really_gave_is_thanked_though_somebody_else_was() -> None:
    gift, right = make_gift(), make_person("Bo")
    thank([gift], how=ThankedBy.LETTER, by=None)
    assert state_of(adjust_gift(gift, donor=right, by=None, reason="Wrong Lee")) == ThanksState.TO_DO


# E-mail


@pytest.fixture
def ann(organisation: Organisation) -> Constituent:
    return make_person("Ann", "Lee", email="ann@example.net")


def test_one_mail_thanks_for_all_gifts_of_a_donor_and_is_sent_once(ann: Constituent) -> None:
    gifts = [make_gift(ann, "20").pk, make_gift(ann, "30").pk]

    assert sorted(mail_thanks(gifts, by=None).gifts) == gifts
    assert mail_thanks(gifts, by=None).gifts == []

    (message,) = Message.objects.filter(template="thanks")
    assert (message.to, message.transactional) == ("ann@example.net", True)
    assert "your 2 gifts of $50.00" in message.text
    assert "<strong>$50.00</strong>" in message.html
    assert set(Acknowledgement.objects.values_list("how", "message")) == {("email", message.pk)}


def test_who_cannot_be_mailed_is_named_and_waits_on(ann: Constituent) -> None:
    ann.is_deceased = True
    ann.save()
    without = make_person("Cora", "Bell")
    gifts = [make_gift(ann), make_gift(without)]
    sent = mail_thanks([gift.pk for gift in gifts], by=None)
    assert not sent.gifts
    assert ["Ann Lee" in sent.refused[0], "Cora Bell" in sent.refused[1]] == [True, True]
    assert {state_of(gift) for gift in gifts} == {ThanksState.TO_DO}


def test_a_mail_the_server_refused_lets_the_donor_wait_again(ann: Constituent) -> None:
    gift = make_gift(ann)
    mail_thanks([gift.pk], by=None)
    Message.objects.update(state=Message.State.FAILED)
    assert take_back_failed() == 1
    row = Acknowledgement.objects.get(gift=gift)
    assert (row.state, row.message, row.note) == (ThanksState.TO_DO, None, "The e-mail could not be sent.")


@pytest.mark.parametrize(
    ("source", "at_once", "allowed", "sent"),
    [
        (GiftSource.ONLINE, True, True, True),
        (GiftSource.PORTAL, True, True, True),
        (GiftSource.STAFF, True, True, False),
        (GiftSource.ONLINE, False, True, False),
        (GiftSource.ONLINE, True, False, False),
    ],
)
def test_an_online_gift_is_thanked_for_at_once_when_its_template_says_so(
    ann: Constituent, source: str, at_once: bool, allowed: bool, sent: bool
) -> None:
    ThankYouTemplate.objects.create(name="Online", words="Thanks, {salutation}!", email_at_once=at_once)
    settings = ThanksSettings.load()
    settings.emails_online_gifts = allowed
    settings.save()
    gift = make_gift(ann, source=source)
    thank_at_once.func(gift.pk)
    thank_at_once.func(gift.pk)
    assert Message.objects.filter(template="thanks").count() == int(sent)


def test_who_has_written_no_template_thanks_online_donors_by_our_own_words_with_the_receipt(ann: Constituent) -> None:
    gift = make_gift(ann, source=GiftSource.ONLINE)
    assert mail_that_thanks(gift) == MailOfThanks(brings_receipt=True)
    thank_at_once.func(gift.pk)
    letter = Message.objects.get(template="thanks")
    assert ("Thank you for your gift" in letter.text, letter.attachments.count()) == (True, 1)
    assert mail_that_thanks(gift) == MailOfThanks(brings_receipt=True)


def mail_that_thanks(gift: Gift, *, gets_receipt: bool = True) -> MailOfThanks | None:
    return mail_of_thanks(gifts_to_thank(Gift.objects.filter(pk=gift.pk)).get(), gets_receipt=gets_receipt)


def test_the_mail_brings_no_receipt_where_none_is_issued(ann: Constituent) -> None:
    gift = make_gift(ann, source=GiftSource.ONLINE)
    assert mail_that_thanks(gift, gets_receipt=False) == MailOfThanks(brings_receipt=False)


def test_no_mail_is_spoken_of_where_none_is_sent(ann: Constituent) -> None:
    ThankYouTemplate.objects.create(name="By letter", words="Thanks, {salutation}!")
    assert mail_that_thanks(make_gift(ann, source=GiftSource.ONLINE)) is None


# Work that waits, and the report


def test_my_work_says_how_many_wait_and_since_when() -> None:
    assert waiting_thanks(None) is None
    gift = make_gift()
    Acknowledgement.objects.filter(gift=gift).update(since=clock.now() - dt.timedelta(days=3))
    line = waiting_thanks(None)
    assert line is not None
    assert (line.number, "3" in str(line.text)) == (1, True)


def test_the_report_tells_in_time_from_late() -> None:
    quick, slow, waiting = make_gift(), make_gift(), make_gift()
    posted = clock.now() - dt.timedelta(days=4)
    Acknowledgement.objects.update(since=posted)
    thank([quick], how=ThankedBy.EMAIL, by=None, at=posted + dt.timedelta(days=1))
    thank([slow], how=ThankedBy.TELEPHONE, by=None, at=posted + dt.timedelta(days=3))
    rows = list(months(clock.today()))
    assert (rows[0].gifts, rows[0].in_time, rows[0].late, rows[0].waiting) == (3, 1, 1, 1)
    assert (rows[0].average_days, rows[0].emails, rows[0].spoken) == (2.0, 1, 1)
    adjust_gift(quick, money=Money(Decimal(5), "USD"), by=None, reason="A zero too many")
    assert [(row.gifts, row.in_time) for row in months(clock.today())] == [(3, 1)]
    assert state_of(waiting) == ThanksState.TO_DO
