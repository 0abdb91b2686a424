"""The scan as staff and operators meet it: pairs kept with reasons, decisions learned, merges settled."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from constituents.duplicates.live import likely_matches
from constituents.duplicates.pairs import PairDecidedError, certain_pairs, dismiss, reconsider
from constituents.duplicates.scanning import Steps, scan, start_scan, unfinished_scan
from constituents.models import Constituent, DuplicatePair, DuplicateScan, ExternalId, Likeness, PairState
from constituents.services.merging import merge, undo_merge
from tests.factories.constituents import make_person

pytestmark = pytest.mark.django_db
NAMES = [("Ida", "Falk"), ("Otto", "Brandt"), ("Lena", "Vogt"), ("Nils", "Ahrens"), ("Rosa", "Timm"), ("Emil", "Kern")]


def someone(given: str, family: str, *, born: tuple[int, int, int], email: str = "") -> Constituent:
    person = make_person(given, family, email=email)
    person.birth_year, person.birth_month, person.birth_day = born
    person.save()
    return person


@pytest.fixture
def twice() -> tuple[Constituent, Constituent]:
    """Ada Quill is on record twice, once as Quil; six others once."""
    for place, (given, family) in enumerate(NAMES):
        someone(given, family, born=(1950 + place, 1 + place, 2 + place), email=f"{given}@x.example")
    first = someone("Ada", "Quill", born=(1971, 4, 12), email="ada@q.example")
    return first, someone("Ada", "Quil", born=(1971, 12, 4), email="ada@q.example")


def test_a_scan_says_who_and_why(twice):
    scan(Steps())
    pair = DuplicatePair.objects.to_decide().get()
    assert (pair.first, pair.second) == twice
    assert pair.likeness == Likeness.LIKELY
    assert {"email.same", "birth.swapped", "family.near"} <= set(pair.reasons)


def test_not_a_duplicate_is_remembered_until_something_compared_changes(twice):
    scan(Steps())
    dismiss(DuplicatePair.objects.get(), by=None)
    scan(Steps())
    assert not DuplicatePair.objects.to_decide().exists()
    twice[1].birth_month, twice[1].birth_day = 4, 12
    twice[1].save()
    scan(Steps())
    assert DuplicatePair.objects.to_decide().get().decided_at is None


def test_a_decision_can_be_taken_back_and_is_made_once(twice):
    scan(Steps())
    pair = dismiss(DuplicatePair.objects.get(), by=None)
    with pytest.raises(PairDecidedError):
        dismiss(pair, by=None)
    assert reconsider(pair, by=None).state == PairState.OPEN


def test_a_pair_that_looks_alike_no_longer_leaves_the_list(twice):
    scan(Steps())
    other = twice[1]
    other.emails.all().delete()
    other.given_name, other.family_name, other.birth_year = "Bruno", "Hegel", 1933
    other.save()
    scan(Steps())
    assert not DuplicatePair.objects.exists()


def test_a_scan_of_what_changed_reads_nobody_when_nothing_did(twice, django_assert_max_num_queries):
    first = scan(Steps())
    with django_assert_max_num_queries(20) as asked:
        again = scan(Steps(), since=first.finished_at)
    assert not [query for query in asked.captured_queries if "constituents_phone" in query["sql"]]
    assert (again.people, again.compared, again.found) == (first.people, 0, first.found)
    dismiss(DuplicatePair.objects.get(), by=None)
    assert scan(Steps(), since=first.finished_at).found == 0


def test_a_later_scan_looks_only_at_what_changed(twice):
    first = scan(Steps())
    assert scan(Steps(), since=first.finished_at).compared == 0
    twice[0].save()
    assert scan(Steps(), since=first.finished_at).compared > 0
    assert DuplicatePair.objects.to_decide().count() == 1


def test_a_merge_settles_the_pair_and_its_undo_asks_again(twice):
    scan(Steps())
    done = merge(*twice, by=None)
    assert DuplicatePair.objects.get().state == PairState.MERGED
    undo_merge(done, by=None)
    assert DuplicatePair.objects.get().state == PairState.OPEN


def test_only_what_admits_no_other_reading_is_certain(twice):
    first, second = twice
    scan(Steps())
    assert not certain_pairs().exists()
    second.family_name, second.birth_month, second.birth_day = first.family_name, 4, 12
    second.save()
    scan(Steps())
    assert certain_pairs().get().first == first


def test_a_scan_goes_on_where_it_was_interrupted(twice):
    steps = Steps()
    begun = DuplicateScan.objects.create(started_at=twice[0].created_at)
    steps.saved = {"scan": begun.pk, "after": 0}
    assert scan(steps) == begun
    assert begun.pairs.count() == 1


def test_two_scans_are_not_asked_for_at_once(twice):
    assert start_scan(by=None) == start_scan(by=None) == unfinished_scan()


def test_the_command_names_records_as_other_systems_know_them(twice):
    for number, person in enumerate(twice):
        ExternalId.objects.create(constituent=person, system="old", value=f"r{number}")
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("find_duplicates", json=True, stdout=out)
    assert ended.value.code == 1
    (row,) = json.loads(out.getvalue())
    assert (row["a"], row["b"]) == ("old:r0", "old:r1")
    assert "birth date: day and month swapped" in row["reasons"]
    assert 0.5 < row["score"] <= 1
    with pytest.raises(CommandError):
        call_command("find_duplicates", since="soon")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"email": "ADA@q.example"}, "same e-mail"),
        ({"given_name": "Ada", "family_name": "Quil"}, "same family name"),
        ({"name": "Ada Quill"}, "same given name"),
    ],
)
def test_while_somebody_new_is_typed_likely_matches_say_why(twice, typed, reason):
    assert any(reason in match.reasons for match in likely_matches(**typed))


def test_a_stranger_matches_nobody(twice):
    assert likely_matches(given_name="Bruno", family_name="Hegel", email="b@h.example") == []


def test_the_list_says_why_and_settles_pairs(twice, staff_client):
    scan(Steps())
    pair = DuplicatePair.objects.get()
    client = staff_client()
    page = client.get(reverse("duplicates:index")).text
    assert "csrfmiddlewaretoken" in page, "without it no browser may settle a pair"
    assert "same e-mail" in page
    assert reverse("constituents:merge", args=[twice[0].pk]) in page
    assert "Side by side" in client.get(reverse("duplicates:inspect", args=[pair.pk])).text
    client.post(reverse("duplicates:dismiss", args=[pair.pk]))
    assert DuplicatePair.objects.get().decided_by == client.user
    assert "same e-mail" not in client.get(reverse("duplicates:index")).text


def test_a_longer_list_takes_no_more_queries(staff_client, assert_constant_queries):
    client = staff_client()

    def pairs_of_namesakes(count: int) -> None:
        for _ in range(count):
            first, second = make_person("Ada", "Quill", email="a@q.example"), make_person("Ada", "Quil")
            DuplicatePair.objects.create(
                first=first, second=second, likeness=Likeness.LIKELY, score=1, weight=9, found_at=first.created_at
            )

    assert_constant_queries(pairs_of_namesakes, lambda: client.get(reverse("duplicates:index")))
