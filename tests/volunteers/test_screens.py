"""The coordinator's screens: coverage, the roster, checking in, weekly shifts, hours; and who may see what."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.roles import Role
from core import clock
from core.mail.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift
from tests.factories.volunteers import make_opportunity, make_shift
from volunteers.models import HoursEntry, HoursStatus, Opportunity, Shift, SignUp, SignUpStatus
from volunteers.services.hours import log_hours, mark_attended
from volunteers.services.signing_up import sign_up

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 21, 17, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def sign_in(client):
    def signed_in(role):
        user = UserFactory(role=role, is_staff=True)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.user = user
        return client

    return signed_in


@pytest.fixture
def coordinator(sign_in):
    return sign_in(Role.VOLUNTEER_COORDINATOR)


def page(client, name, *args, **query):
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", ["shifts", "hours", "opportunities", "sign_ups"])
def test_an_empty_list_says_what_to_do_first(coordinator, name) -> None:
    assert 'class="s-empty"' in page(coordinator, f"{name}:index")


def test_the_list_of_shifts_shows_the_coming_ones_and_is_narrowed(coordinator) -> None:
    short = make_shift(capacity=4, minimum=3)
    full = make_shift(capacity=1)
    sign_up(full, volunteer=make_person(), by=None)
    sign_up(full, volunteer=make_person(), by=None, wait_if_full=True)
    over = make_shift(in_hours=-30)
    off = make_shift(cancelled_at=clock.now())

    def shown(**query):
        content = page(coordinator, "shifts:index", **query)
        return {shift for shift in (short, full, over, off) if reverse("shifts:inspect", args=[shift.pk]) in content}

    assert shown(p=1) == {short, full}
    assert shown(state="short") == {short}
    assert shown(state="full") == shown(state="waiting") == {full}
    assert shown(when="past") == {over}
    assert shown(when="cancelled") == {off}
    assert shown(opportunity=short.opportunity_id) == {short}
    assert "3 short" in page(coordinator, "shifts:index", state="short")


def test_the_lists_ask_the_same_number_of_questions_however_long(coordinator, assert_constant_queries) -> None:
    def more(times):
        for _ in range(times):
            shift = make_shift(starts_at=clock.now() - dt.timedelta(hours=1))
            mark_attended(sign_up(shift, volunteer=make_person(), by=None), by=None)
            sign_up(shift, volunteer=make_person(), by=None)

    for name in ("shifts", "hours", "opportunities", "sign_ups"):
        assert_constant_queries(more, lambda name=name: coordinator.get(reverse(f"{name}:index"), {"p": 1}), at_most=25)


def test_the_roster_shows_who_comes_and_who_waits_in_constant_queries(coordinator, assert_constant_queries) -> None:
    shift = make_shift(capacity=5)
    url = reverse("shifts:inspect", args=[shift.pk])

    def more(times):
        for _ in range(times):
            sign_up(
                shift, volunteer=make_person(email=f"v{SignUp.objects.count()}@example.org"), by=None, wait_if_full=True
            )

    content = assert_constant_queries(more, lambda: coordinator.get(url), at_most=35).content.decode()
    assert content.count("mailto:v") == 9
    assert "Waiting list, first come first" in content
    assert "Was there" not in content
    assert reverse("volunteers_roster", args=[shift.pk]) in content


def test_someone_is_signed_up_at_the_desk_and_told(coordinator) -> None:
    shift, ann = make_shift(), make_person(email="ann@example.org")
    url = reverse("shifts:sign-up", args=[shift.pk])
    assert "Who comes?" in page(coordinator, "shifts:sign-up", shift.pk)
    data = {"volunteer": ann.pk, "override_reason": "", "wait_if_full": "on", "tell_them": "on"}
    response = coordinator.post(url, data)
    assert response.url == reverse("shifts:inspect", args=[shift.pk])
    assert SignUp.objects.get().status == SignUpStatus.CONFIRMED
    assert Message.objects.get().template == "shift_signed_up"
    clash = make_shift(starts_at=shift.starts_at)
    url = reverse("shifts:sign-up", args=[clash.pk])
    assert "already signed up at that time" in coordinator.post(url, data).content.decode()
    coordinator.post(url, data | {"override_reason": "Runs between both halls"})
    assert clash.sign_ups.get().override_reason == "Runs between both halls"


def test_one_tap_checks_somebody_in_and_another_says_they_did_not_come(coordinator) -> None:
    shift = make_shift(starts_at=clock.now() - dt.timedelta(hours=1), hours=2)
    place = sign_up(shift, volunteer=make_person(), by=None)
    there, not_there = (reverse(f"sign_ups:{slug}", args=[place.pk]) for slug in ("was-there", "did-not-come"))
    roster = page(coordinator, "shifts:inspect", shift.pk)
    assert there in roster
    assert not_there in roster
    assert coordinator.post(there).url == f"{reverse('shifts:inspect', args=[shift.pk])}#place-{place.pk}"
    assert HoursEntry.objects.approved().total() == 2
    assert "2 hours" in page(coordinator, "shifts:inspect", shift.pk)
    coordinator.post(not_there)
    assert HoursEntry.objects.approved().total() == 0


def test_nobody_is_checked_in_before_the_day(coordinator) -> None:
    place = sign_up(make_shift(in_hours=72), volunteer=make_person(), by=None)
    content = page(coordinator, "sign_ups:was-there", place.pk)
    assert "still to come" in content
    coordinator.post(reverse("sign_ups:was-there", args=[place.pk]))
    assert not HoursEntry.objects.exists()


def test_a_sign_up_is_cancelled_from_the_roster(coordinator) -> None:
    place = sign_up(make_shift(), volunteer=make_person(), by=None)
    coordinator.post(reverse("sign_ups:cancel", args=[place.pk]), {"reason": "Has a cold"})
    place.refresh_from_db()
    assert (place.status, place.cancel_reason) == (SignUpStatus.CANCELLED, "Has a cold")
    assert "Has a cold" in page(coordinator, "shifts:inspect", place.shift_id)


def test_weekly_shifts_are_seen_before_they_are_added(coordinator) -> None:
    url = reverse("shifts:add-weekly")
    data = {
        "opportunity": make_opportunity().pk,
        "weekdays": ["1", "3"],
        "starts": "17:00",
        "ends": "20:00",
        "first": "2026-12-14",
        "last": "2026-12-31",
        "exceptions": "2026-12-24, 2026-12-31",
        "capacity": "6",
        "minimum": "2",
        "notes": "",
    }
    seen = coordinator.post(url, data).content.decode()
    assert "Add these 4 shifts?" in seen
    assert not Shift.objects.exists()
    assert "Change the pattern" not in coordinator.post(url, data | {"back": "1", "seen": "1"}).content.decode()
    coordinator.post(url, data | {"seen": "1"})
    assert Shift.objects.count() == 4
    assert "not there already" in coordinator.post(url, data).content.decode()
    assert "not a date we can read" in coordinator.post(url, data | {"exceptions": "Christmas"}).content.decode()


def test_a_shift_is_called_off_and_shows_so(coordinator) -> None:
    shift = make_shift()
    sign_up(shift, volunteer=make_person(email="ann@example.org"), by=None)
    coordinator.post(reverse("shifts:cancel", args=[shift.pk]), {"reason": "Storm", "tell_them": "on"})
    assert Message.objects.get().template == "shift_called_off"
    assert "This shift is over or was cancelled" in page(coordinator, "shifts:sign-up", shift.pk)


def test_an_opportunity_and_a_shift_are_added_by_hand(coordinator) -> None:
    coordinator.post(
        reverse("opportunities:add"), {"name": "Garden", "slug": "garden", "visibility": "public", "is_open": "on"}
    )
    garden = Opportunity.objects.get()
    coordinator.post(
        reverse("shifts:add"),
        {"opportunity": garden.pk, "starts_at": "2026-12-01 10:00", "ends_at": "2026-12-01 12:00", "capacity": 3,
         "minimum": 1},
    )  # fmt: skip
    shift = Shift.objects.get()
    assert shift.local_start.hour == 10
    coordinator.post(
        reverse("shifts:edit", args=[shift.pk]),
        {"opportunity": garden.pk, "starts_at": "2026-12-01 10:00", "ends_at": "2026-12-01 13:00", "capacity": 3,
         "minimum": 1},
    )  # fmt: skip
    shift.refresh_from_db()
    assert shift.length == 3


def hours(**details):
    known = {"volunteer": make_person(), "opportunity": make_opportunity(), "worked_on": clock.today(), "by": None}
    return log_hours(**known | {"hours": Decimal(3)} | details)


def test_hours_that_wait_are_approved_and_refused_many_at_once(coordinator) -> None:
    entries = [hours() for _ in range(3)]
    listed = page(coordinator, "hours:index", status="submitted")
    assert all(reverse("hours:approve", args=[entry.pk]) in listed for entry in entries)
    bulk = reverse("wagtail_bulk_action", args=["volunteers", "hoursentry", "approve"])
    coordinator.post(f"{bulk}?id={entries[0].pk}&id={entries[1].pk}&next=/admin/hours/", {"count": "2"})
    coordinator.post(reverse("hours:refuse", args=[entries[2].pk]), {"reason": "On holiday then"})
    statuses = HoursEntry.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == [HoursStatus.APPROVED, HoursStatus.APPROVED, HoursStatus.REFUSED]
    assert "decided already" in page(coordinator, "hours:approve", entries[0].pk)


def test_hours_logged_by_the_coordinator_count_at_once(coordinator) -> None:
    ann = make_person()
    assert "Who worked" in page(coordinator, "hours:log")
    assert ann.full_name in page(coordinator, "hours:log", volunteer=ann.pk)
    data = {"volunteer": ann.pk, "opportunity": make_opportunity().pk, "worked_on": "2026-11-20", "hours": "2.5"}
    coordinator.post(reverse("hours:log"), data)
    assert HoursEntry.objects.approved().get().hours == Decimal("2.50")
    assert "24 hours on one day" in coordinator.post(reverse("hours:log"), data | {"hours": "23"}).content.decode()


def test_hours_leave_the_house_only_with_the_permission(sign_in) -> None:
    entry = hours(note="=cmd()")
    taken = sign_in(Role.VOLUNTEER_COORDINATOR).get(reverse("hours:index"), {"export": "csv"})
    assert entry.volunteer.display_name in b"".join(taken.streaming_content).decode()
    assert sign_in(Role.READ_ONLY).get(reverse("hours:index"), {"export": "csv"}).status_code == 302


def test_the_roster_prints_names_and_room_to_sign_but_no_numbers(coordinator) -> None:
    shift = make_shift(opportunity=make_opportunity(place="12 Wharf Street"))
    person = make_person("Zoë", "Łukasiewicz", phone="+1 207 555 0100")
    sign_up(shift, volunteer=person, by=None)
    waiting = make_person("Wanda", "Waits")
    SignUp.objects.create(shift=shift, volunteer=waiting, status=SignUpStatus.WAITING)
    response = coordinator.get(reverse("volunteers_roster", args=[shift.pk]))
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(response.content)).pages)
    assert "Łukasiewicz" in text
    assert "Signature" in text
    assert "12 Wharf Street" in text
    assert "555" not in text
    assert "Waits" not in text


def test_a_coordinator_sees_a_volunteers_hours_and_no_giving(coordinator) -> None:
    ann = make_person()
    make_gift(donor=ann, amount="4321.00")
    hours(volunteer=ann, hours=Decimal(14), approved=True)
    hours(volunteer=ann, hours=Decimal(10), approved=True)
    content = page(coordinator, "constituents:inspect", ann.pk)
    assert "Volunteered this year" in content
    assert "24 hours" in content
    assert "4,321" not in content
    assert "Lifetime giving" not in content
    assert '<td class="s-amount">10</td>' in page(coordinator, "constituents:inspect", ann.pk, tab="volunteering")


@pytest.mark.parametrize(
    "role", [Role.FUNDRAISER, Role.MEMBERSHIP_OFFICER, Role.COMMUNICATIONS, Role.READ_ONLY, Role.GIFT_PROCESSOR]
)
def test_other_roles_look_and_do_not_touch(sign_in, role) -> None:
    user = UserFactory(role=role, is_staff=True)
    assert user.has_perm("volunteers.view_signup")
    assert not any(
        user.has_perm(f"volunteers.{name}")
        for name in ("change_shift", "add_signup", "change_signup", "approve_hours", "export_signup", "add_hoursentry")
    )


def test_the_board_sees_coverage_and_nobody(sign_in) -> None:
    shift = make_shift()
    person = make_person("Nora", "Nameless")
    sign_up(shift, volunteer=person, by=None)
    board = sign_in(Role.BOARD_READER)
    assert "Nameless" not in page(board, "shifts:inspect", shift.pk)
    for name in ("hours:index", "sign_ups:index"):
        assert board.get(reverse(name)).status_code == 302
    assert board.get(reverse("volunteers_roster", args=[shift.pk])).status_code == 302


def test_no_form_adds_or_deletes_what_verbs_write(staff_client) -> None:
    anyone = staff_client()
    entry = hours()
    for name, args in (
        ("hours:add", []),
        ("hours:edit", [entry.pk]),
        ("hours:delete", [entry.pk]),
        ("sign_ups:add", []),
    ):
        assert anyone.get(reverse(name, args=args)).status_code == 302
