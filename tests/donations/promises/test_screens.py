"""The screens about promises: lists, pages, buttons, reports, and who may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import sync_roles
from constituents.models import Constituent
from constituents.segments.registry import all_criteria
from constituents.segments.sets import found_by
from core.money import Money
from core.staff.models import BulkRun
from donations.models import Gift, Pledge, PledgeReminder, RecurringGift
from donations.promises import reports
from donations.promises.paying import apply_payment
from donations.promises.reminding import raise_reminders
from donations.promises.standing import change_recurring, end_recurring
from donations.promises.writing_off import write_off
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_household, make_person
from tests.factories.donations import make_campaign, make_fund, make_gift
from tests.factories.promises import make_pledge, make_recurring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

TODAY = dt.date(2026, 3, 15)


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2026, 3, 15, 16, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def client(staff_client: Callable[..., Client]) -> Client:
    """Somebody who may do all."""
    return staff_client()


def text(client: Client, url: str) -> str:
    response = client.get(url, follow=True)
    assert response.status_code == 200, url
    return response.content.decode()


def test_empty_lists_say_what_to_do_first(client: Client) -> None:
    assert "Nobody has promised anything yet" in text(client, reverse("pledges:index"))
    assert "No recurring gift yet" in text(client, reverse("recurring_gifts:index"))
    assert "No letter waits" in text(client, reverse("reminder_letters:index"))
    assert "Nothing has been promised yet" in text(client, reverse("report_promised"))
    assert "there is none yet" in text(client, reverse("pledges:add"))


def test_the_lists_ask_the_same_however_long(client: Client, assert_constant_queries: Callable) -> None:
    def more(count: int) -> None:
        for _ in range(count):
            make_pledge(number=2)
            make_recurring()

    assert_constant_queries(more, lambda: client.get(reverse("pledges:index")), at_most=25)
    assert_constant_queries(more, lambda: client.get(reverse("recurring_gifts:index")), at_most=25)


def test_a_pledge_is_written_down_paid_and_given_up_by_buttons(client: Client) -> None:
    fund, boats = make_fund("General fund", is_default=True), make_fund("Boats")
    donor = make_person()
    form = {
        "donor": donor.pk, "amount": "1,200", "currency": "USD", "pledged_on": "2026-03-01", "number": 12, "every": 1,
        "unit": "month", "first_due_on": "2026-03-31", "fund": fund.pk, "split_fund_1": boats.pk,
        "split_amount_1": "200", "wants_reminders": "on",
    }  # fmt: skip
    preview = client.get(reverse("pledge_schedule_preview"), form).content.decode()
    assert "12 instalments of $100.00" in preview
    client.post(reverse("pledges:add"), form)
    pledge = Pledge.objects.get()
    assert [int(part.amount) for part in pledge.allocations.all()] == [1000, 200]
    third = pledge.instalments.get(number=3)
    pay = reverse("pledges:pay", args=[pledge.pk])
    assert "100.00" in text(client, f"{pay}?part={third.pk}")
    paid = {"amount": "250", "received_on": "2026-03-14", "method": "cheque", "reference": "77"}
    client.post(f"{pay}?part={third.pk}", paid)
    numbers = pledge.instalments.filter(paid_amount__gt=0).values_list("number", "paid_amount")
    assert list(numbers) == [(1, 100), (2, 50), (3, 100)]
    gift = Gift.objects.get()
    assert [part.amount for part in gift.allocations.all()] == [Decimal("208.33"), Decimal("41.67")]
    again = {"amount": "950", "number": "", "every": "", "unit": "month", "own_date_1": "2027-01-01",
             "own_amount_1": "450", "own_date_2": "2027-06-30", "own_amount_2": "500", "reason": "Agreed"}  # fmt: skip
    client.post(reverse("pledges:schedule", args=[pledge.pk]), again)
    dues = pledge.instalments.open().values_list("due_on", flat=True)
    assert [due.isoformat() for due in dues] == ["2027-01-01", "2027-06-30"]
    reason = {"reason": "Moved away"}
    client.post(f"{reverse('pledges:write-off-one', args=[pledge.pk])}?part={pledge.instalments.open()[0].pk}", reason)
    page = text(client, reverse("pledges:inspect", args=[pledge.pk]))
    assert "Moved away" in page
    assert "instalment 3 of the" in text(client, reverse("gifts:inspect", args=[gift.pk]))
    client.post(reverse("pledges:write-off", args=[pledge.pk]), reason)
    pledge.refresh_from_db()
    assert pledge.status == "written_off"
    client.post(reverse("pledges:take-back", args=[pledge.pk]), {"reason": "Came back"})
    fewer = again | {"own_date_2": "", "own_amount_2": "", "amount": "950", "own_amount_1": "950"}
    refused = client.post(reverse("pledges:schedule", args=[pledge.pk]), fewer).content.decode()
    assert "Keep at least 2 instalments" in refused


def test_a_gift_applied_by_mistake_is_taken_off_by_a_button(client: Client) -> None:
    pledge, other = make_pledge(), make_pledge()
    gift = make_gift(pledge.donor, "50")
    apply_payment(gift, by=None, pledge=pledge)
    address = reverse("pledges:take-off", args=[pledge.pk]) + f"?part={gift.pk}"
    assert address in text(client, reverse("pledges:inspect", args=[pledge.pk]))
    strange = reverse("pledges:take-off", args=[other.pk]) + f"?part={gift.pk}"
    assert client.get(strange).status_code == 404
    client.post(address, {"reason": "Meant as an extra gift"})
    pledge.refresh_from_db()
    assert (pledge.paid_amount, Gift.objects.get(pk=gift.pk).is_counted) == (0, True)


def test_instalments_of_another_pledge_do_not_exist_here(client: Client) -> None:
    one, other = make_pledge(), make_pledge()
    url = reverse("pledges:write-off-one", args=[one.pk])
    assert client.get(f"{url}?part={other.instalments.first().pk}").status_code == 404
    assert client.get(url).status_code == 404


def test_a_slip_in_the_schedule_stands_beside_its_field(client: Client) -> None:
    fund = make_fund(is_default=True)
    form = {"donor": make_person().pk, "amount": "100", "currency": "USD", "pledged_on": "2026-03-01", "fund": fund.pk,
            "own_date_1": "2026-04-01", "own_amount_1": "60"}  # fmt: skip
    page = client.post(reverse("pledges:add"), form).content.decode()
    assert "add up to $60.00, but it is $100.00" in page
    assert not Pledge.objects.exists()


def test_a_gift_is_offered_what_it_looks_like_while_it_is_recorded(client: Client) -> None:
    pledge = make_pledge(amount="300", number=3)
    asked = {"donor": pledge.donor_id, "amount": "100", "currency": "USD", "received_on": "2026-03-14"}
    offer = client.get(reverse("giving_promises"), asked).content.decode()
    key = f"instalment-{pledge.instalments.first().pk}"
    assert f'value="{key}" checked' in offer
    entry = asked | {
        "method": "cheque", "fund": pledge.allocations.get().fund_id, "advantage_kind": "goods", "promise": key,
    }  # fmt: skip
    client.post(reverse("gifts:add"), entry)
    assert pledge.instalments.first().paid_amount == 100
    loose = make_gift(pledge.donor, "100", on=TODAY)
    assert "This looks like instalment 2" in text(client, reverse("gifts:inspect", args=[loose.pk]))
    second = pledge.instalments.get(number=2)
    client.post(reverse("gifts:promise", args=[loose.pk]), {"key": f"instalment-{second.pk}"})
    second.refresh_from_db()
    assert second.paid_amount == 100


def test_a_standing_order_is_started_met_changed_paused_and_ended_by_buttons(client: Client) -> None:
    fund = make_fund(is_default=True)
    form = {"donor": make_person().pk, "amount": "25", "currency": "USD", "every": 1, "unit": "month",
            "starts_on": "2026-03-01", "method": "transfer", "reference": "LEE", "fund": fund.pk}  # fmt: skip
    client.post(reverse("recurring_gifts:add"), form)
    recurring = RecurringGift.objects.get()

    def press(verb: str, **data: Any) -> RecurringGift:
        response = client.post(reverse(f"recurring_gifts:{verb}", args=[recurring.pk]), data)
        assert response.status_code == 302, response.content.decode()
        recurring.refresh_from_db()
        return recurring

    press("came", amount="25", received_on="2026-03-02", method="transfer", reference="LEE")
    assert recurring.last_paid_on == dt.date(2026, 3, 2)
    press("change", amount="40", every=1, unit="month", day=1, effective_on="2026-03-15", reason="Raised")
    assert (recurring.amount, recurring.monthly) == (40, 40)
    assert press("pause", until="2026-06-01", reason="Away").status == "paused"
    assert press("go-on").status == "active"
    loose = make_gift(recurring.donor, "40", on=TODAY)
    press("match", gift=loose.pk)
    url = reverse("recurring_gifts:take-off", args=[recurring.pk])
    client.post(f"{url}?part={loose.pk}", {"reason": "Not this one"})
    loose.refresh_from_db()
    assert loose.recurring is None
    assert press("end", on="2026-03-15", reason="Moved").status == "ended"
    page = text(client, reverse("recurring_gifts:inspect", args=[recurring.pk]))
    assert "$15.00" in page
    assert "Upgraded" in page


def test_the_person_and_the_household_show_what_is_promised(client: Client) -> None:
    household = make_household()
    donor = household.members[0]
    make_pledge(donor, "300", number=3)
    make_recurring(donor, "25", starts_on=TODAY)
    page = text(client, reverse("constituents:inspect", args=[donor.pk]))
    assert "Pledge overdue" in page
    assert "Recurring giver" in page
    assert "Recurring gift: started" in page
    tab = text(client, reverse("constituents:inspect", args=[donor.pk]) + "?tab=promises")
    assert "$25.00 every month" in tab
    home = text(client, reverse("households:inspect", args=[household.pk]))
    assert "They give a month" in home


def test_people_are_found_by_what_they_promised() -> None:
    late, early = make_pledge(number=2), make_pledge(first=dt.date(2026, 6, 1), number=2)
    monthly = make_recurring(starts_on=TODAY)

    def found(key: str, operator: str = "yes", value: Any = None) -> set[int]:
        return set(found_by(all_criteria()[key].find(operator, value, {}, TODAY)).values_list("pk", flat=True))

    assert found("promises.open") == {late.donor_id, early.donor_id}
    assert found("promises.overdue") == {late.donor_id}
    assert found("promises.recurring") == {monthly.donor_id}
    assert found("promises.monthly", "at_least", Decimal(25)) == {monthly.donor_id}


def test_promised_and_came_stand_apart_by_campaign_fund_and_year(client: Client) -> None:
    one, two = make_fund("Roof"), make_fund("Boats")
    spring = make_campaign("Spring")
    split = make_pledge(amount="100", number=2, campaign=spring, allocations=[(one, Decimal(70)), (two, Decimal(30))])
    apply_payment(make_gift(split.donor, "50"), by=None, pledge=split)
    plain = make_pledge(amount="200", number=1, fund=one, first=dt.date(2025, 6, 1))
    write_off(plain, by=None, reason="Closed")
    make_pledge(amount="40", number=1, fund=two, first=dt.date(2026, 1, 10))

    def rows(group: str) -> list[tuple[str, int, int, int, int]]:
        return [(r.name, int(r.promised), int(r.came), int(r.written_off), int(r.left)) for r in
                reports.promised_and_came(group)]  # fmt: skip

    assert sorted(rows("campaign")) == [("No campaign", 240, 0, 200, 40), ("Spring", 100, 50, 0, 50)]
    assert rows("fund") == [("Boats", 70, 15, 0, 55), ("Roof", 270, 35, 200, 35)]
    assert sum(row[1] for row in rows("year")) == 340
    ages = [(row.label, int(row.amount), row.instalments) for row in reports.overdue_ageing(TODAY)]
    assert ages == [("1 to 30 days", 50, 1), ("61 to 90 days", 40, 1)]
    page = text(client, reverse("report_promised") + "?group=fund")
    assert "$340.00" in page
    assert "61 to 90 days" in page
    assert b"Roof" in b"".join(client.get(reverse("report_promised") + "?group=fund&export=csv"))


def test_recurring_giving_by_month_adds_up_to_what_is_expected(client: Client) -> None:
    kept = make_recurring(amount="25", starts_on=dt.date(2026, 1, 1))
    gone = make_recurring(amount="120", every=1, unit="year", starts_on=dt.date(2026, 2, 1))
    change_recurring(kept, by=None, effective_on=TODAY, money=Money(Decimal(40), "USD"))
    end_recurring(gone, by=None, reason="Moved")
    change_recurring(kept, by=None, effective_on=dt.date(2026, 5, 1), money=Money(Decimal(90), "USD"))
    months = reports.movements(dt.date(2026, 1, 1), TODAY)
    shown = [(int(m.started), int(m.upgraded), int(m.lost), int(m.monthly)) for m in months]
    assert shown == [(0, 15, -10, 40), (10, 0, 0, 35), (25, 0, 0, 25)]
    assert reports.expected_a_month() == 40
    assert "$40.00" in text(client, reverse("report_recurring"))


def test_letters_wait_until_they_are_written(client: Client) -> None:
    pledge = make_pledge(amount="300", number=1, first=dt.date(2026, 3, 8))
    raise_reminders(today=TODAY)
    assert pledge.reference in text(client, reverse("reminder_letters:index"))
    url = reverse("wagtail_bulk_action", args=["donations", "pledgereminder", "mark_written"])
    reminder = PledgeReminder.objects.get()
    query = f"?id={reminder.pk}&next={reverse('reminder_letters:index')}"
    client.get(url + query)
    client.post(url.replace("mark_written", "print") + query, {"count": "1", "together": "household"})
    run = BulkRun.objects.get()
    with run.file.open() as file:
        assert file.read().startswith(b"%PDF")
    client.post(url + query, {"count": "1"})
    assert not PledgeReminder.objects.letters_to_write().exists()


@pytest.mark.parametrize(
    ("role", "sees", "writes", "gives_up"),
    [
        ("Gift processor", True, True, True),
        ("Fundraiser", True, True, False),
        ("Read-only", True, False, False),
        ("Board reader", False, False, False),
        ("Volunteer coordinator", False, False, False),
    ],
)
def test_roles_may_what_their_work_needs(
    staff_client: Callable[..., Client], settings: Any, role: str, sees: bool, writes: bool, gives_up: bool
) -> None:
    sync_roles()
    settings.DEMO = True  # no second factor is asked for in the demo
    pledge, recurring = make_pledge(), make_recurring()
    client = staff_client(role)

    def may(url: str) -> bool:
        return client.get(url).status_code == 200

    for url in (
        reverse("pledges:index"), reverse("pledges:inspect", args=[pledge.pk]), reverse("recurring_gifts:index"),
        reverse("recurring_gifts:inspect", args=[recurring.pk]), reverse("report_promised"),
        reverse("report_recurring"), reverse("reminder_letters:index"),
    ):  # fmt: skip
        assert may(url) is sees, url
    for url in (
        reverse("pledges:add"), reverse("pledges:schedule", args=[pledge.pk]), reverse("recurring_gifts:add"),
        reverse("recurring_gifts:pause", args=[recurring.pk]),
    ):  # fmt: skip
        assert may(url) is writes, url
    assert may(reverse("pledges:write-off", args=[pledge.pk])) is gives_up


def test_a_supporter_sees_their_own_promises_and_nobody_elses(client: Client) -> None:
    mine = make_pledge(amount="300", number=3)
    make_recurring(mine.donor, "25", starts_on=TODAY)
    make_pledge(amount="777", number=1)
    user = UserFactory()
    Constituent.objects.filter(pk=mine.donor_id).update(user=user)
    portal = Client()
    portal.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = text(portal, reverse("portal_giving"))
    assert mine.reference in page
    assert "$25.00 every month" in page
    assert "777" not in page
