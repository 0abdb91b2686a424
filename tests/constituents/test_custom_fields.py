"""Custom fields: typed, findable, private where they should be, and never lost by accident."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from constituents.errors import FieldInUseError
from constituents.models import Constituent, CustomField, CustomValue, ValueType
from constituents.services.custom_fields import set_values
from constituents.services.field_setup import add_field, change_field, remove_field, switch_field
from core.audit.models import AuditEntry
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_organisation, make_person

pytestmark = pytest.mark.django_db


def field(label: str, value_type: str = ValueType.TEXT, **facts) -> CustomField:
    return add_field(by=None, label=label, value_type=value_type, **facts)


def held(person: Constituent) -> dict:
    return {value.field.key: value.value for value in person.custom_values.select_related("field")}


def test_a_field_gets_a_key_and_its_place_from_its_label():
    first, second = field("T-shirt size"), field("Größe der Schuhe")

    assert (first.key, second.key) == ("t_shirt_size", "grosse_der_schuhe")
    assert first.position < second.position


def test_values_are_kept_as_what_they_are():
    person = make_person()
    field("Badge"), field("Dogs", ValueType.NUMBER), field("Joined", ValueType.DATE), field("Vegan", ValueType.YES_NO)
    field("Size", ValueType.CHOICE, choices=["S", "M"])

    set_values(person, {"badge": " B-7 ", "dogs": "2.50", "joined": "2026-03-31", "vegan": "yes", "size": "m"}, by=None)

    assert held(person) == {
        "badge": "B-7",
        "dogs": Decimal("2.5"),
        "joined": dt.date(2026, 3, 31),
        "vegan": True,
        "size": "M",
    }


def test_what_does_not_fit_is_refused_by_field_and_nothing_is_written():
    person = make_person()
    field("Dogs", ValueType.NUMBER), field("Badge")
    field("Branch", applies_to="organisation")

    with pytest.raises(ValidationError) as refused:
        set_values(person, {"dogs": "two", "branch": "North", "nothing": "x", "badge": "B"}, by=None)

    assert set(refused.value.message_dict) == {"dogs", "branch", "nothing"}
    assert held(person) == {}


def test_a_change_leaves_old_and_new_under_the_label():
    person = make_person()
    field("Dogs", ValueType.NUMBER)
    set_values(person, {"dogs": 1}, by=None)

    set_values(person, {"dogs": 2}, by=None)

    entry = AuditEntry.objects.for_instance(person).filter(action="constituent.changed").order_by("pk").last()
    assert (entry.payload.data["old"], entry.payload.data["new"]) == ({"Dogs": "1"}, {"Dogs": "2"})


def test_the_database_holds_one_value_of_one_kind():
    person, badge = make_person(), field("Badge")

    with pytest.raises(IntegrityError), transaction.atomic():
        CustomValue.objects.create(constituent=person, field=badge, text="B", number=1)


def test_the_search_box_finds_what_it_should(staff_client):
    person = make_person()
    field("Badge", in_search=True), field("Allergies")
    set_values(person, {"badge": "Quokka-17", "allergies": "walnuts"}, by=None)

    assert list(Constituent.objects.search("quokka")) == [person]
    assert not Constituent.objects.search("walnuts").exists()


def test_a_sensitive_field_says_why_and_is_never_searched():
    with pytest.raises(ValidationError, match="Say why"):
        field("Faith", is_sensitive=True)
    with pytest.raises(ValidationError, match="search box"):
        field("Faith", is_sensitive=True, why_held="Prayer room", in_search=True)


def test_a_type_changes_only_when_every_value_can_follow():
    one, other, dogs = make_person(), make_person(), field("Dogs")
    set_values(one, {"dogs": "3"}, by=None)
    set_values(other, {"dogs": "many"}, by=None)

    with pytest.raises(ValidationError, match="many"):
        change_field(dogs, by=None, value_type=ValueType.NUMBER)
    set_values(other, {"dogs": "12"}, by=None)
    change_field(dogs, by=None, value_type=ValueType.NUMBER)

    assert held(one) == {"dogs": Decimal(3)}
    assert held(other) == {"dogs": Decimal(12)}


def test_a_choice_in_use_cannot_be_taken_away():
    person, size = make_person(), field("Size", ValueType.CHOICE, choices=["S", "M"])
    set_values(person, {"size": "M"}, by=None)

    with pytest.raises(ValidationError, match="“M”"):
        change_field(size, by=None, choices=["S", "L"])


def test_deleting_asks_first_and_switching_off_loses_nothing():
    person, badge = make_person(), field("Badge")
    set_values(person, {"badge": "B-7"}, by=None)

    with pytest.raises(FieldInUseError, match="1 record"):
        remove_field(badge, by=None)
    switch_field(badge, by=None, on=False)
    assert not person.custom_values.shown().exists()
    switch_field(badge, by=None, on=True)
    assert person.custom_values.shown().get().value == "B-7"
    remove_field(badge, by=None, with_values=True)
    assert not CustomValue.objects.exists()


# Screens --------------------------------------------------------------------------------------------------------------


def test_a_defined_field_is_on_the_form_at_once_and_on_the_page_once_filled(staff_client):
    client = staff_client()
    client.post(
        reverse("custom_fields:add"),
        {"label": "T-shirt size", "value_type": "choice", "applies_to": "person", "choices": "S\nM\n"},
    )
    person = make_person("Ann", "Lee")
    page = client.get(reverse("constituents:edit", args=[person.pk]))
    data = {name: value for name, value in page.context["form"].initial.items() if value not in (None, [])}

    saved = client.post(reverse("constituents:edit", args=[person.pk]), data | {"custom_t_shirt_size": "M"})

    assert saved.status_code == 302
    assert held(person) == {"t_shirt_size": "M"}
    assert b"T-shirt size" in client.get(reverse("constituents:inspect", args=[person.pk])).content
    organisation = make_organisation()
    assert b"T-shirt size" not in client.get(reverse("constituents:edit", args=[organisation.pk])).content


def test_a_wrong_value_stands_at_its_field(staff_client):
    field("Dogs", ValueType.NUMBER)
    client, person = staff_client(), make_person("Ann", "Lee")

    page = client.post(
        reverse("constituents:edit", args=[person.pk]),
        {"kind": "person", "given_name": "Ann", "family_name": "Lee", "custom_dogs": "two"},
    )

    assert page.context["form"].errors == {"custom_dogs": ["Enter a number."]}


def test_the_settings_screen_says_what_to_do_first_and_what_a_deletion_costs(staff_client):
    client = staff_client()
    assert b"Nothing of your own yet" in client.get(reverse("custom_fields:index")).content
    person, badge = make_person(), field("Badge")
    set_values(person, {"badge": "B-7"}, by=None)

    asked = client.get(reverse("custom_fields:delete", args=[badge.pk]))
    refused = client.post(reverse("custom_fields:delete", args=[badge.pk]))

    assert b"1 record loses what it holds here" in asked.content
    assert refused.status_code == 200
    assert CustomField.objects.filter(pk=badge.pk).exists()
    client.post(reverse("custom_fields:delete", args=[badge.pk]), {"with_values": "on"})
    assert not CustomField.objects.exists()


@pytest.fixture
def sensitive():
    """Somebody of whom something sensitive is held."""
    person = make_person("Ann", "Lee")
    field("Faith", is_sensitive=True, why_held="For the prayer room")
    set_values(person, {"faith": "Pastafarian"}, by=None)
    return person


def test_sensitive_details_are_shown_only_on_demand_and_only_to_those_who_may(staff_client, sensitive):
    page, form = (reverse(f"constituents:{name}", args=[sensitive.pk]) for name in ("inspect", "edit"))
    details = reverse("constituent_sensitive", args=[sensitive.pk])

    fundraiser = staff_client("Fundraiser")
    for answer in (fundraiser.get(page), fundraiser.get(form), fundraiser.post(details, follow=True)):
        assert b"Pastafarian" not in answer.content
    administrator = staff_client("Administrator")
    assert b"Pastafarian" not in administrator.get(page).content
    assert b"Pastafarian" in administrator.post(details).content
    looks = AuditEntry.objects.for_instance(sensitive).filter(action="constituent.sensitive_seen")
    assert [look.user for look in looks] == [administrator.user]
    assert b"Pastafarian" in administrator.get(form).content
    assert looks.all().count() == 2


def test_an_export_holds_the_custom_fields_its_reader_may_see(staff_client, sensitive):
    field("Badge")
    set_values(sensitive, {"badge": "B-7"}, by=None)

    def exported(client):
        answer = client.get(reverse("constituents:index"), {"export": "csv"})
        return next(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    row = exported(staff_client("Fundraiser"))
    assert row["Badge"] == "B-7"
    assert "Faith" not in row
    assert exported(staff_client("Administrator"))["Faith"] == "Pastafarian"


def test_nobody_sets_what_they_may_not_see(sensitive):
    with pytest.raises(ValidationError, match="no custom field"):
        set_values(sensitive, {"faith": "Other"}, by=UserFactory())


def test_what_the_audit_keeps_of_a_sensitive_value_is_that_it_changed(sensitive):
    set_values(sensitive, {"faith": "None"}, by=None)

    entries = AuditEntry.objects.for_instance(sensitive).select_related("payload")
    assert not any("Pastafarian" in str(entry.payload.data) for entry in entries)


def test_an_export_comes_back_unchanged(tmp_path):
    person = make_person("Ann", "Lee")
    field("Badge"), field("Dogs", ValueType.NUMBER), field("Vegan", ValueType.YES_NO), field("Joined", ValueType.DATE)
    set_values(person, {"badge": "B-7", "dogs": "2.5", "vegan": False, "joined": "2026-03-31"}, by=None)
    out, told = tmp_path / "people.csv", StringIO()
    call_command("export_data", "people", str(out), "--format", "csv", stdout=StringIO())

    call_command("import_data", str(out), "--json", stdout=told)

    assert '"created": {}, "updated": {}, "unchanged": 1' in told.getvalue()
    row = next(csv.DictReader(StringIO(out.read_text(encoding="utf-8-sig"))))
    assert (row["Badge"], row["Dogs"], row["Vegan"], row["Joined"]) == ("B-7", "2.5", "no", "2026-03-31")
