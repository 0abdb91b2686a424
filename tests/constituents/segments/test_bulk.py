"""What the list does to all results: at once or as a job, with one summary in the audit, and a way back."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from constituents.documents import SHEETS, labels
from constituents.models import Constituent, CustomField, FollowUp, SegmentSnapshot, Tag
from constituents.services.letters import check_letter, fill_letter
from constituents.services.segments import make_segment
from constituents.staff.bulk import AddTag
from core.audit.models import AuditEntry
from core.staff.models import BulkRun
from tests.factories.constituents import make_organisation, make_person

pytestmark = pytest.mark.django_db
LIVING = {"match": "all", "of": [{"criterion": "deceased", "operator": "no"}]}


@pytest.fixture
def people(db):
    home = {"street": "1 Quay", "city": "Boston", "postal_code": "02110", "country": "US"}
    return [
        make_person("Ann", "Lee", email="ann@example.org", address=home),
        make_person("Bo", "Ray", address=home | {"postal_code": "01001"}),
        make_person("Cy", "Dee", is_deceased=True, address=home),
        make_organisation("Harbour Trust"),
    ]


def act(client, action, count, data, **narrowed):
    address = reverse("wagtail_bulk_action", args=["constituents", "constituent", action])
    query = "&".join(f"{name}={value}" for name, value in {"id": "all", **narrowed}.items())
    return client.post(f"{address}?{query}&next=/admin/", data | {"count": str(count)})


def _bytes(run):
    with run.file.open("rb") as file:
        return file.read()


def test_a_tag_goes_on_all_of_a_segment_and_comes_off_again(staff_client, people) -> None:
    client = staff_client()
    press = Tag.objects.create(name="Press")
    people[0].tagged.create(tag=press)
    segment = make_segment(by=client.user, name="Living", criteria=LIVING)
    page = client.get(
        reverse("wagtail_bulk_action", args=["constituents", "constituent", "tag"]),
        {"id": "all", "segment": segment.pk},
    )
    assert (page.context["count"], sorted(page.context["names"])) == (3, ["Ann Lee", "Bo Ray", "Harbour Trust"])
    act(client, "tag", 3, {"tag": press.pk}, segment=segment.pk)
    assert set(press.constituents.all()) == {people[0], people[1], people[3]}
    summary = AuditEntry.objects.get(action="constituent.bulk_tag")
    assert summary.new == {"done": 2, "refused": 0, "filter": {"segment": [str(segment.pk)]}}
    assert AuditEntry.objects.for_instance(people[1]).filter(action="constituent.changed").count() == 1
    run = BulkRun.objects.get()
    assert "Undo" in client.get(run.get_absolute_url()).text
    client.post(reverse("core_bulk_undo", args=[run.pk]))
    assert list(press.constituents.all()) == [people[0]]
    client.post(reverse("core_bulk_undo", args=[run.pk]))
    assert AuditEntry.objects.filter(action="constituent.bulk_tag_undone").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_are_a_job(staff_client, run_jobs, people, monkeypatch) -> None:
    monkeypatch.setattr(AddTag, "at_once", 2)
    press = Tag.objects.create(name="Press")
    answer = act(staff_client(), "tag", 4, {"tag": press.pk})
    assert "/jobs/" in answer.headers["Location"]
    assert not press.constituents.exists()
    run_jobs()
    assert press.constituents.count() == 4
    assert BulkRun.objects.get().finished_at


def test_a_list_is_begun_and_added_to(staff_client, people) -> None:
    client = staff_client()
    act(client, "list", 1, {"name": "Gala", "onto": ""}, kind="organisation")
    gala = SegmentSnapshot.objects.get()
    act(client, "list", 3, {"name": "", "onto": gala.pk}, kind="person")
    gala.refresh_from_db()
    assert (gala.count, gala.members.count()) == (4, 4)


def test_a_field_is_set_and_a_follow_up_assigned(staff_client, people) -> None:
    client = staff_client()
    CustomField.objects.create(label="Badge", key="badge", value_type="number", applies_to="person")
    act(client, "set_field", 4, {"field": "badge", "value": "7"})
    assert people[0].custom_values.get().number == 7
    assert BulkRun.objects.get().refused_count == 1, "the organisation has no such field"
    owner = staff_client("Fundraiser").user
    data = {"kind": "call", "subject": "Say thank you", "due_on": "2026-12-01", "owner": owner.pk}
    act(client, "follow_up", 3, data, kind="person")
    assert FollowUp.objects.filter(owner=owner, subject="Say thank you").count() == 3


def test_a_file_is_for_whoever_may_export_and_asked_for_it(staff_client, people) -> None:
    client = staff_client("Fundraiser")
    answer = act(client, "export", 4, {"format": "csv"})
    run = BulkRun.objects.get()
    assert answer.headers["Location"] == run.get_absolute_url()
    answer = client.get(reverse("core_bulk_file", args=[run.pk]))
    got = answer.getvalue().decode()
    assert "ann@example.org" in got
    assert "1 Quay" in got
    assert AuditEntry.objects.get(action="export.downloaded").new["rows"] == 4
    other = staff_client("Administrator")
    assert other.get(reverse("core_bulk_file", args=[run.pk])).status_code == 404
    reader = staff_client("Read-only")
    act(reader, "export", 4, {"format": "csv"})
    assert BulkRun.objects.count() == 1, "who may not export is turned away"


def test_labels_and_letters_go_to_who_can_be_written_to_in_postal_order(staff_client, people) -> None:
    client = staff_client()
    act(client, "labels", 4, {"sheet": "letter-30", "skip": "1"})
    run = BulkRun.objects.get()
    words = PdfReader(io.BytesIO(_bytes(run))).pages[0].extract_text()
    assert words.index("Bo Ray") < words.index("Ann Lee")
    assert "Cy Dee" not in words
    assert len(run.changed) == 2
    act(client, "letters", 4, {"subject": "Spring", "words": "Dear {first_name},\n\nThank you."})
    pages = PdfReader(io.BytesIO(_bytes(BulkRun.objects.latest("pk")))).pages
    assert ["Dear Bo," in pages[0].extract_text(), "Dear Ann," in pages[1].extract_text()] == [True, True]


def test_a_letter_with_an_unknown_field_is_refused_before_anything_is_written(staff_client, people) -> None:
    answer = act(staff_client(), "letters", 4, {"subject": "Spring", "words": "Dear {nickname},"})
    assert "There is no field {nickname}." in answer.text
    assert not BulkRun.objects.exists()


def test_what_a_name_looks_like_is_never_read_as_a_field() -> None:
    check_letter("Dear {first_name}")
    sly = Constituent(given_name="{last_name}", family_name="<b>Lee</b>")
    assert fill_letter("Dear {first_name} {last_name}", sly) == "Dear {last_name} <b>Lee</b>"


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_a_sheet_holds_as_many_labels_as_it_has_places(sheet) -> None:
    lines = ["Dr Ann Lee", "12 Long Quay Street, behind the old lighthouse", "Boston MA 02110", "USA"]
    pages = PdfReader(io.BytesIO(labels([lines] * (sheet.places + 1), sheet=sheet))).pages
    assert len(pages) == 2
    assert pages[0].extract_text().count("Dr Ann Lee") == sheet.places
    assert (float(pages[0].mediabox.width), float(pages[0].mediabox.height)) == pytest.approx(sheet.page)
