"""The screens of thanks: the queue, letters from preview to print, templates, a person's page, and who may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import sync_roles
from core import clock
from core.mail.models import Message
from donations.models import Acknowledgement, Gift, PrintState, ThankYouRun, ThankYouTemplate
from donations.thanks.printing import draw_run, open_run
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

HOME = {"street": "2 Mill Lane", "city": "Portbury", "postal_code": "04101", "country": "US"}
PRINT = "/admin/bulk/donations/acknowledgement/print/"


@pytest.fixture
def client(staff_client: Callable[..., Client]) -> Client:
    """Somebody who may do all."""
    return staff_client()


def waiting_gift(name: str = "Ann", **details: object) -> Gift:
    return make_gift(make_person(name, address=HOME, email=f"{name.lower()}@example.net"), **details)


def test_the_queue_shows_who_waits_marks_who_is_late_and_asks_a_constant_number_of_questions(
    client: Client, assert_constant_queries: Callable
) -> None:
    late, thanked = waiting_gift("Latecomer"), waiting_gift("Thanked")
    Acknowledgement.objects.filter(gift=late).update(since=clock.now() - dt.timedelta(days=3))
    client.post(
        f"/admin/thanks/spoken/{thanked.acknowledgement.pk}/",
        {"how": "telephone", "on": clock.today().isoformat(), "note": "Glad"},
    )
    page = client.get("/admin/thanks/?stage=waiting").content.decode()
    assert ["Latecomer" in page, "s-chip--wrong" in page, "Thanked Lee" in page] == [True, True, False]
    assert "Thanked" in client.get("/admin/thanks/?stage=thanked").content.decode()
    assert "Latecomer" in client.get("/admin/thanks/?stage=late&reach=email").content.decode()
    assert_constant_queries(
        lambda count: [waiting_gift() for _number in range(count)], lambda: client.get("/admin/thanks/?stage=all")
    )


def test_letters_from_the_list_by_a_preview_to_the_printer(client: Client) -> None:
    for name in ("Ann", "Bo"):
        waiting_gift(name)
    page = client.get(f"{PRINT}?id=all&stage=waiting").content.decode()
    assert ["2 letters" in page, "Dear Ann," in page] == [True, True]
    sent = {"count": "2", "together": "donor", "template": "", "receipt": ""}

    previewed = client.post(f"{PRINT}?id=all&stage=waiting", sent | {"preview": "1"})
    assert (previewed.status_code, ThankYouRun.objects.count()) == (200, 0)
    client.post(f"{PRINT}?id=all&stage=waiting", sent)
    run = ThankYouRun.objects.get()
    assert "Bo" in client.get(f"/admin/thanks-letters/inspect/{run.pk}/").content.decode()
    assert client.get(f"/admin/thanks-letters/{run.pk}/file/").getvalue().startswith(b"%PDF")
    client.post(f"/admin/thanks-letters/printed/{run.pk}/")
    run.refresh_from_db()
    assert (run.state, Acknowledgement.objects.waiting().count()) == (PrintState.PRINTED, 0)


def test_many_are_mailed_at_once_or_noted_as_called_and_that_can_be_undone(client: Client) -> None:
    rows = [waiting_gift(name).acknowledgement for name in ("Ann", "Bo", "Cora")]
    client.post(
        f"/admin/bulk/donations/acknowledgement/mail/?id={rows[0].pk}&id={rows[1].pk}", {"count": "2", "template": ""}
    )
    assert Message.objects.filter(template="thanks").count() == 2
    client.post(
        f"/admin/bulk/donations/acknowledgement/not_wanted/?id={rows[2].pk}", {"count": "1", "reason": "Our own board"}
    )
    rows[2].refresh_from_db()
    assert (rows[2].state, rows[2].note) == ("not_wanted", "Our own board")


def test_a_template_is_written_with_the_letter_beside_it_and_refuses_unknown_fields(client: Client) -> None:
    gift = waiting_gift("Alma")
    words = {"words": "Dear {salutation}, thanks for **{amount}**", "language": "en", "receipt": "nothing"}
    shown = client.post("/admin/thanks/preview/", words | {"preview_gift": str(gift.pk)}).content.decode()
    assert "Dear Alma, thanks for <strong>$50.00</strong>" in shown
    assert "There is no field {nobody}" in client.post("/admin/thanks/preview/", {"words": "{nobody}"}).content.decode()
    form = words | {"name": "New", "position": "1", "number": "any", "tribute": "any", "is_active": "on"}
    assert client.get("/admin/thanks-templates/new/").status_code == 200
    assert client.post("/admin/thanks-templates/new/", form | {"words": "{nobody}"}).status_code == 200
    assert not ThankYouTemplate.objects.exists()
    client.post("/admin/thanks-templates/new/", form)
    template = ThankYouTemplate.objects.get()
    assert client.get(f"/admin/thanks-templates/edit/{template.pk}/").status_code == 200
    assert "who reads English" in client.get("/admin/thanks-templates/").content.decode()
    assert "thanks for" in client.get(f"/admin/thanks-templates/copy/{template.pk}/").content.decode()


def test_a_person_is_thanked_from_their_page(client: Client) -> None:
    gift = waiting_gift("Ann")
    page = reverse("constituents:inspect", args=[gift.donor_id])
    thank = f"/admin/thanks/for/{gift.donor_id}/"
    assert thank in client.get(page).content.decode()
    assert "I have called" in client.get(thank).content.decode()
    row = gift.acknowledgement
    client.post(thank, {"gifts": [row.pk], "how": "in_person", "on": clock.today().isoformat(), "note": "At the fair"})
    shown = client.get(page).content.decode()
    assert ["Thanked: In person" in shown, "At the fair" in shown, thank in shown] == [True, True, False]
    assert "In person" in client.get(f"/admin/gifts/inspect/{gift.pk}/").content.decode()


@pytest.mark.parametrize(
    ("role", "sees", "thanks", "sets"),
    [
        ("Gift processor", 200, 200, 200),
        ("Fundraiser", 200, 200, 200),
        ("Read-only", 200, 302, 302),
        ("Volunteer coordinator", 302, 302, 302),
        ("Board reader", 302, 302, 302),
    ],
)
def test_each_role_may_what_its_work_needs(
    staff_client: Callable[..., Client], settings: object, role: str, sees: int, thanks: int, sets: int
) -> None:
    sync_roles()
    settings.DEMO = True  # no second factor is asked for in the demo
    gift, other = waiting_gift(), waiting_gift("Bo")
    run = draw_run(open_run([other.pk], by=None))
    row, client = gift.acknowledgement, staff_client(role)

    def answers(*urls: str) -> set[int]:
        responses = [client.get(url) for url in urls]
        for response in responses:
            if response.streaming:
                response.getvalue()  # read to its end, a file is closed
        return {response.status_code for response in responses}

    assert answers(
        "/admin/thanks/",
        f"/admin/thanks/inspect/{row.pk}/",
        f"/admin/thanks/letter/{row.pk}/",
        "/admin/thanks-letters/",
        f"/admin/thanks-letters/inspect/{run.pk}/",
        "/admin/thanks-templates/",
        "/admin/reports/time-to-thank/",
    ) <= ({200} if sees == 200 else {302, 403})
    assert answers(
        f"/admin/thanks/print/{row.pk}/",
        f"/admin/thanks/mail/{row.pk}/",
        f"/admin/thanks/not_wanted/{row.pk}/",
        f"/admin/thanks-letters/{run.pk}/file/",
        f"/admin/thanks/for/{gift.donor_id}/",
        f"{PRINT}?id={row.pk}",
    ) <= ({200} if thanks == 200 else {302, 403})
    assert answers("/admin/thanks-templates/new/") <= ({200} if sets == 200 else {302, 403})
