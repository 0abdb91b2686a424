"""The membership officer's screens: lists, the record, the verbs behind the buttons."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.roles import Role
from donations.models import Gift
from memberships.models import ApplicationState, Flag, Joining, Level, Membership, Status
from memberships.services.joining import request_membership
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_household, make_person
from tests.factories.memberships import make_level, make_membership

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def officer(client):
    user = UserFactory(role=Role.MEMBERSHIP_OFFICER, is_staff=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.user = user
    return client


def paid(**more):
    return {"method": "cheque", "received_on": TODAY.isoformat(), "reference": "", "amount": "", **more}


def test_the_list_asks_the_same_number_of_questions_however_long(officer, assert_constant_queries):
    level = make_level()

    def more(times):
        for _ in range(times):
            make_membership(level=level, starts_on=TODAY)

    response = assert_constant_queries(more, lambda: officer.get(reverse("memberships:index")), at_most=25)
    assert b"New" in response.content


def test_the_list_is_narrowed_by_status_level_and_month(officer):
    due = make_membership(starts_on=dt.date(2025, 12, 10))
    current = make_membership(starts_on=dt.date(2026, 6, 1))
    index = reverse("memberships:index")

    def shown(**query):
        content = officer.get(index, query).content.decode()
        return {m for m in (due, current) if m.number in content}

    assert shown(status=["due"]) == {due}
    assert shown(status=["due", "current"]) == {due, current}
    assert shown(level=[current.level_id]) == {current}
    assert shown(ends="2026-12") == {due}
    assert shown(q=due.number) == {due}
    assert shown(q=current.constituent.family_name) == {current}


def test_joining_takes_one_screen(officer):
    person, level = make_person(), make_level()
    page = officer.get(reverse("memberships:join"), {"constituent": person.pk})
    assert person.full_name in page.content.decode()
    response = officer.post(reverse("memberships:join"), paid(constituent=person.pk, level=level.pk))
    membership = Membership.objects.get(constituent=person)
    assert response.url == reverse("memberships:inspect", args=[membership.pk])
    assert membership.status_on(TODAY) == Status.NEW
    assert membership.terms.get().created_by == officer.user


def test_a_household_joins_with_everyone_in_it(officer):
    household = make_household()
    data = paid(constituent=household.members[1].pk, level=make_level(capacity=4).pk, whole_household="on")
    officer.post(reverse("memberships:join"), data)
    membership = Membership.objects.get()
    assert (membership.household, membership.payer) == (household, household.members[1])
    assert membership.people.count() == 2


def test_a_present_and_a_free_membership_are_given_on_the_same_screen(officer):
    giver, recipient, founder, level = make_person(), make_person(), make_person(), make_level()
    officer.post(reverse("memberships:join"), paid(constituent=recipient.pk, level=level.pk, given_by=giver.pk))
    officer.post(reverse("memberships:join"), paid(constituent=founder.pk, level=level.pk, free_because="Founder"))
    assert Gift.objects.get().donor == giver
    assert Membership.objects.filter(terms__kind="comp").get().constituent == founder


def test_a_refusal_stands_on_the_form_and_nothing_is_written(officer):
    membership = make_membership(starts_on=TODAY)
    response = officer.post(
        reverse("memberships:join"), paid(constituent=membership.constituent_id, level=membership.level_id)
    )
    assert response.status_code == 200
    assert "is a member already" in response.content.decode()
    assert Gift.objects.count() == 1


def test_one_click_from_the_list_renews(officer):
    membership = make_membership(starts_on=dt.date(2025, 12, 10))
    url = reverse("memberships:renew", args=[membership.pk])
    assert url in officer.get(reverse("memberships:index")).content.decode()
    assert "December 10, 2026" in officer.get(url).content.decode()
    officer.post(url, paid(level=membership.level_id))
    assert membership.terms.last().starts_on == dt.date(2026, 12, 10)


def test_a_pile_of_dues_renews_at_once_and_names_who_was_not_due(officer):
    due = [make_membership(starts_on=dt.date(2025, 12, 10)) for _ in range(2)]
    early = make_membership(starts_on=TODAY)
    url = reverse("wagtail_bulk_action", args=["memberships", "membership", "renew"])
    ids = [m.pk for m in (*due, early)]
    query = "&".join([f"next={reverse('memberships:index')}", *(f"id={pk}" for pk in ids)])
    assert early.constituent.full_name in officer.get(f"{url}?{query}").content.decode()
    data = {"method": "transfer", "received_on": TODAY.isoformat(), "count": "3"}
    page = officer.post(f"{url}?{query}", data, follow=True).content.decode()
    assert [m.terms.count() for m in (*due, early)] == [2, 2, 1]
    assert "Nothing is due" in page
    assert not Flag.objects.exists()


def test_another_amount_can_be_agreed(officer):
    membership = make_membership(starts_on=dt.date(2025, 12, 10))
    officer.post(reverse("memberships:renew", args=[membership.pk]), paid(level=membership.level_id, amount="45"))
    assert membership.terms.last().gift.amount == Decimal(45)


def test_the_record_shows_terms_people_and_flags_in_constant_queries(officer, assert_constant_queries):
    level = make_level(capacity=20)
    membership = make_membership(level=level, starts_on=TODAY)
    officer.post(reverse("memberships:renew", args=[membership.pk]), paid(level=level.pk))
    flag = Flag.objects.get()
    url = reverse("memberships:inspect", args=[membership.pk])

    def more(times):
        for _ in range(times):
            officer.post(reverse("memberships:add-person", args=[membership.pk]), {"person": make_person().pk})

    page = assert_constant_queries(more, lambda: officer.get(url), at_most=40).content.decode()
    assert membership.people.count() == 9
    assert "Look at the money" in page
    assert reverse("membership_flags:settle", args=[flag.pk]) in page


@pytest.mark.parametrize(
    ("slug", "data", "status"),
    [
        ("cancel", {"when": "today", "reason": "Asked"}, Status.NEW),
        ("suspend", {"reason": "Unpaid"}, Status.SUSPENDED),
        ("honour", {"reason": "Fifty years"}, Status.HONORARY),
    ],
)
def test_verbs_do_what_their_button_says(officer, slug, data, status):
    membership = make_membership(starts_on=TODAY)
    url = reverse(f"memberships:{slug}", args=[membership.pk])
    assert officer.get(url).status_code == 200
    assert officer.post(url, data).status_code == 302
    assert membership.status_on(TODAY) == status
    if slug == "cancel":
        assert membership.status_on(TODAY + dt.timedelta(days=1)) == Status.CANCELLED


def test_changing_level_says_what_there_is_to_pay_now(officer):
    membership = make_membership(starts_on=dt.date(2026, 6, 1))
    patron = make_level("Patron", dues=Decimal(250))
    student = make_level("Student", dues=Decimal(20))
    url = reverse("memberships:change-level", args=[membership.pk])
    page = officer.get(url).content.decode()
    assert "to pay now" in page
    assert "from the next renewal on" in page
    officer.post(url, paid(level=patron.pk))
    assert membership.terms.last().level == patron
    officer.post(url, paid(level=student.pk))
    membership.refresh_from_db()
    assert membership.next_level == student


def test_somebody_leaves_the_plan(officer):
    membership = make_membership(level=make_level(capacity=3), starts_on=TODAY)
    child = make_person()
    officer.post(reverse("memberships:add-person", args=[membership.pk]), {"person": child.pk})
    url = reverse("memberships:remove-person", args=[membership.pk])
    assert child.full_name in officer.get(url).content.decode()
    officer.post(url, {"person": child.pk, "reason": "Moved out"})
    assert membership.people.get().until == TODAY


def test_an_application_is_approved_paid_and_done(officer):
    application = request_membership(holder=make_person(), level=make_level(joining=Joining.APPROVAL))
    assert officer.get(reverse("membership_applications:index")).status_code == 200
    officer.post(reverse("membership_applications:approve", args=[application.pk]))
    received = reverse("membership_applications:received", args=[application.pk])
    assert "$60.00" in officer.get(received).content.decode()
    officer.post(received, {"received_on": TODAY.isoformat()})
    application.refresh_from_db()
    assert application.state == ApplicationState.DONE
    assert application.membership.status_on(TODAY) == Status.NEW


def test_no_form_makes_a_bare_membership(admin_client):
    for name in ("memberships", "membership_applications", "membership_flags"):
        assert admin_client.get(reverse(f"{name}:add")).status_code == 302


def test_levels_are_added_and_changed(officer):
    level = make_level("Individual")
    url = reverse("membership_levels:edit", args=[level.pk])
    assert officer.get(url).status_code == 200
    assert officer.get(reverse("membership_levels:index")).status_code == 200
    assert Level.objects.get() == level


def test_the_movement_page_shows_the_year(officer):
    make_membership(starts_on=dt.date(2026, 6, 1))
    page = officer.get(reverse("memberships_movement"), {"year": "2026"}).content.decode()
    assert "+1" in page
    assert "June" in page


def test_who_may_not_see_members_sees_none(client):
    user = UserFactory(role=Role.VOLUNTEER_COORDINATOR, is_staff=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    membership = make_membership(starts_on=TODAY)
    assert client.get(reverse("memberships_movement")).status_code in {302, 403}
    for name, args in (("index", []), ("inspect", [membership.pk]), ("renew", [membership.pk]), ("join", [])):
        assert client.get(reverse(f"memberships:{name}", args=args)).status_code in {302, 403}


def test_the_export_needs_its_own_permission(officer, client):
    make_membership(starts_on=TODAY)
    export = {"export": "csv"}
    response = officer.get(reverse("memberships:index"), export)
    assert response.status_code == 200
    assert b"M-00001" in b"".join(response.streaming_content)
    reader = UserFactory(role=Role.BOARD_READER, is_staff=True)
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    refused = client.get(reverse("memberships:index"), export)
    assert refused.status_code in {302, 403}


def test_a_persons_page_says_until_when_they_are_a_member(admin_client):
    membership = make_membership(starts_on=dt.date(2025, 12, 10))
    address = reverse("constituents:inspect", args=[membership.constituent_id])
    assert membership.number in admin_client.get(address, {"tab": "membership"}).content.decode()
    page = admin_client.get(address).content.decode()
    assert "member until December 9, 2026" in page
    assert reverse("memberships:renew", args=[membership.pk]) in page
    stranger = make_person()
    page = admin_client.get(reverse("constituents:inspect", args=[stranger.pk])).content.decode()
    assert f"{reverse('memberships:join')}?constituent={stranger.pk}" in page
