"""The screens of Gift Aid: who sees which, what they say, how many questions they ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.roles import Role
from constituents.segments.registry import all_criteria
from constituents.work.waiting import Waiting
from core.organisation import forget_organisation
from core.organisation.models import Organisation
from donations.gift_aid.asking import missed_gifts
from donations.gift_aid.claiming import gather_again, gather_claim
from donations.gift_aid.eligibility import portions_of
from donations.gift_aid.working import due_claims, to_confirm
from donations.models import GiftAidClaim, GiftAidDeclaration, GiftAidSettings, NotEnoughTax
from tests.donations.gift_aid.conftest import TODAY, pounds
from tests.factories.constituents import make_person
from tests.factories.gift_aid import make_declaration, make_sent_claim

pytestmark = pytest.mark.usefixtures("charity")


def pages() -> dict[str, str]:
    declaration = make_declaration()
    pounds(declaration.donor, "40")
    sent = make_sent_claim(TODAY)
    return {
        "declarations": reverse("gift_aid_declarations:index"),
        "declaration": reverse("gift_aid_declarations:inspect", args=[declaration.pk]),
        "ask": reverse("gift_aid_asking"),
        "claims": reverse("gift_aid_claims:index"),
        "claim": reverse("gift_aid_claims:inspect", args=[sent.pk]),
        "record": reverse("gift_aid_declarations:record"),
        "mend": reverse("gift_aid_declarations:mend", args=[declaration.pk]),
        "cancel": reverse("gift_aid_declarations:cancel", args=[declaration.pk]),
        "gather": reverse("gift_aid_claims:gather"),
        "payment": reverse("gift_aid_claims:payment", args=[sent.pk]),
        "file": reverse("gift_aid_file", args=[sent.uuid, 1, "ods"]),
    }


LOOK = {"declarations", "declaration", "ask", "claims", "claim"}
DECLARE = LOOK | {"record", "mend", "cancel"}
ALL = DECLARE | {"gather", "payment", "file"}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.ADMINISTRATOR, ALL),
        (Role.GIFT_PROCESSOR, ALL),
        (Role.FUNDRAISER, DECLARE),
        (Role.READ_ONLY, LOOK),
        (Role.BOARD_READER, set()),
        (Role.VOLUNTEER_COORDINATOR, set()),
    ],
)
def test_each_role_opens_what_it_may(staff_client: Callable, settings, role: Role, allowed: set[str]) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client = staff_client(role)
    opened = {name for name, url in pages().items() if client.get(url).status_code == 200}
    assert opened == allowed


def test_a_claim_is_gathered_sent_downloaded_and_paid_on_its_screens(
    staff_client: Callable, django_capture_on_commit_callbacks: Callable
) -> None:
    client = staff_client()
    pounds(make_declaration(make_person("Jory", "Pascoe")).donor, "80")
    nameless = make_declaration(make_person("", "Trevanion"))
    pounds(nameless.donor, "60")
    client.post(reverse("gift_aid_claims:gather"), {"up_to": TODAY, "grouping": "gift"})
    claim = GiftAidClaim.objects.get()
    page = client.get(reverse("gift_aid_claims:inspect", args=[claim.pk])).content.decode()
    assert "Trevanion: the first name is missing" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("gift_aid_claims:send", args=[claim.pk]), {"reference": "HMRC-1"})
    file = client.get(reverse("gift_aid_file", args=[claim.uuid, 1, "ods"]))
    assert (file.status_code, file.content[:2]) == (200, b"PK")
    client.post(
        reverse("gift_aid_claims:payment", args=[claim.pk]), {"paid_on": TODAY, "amount": "20.00", "reference": ""}
    )
    claim.refresh_from_db()
    assert (claim.state, claim.paid_amount, claim.reference) == ("paid", Decimal(20), "HMRC-1")


def test_a_declaration_is_recorded_from_the_persons_page(staff_client: Callable) -> None:
    client = staff_client()
    person = make_person(address={"street": "12 High Street", "postal_code": "TR11 3XX", "country": "GB"})
    url = f"{reverse('gift_aid_declarations:record')}?donor={person.pk}"
    form = client.get(url).context["form"]
    assert (form.initial["house"], form.initial["postcode"]) == ("12", "TR11 3XX")
    data = {name: value for name, value in form.initial.items() if value not in (None, False)} | {"donor": person.pk}
    client.post(url, data)
    assert GiftAidDeclaration.objects.get().donor == person
    page = client.get(reverse("constituents:inspect", args=[person.pk])).content.decode()
    assert "Past four years, this gift, gifts to come" in page


def test_lists_ask_a_constant_number_of_questions(staff_client: Callable, assert_constant_queries: Callable) -> None:
    client = staff_client()
    pounds(make_declaration().donor, "40")
    claim = gather_claim(by=None, up_to=TODAY)
    urls = [reverse("gift_aid_declarations:index"), reverse("gift_aid_asking")]
    urls.append(reverse("gift_aid_claims:inspect", args=[claim.pk]))

    def more(count: int) -> None:
        for _number in range(count):
            pounds(make_declaration().donor, "40")
            pounds(make_person(), "40")
        gather_again(claim, by=None)

    def look() -> None:
        for url in urls:
            client.get(url)

    assert_constant_queries(more, look, at_most=60)


def test_elsewhere_nothing_of_it_is_in_the_menu_or_on_a_persons_page(staff_client: Callable) -> None:
    client = staff_client()
    person = make_person()
    url = reverse("constituents:inspect", args=[person.pk])
    assert "Gift Aid" in client.get(url).content.decode()
    Organisation.objects.update(regime="us")
    forget_organisation()
    assert "Gift Aid" not in client.get(url).content.decode()


def test_whom_to_ask_and_what_it_would_bring() -> None:
    asked = make_person()
    pounds(asked, "30.50")
    pounds(asked, "10", method="payroll")
    pounds(make_declaration().donor, "100")
    assert list(missed_gifts(TODAY).values_list("donor", flat=True)) == [asked.pk]


def test_gifts_whose_four_years_run_out_wait_for_somebody() -> None:
    donor = make_declaration(declared_on=dt.date(2023, 1, 1)).donor
    pounds(donor, "40", dt.date(2023, 4, 5))
    assert due_claims(None) is None  # the deadline is 5 April 2027, 136 days from here
    GiftAidSettings.objects.update(warn_before=140)
    waiting = due_claims(None)
    assert isinstance(waiting, Waiting)
    assert (waiting.number, "5 Apr 2027" in str(waiting.text)) == (1, True)
    make_declaration(method="oral")
    assert to_confirm(None).number == 1


def test_people_are_found_by_what_a_declaration_would_bring() -> None:
    person = make_person()
    pounds(person, "30.50")
    numbers = all_criteria()["gift_aid.missed"].numbers({}, TODAY)
    assert [(row["donor"], row["number"]) for row in numbers.rows] == [(person.pk, Decimal("7.625"))]


def test_who_pays_enough_tax_again_is_claimed_for_again(staff_client: Callable) -> None:
    donor = make_declaration().donor
    client, page = staff_client(), reverse("constituents:inspect", args=[donor.pk])
    client.post(reverse("gift_aid_declarations:too-little-tax") + f"?donor={donor.pk}", {"since": "2026-01-01"})
    gift = pounds(donor, "40", on=dt.date(2026, 6, 1))
    assert not portions_of([gift])[0].verdict.amount
    told = NotEnoughTax.objects.get()
    enough = reverse("gift_aid_declarations:enough-tax") + f"?donor={donor.pk}&told={told.pk}"
    assert "Enough tax again" in client.get(page).content.decode()
    assert client.post(enough, {"until": "2026-04-05"}).status_code == 302
    assert portions_of([gift])[0].verdict.amount == 40
    assert "Enough tax again" not in client.get(page).content.decode()
