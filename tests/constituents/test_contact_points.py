"""E-mail addresses and telephone numbers: one is used first, what fails is not used, what is removed comes back."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from constituents.errors import ConstituentError
from constituents.models import Constituent, EmailAddress
from constituents.services.contact_points import (
    change_point,
    make_primary,
    mark_not_working,
    mark_working,
    put_back,
    put_email,
    put_phone,
    remove_point,
)
from core import clock
from core.audit.models import AuditEntry
from tests.factories.constituents import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return make_person("Ann", "Lee", email="ann@example.org")


def fresh(person):
    return Constituent.objects.get(pk=person.pk)


def test_the_first_is_used_first_and_another_when_asked(ann) -> None:
    work = put_email(ann, address="ann@work.example", kind="work", by=None)
    assert fresh(ann).primary_email == "ann@example.org"
    make_primary(work, by=None)
    assert fresh(ann).primary_email == "ann@work.example"
    assert ann.emails.filter(is_primary=True).count() == 1


def test_one_that_bounces_makes_way_for_one_that_works(ann) -> None:
    put_email(ann, address="ann@work.example", by=None)
    home = ann.emails.get(address="ann@example.org")
    mark_not_working(home, by=None)
    home.refresh_from_db()
    assert (home.is_bad, home.bad_since, home.is_primary) == (True, clock.today(), False)
    assert fresh(ann).primary_email == "ann@work.example"


def test_the_only_one_stays_first_though_it_fails_and_is_not_written_to(ann) -> None:
    home = ann.emails.get()
    mark_not_working(home, by=None)
    assert ann.emails.get().is_primary
    assert fresh(ann).primary_email == ""
    mark_working(home, by=None)
    assert fresh(ann).primary_email == "ann@example.org"
    assert ann.emails.get().bad_since is None


def test_one_whose_time_is_over_or_not_yet_come_is_not_used(ann) -> None:
    yesterday, tomorrow = (clock.today() + dt.timedelta(days=days) for days in (-1, 1))
    change_point(ann.emails.get(), valid_until=yesterday, by=None)
    put_email(ann, address="ann@later.example", valid_from=tomorrow, by=None)
    assert fresh(ann).primary_email == ""
    put_email(ann, address="ann@now.example", by=None)
    assert fresh(ann).primary_email == "ann@now.example"
    with pytest.raises(ValidationError, match="ends before it begins"):
        change_point(ann.emails.get(address="ann@now.example"), valid_from=tomorrow, valid_until=yesterday, by=None)


def test_a_number_is_kept_as_typed_and_dialled_as_e164(ann) -> None:
    phone = put_phone(ann, number="(207) 555-0100", kind="mobile", by=None)
    assert (phone.number, phone.dialled) == ("(207) 555-0100", "+12075550100")
    changed = change_point(phone, number="+44 20 7946 0958", by=None)
    assert changed.e164 == "+442079460958"
    assert changed.dialled == changed.e164
    assert put_phone(ann, number="ask for Ann, ext. 12", by=None).dialled == "12"


def test_what_is_removed_can_be_put_back_as_it_was(ann, staff_client) -> None:
    user = staff_client().user
    mark_not_working(put_email(ann, address="ann@work.example", kind="work", source="told us", by=user), by=user)
    before = {
        row.pop("address"): row
        for row in ann.emails.values("address", "kind", "is_bad", "bad_since", "is_primary", "source")
    }
    entries = [remove_point(email, by=user) for email in ann.emails.all()]
    assert not ann.emails.exists()
    for entry in reversed(entries):
        put_back(ann, entry=AuditEntry.objects.get(pk=entry.pk), by=user)
    after = {row.pop("address"): row for row in ann.emails.values(*["address", *next(iter(before.values()))])}
    assert after == before
    assert ann in Constituent.objects.search("ann@work.example")


def test_nothing_is_put_back_from_another_kind_of_entry(ann) -> None:
    entry = AuditEntry.objects.for_instance(ann).filter(action="constituent.added").get()
    with pytest.raises(ConstituentError, match="not on file any more"):
        put_back(ann, entry=entry, by=None)


def test_old_and_new_are_on_record(ann) -> None:
    change_point(ann.emails.get(), address="ann.lee@example.org", by=None)
    entry = AuditEntry.objects.for_instance(ann).filter(action="contact_point.changed").get()
    assert (entry.old, entry.new) == ({"address": "ann@example.org"}, {"address": "ann.lee@example.org"})


def test_removing_by_screen_offers_a_way_back_and_knows_whose_it_is(ann, staff_client) -> None:
    client, stranger = staff_client(), make_person(email="other@example.org")
    email = ann.emails.get()
    foreign = f"/admin/people/remove-point/{stranger.pk}/?email={email.pk}"
    assert client.post(foreign).status_code == 404
    answer = client.post(f"/admin/people/remove-point/{ann.pk}/?email={email.pk}", follow=True)
    entry = AuditEntry.objects.filter(action="contact_point.removed").get()
    undo = f"/admin/people/put-back/{ann.pk}/?entry={entry.pk}"
    assert undo in answer.text
    assert client.post(undo.replace(str(ann.pk), str(stranger.pk), 1)).status_code == 404
    client.post(undo)
    assert EmailAddress.objects.get(constituent=ann).address == "ann@example.org"
