"""Finding: whoever staff mean stands first, and nothing that can be typed breaks it."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from hypothesis import assume, given
from hypothesis import strategies as st

from constituents.models import Constituent, SearchEntry, SearchWord
from constituents.search import indexes
from constituents.search.tokens import words_of
from constituents.services.people import change_constituent
from constituents.services.search_text import forget_words_of, rebuild_search, refresh_search_text
from core.triggers import install as install_triggers
from tests.factories.constituents import make_household, make_organisation, make_person
from tests.factories.donations import make_gift, make_receipt
from tests.harness.examples import drawn

pytestmark = pytest.mark.django_db

QUAY = {"street": "1 Quay", "city": "Little Quarry", "postal_code": "SW1A 1AA", "country": "GB"}


def first(text: str) -> str:
    """Who stands first, by name."""
    found = Constituent.objects.current().ranked(text)
    return found[0].constituent.display_name if found else ""


def reason(text: str) -> str:
    return str(Constituent.objects.current().ranked(text)[0].reason)


def make_crowd() -> None:
    """A few people who are easily taken for each other."""
    make_person("Robert", "Johnson", email="r.johnson@harbourtrust.example", phone="+44 7700 900123", address=QUAY)
    make_person("Roberta", "Johnston", email="roberta@example.org", phone="(207) 555-0123")
    make_person("John", "Robertson", email="jr@example.net")
    make_person("Margaret", "O’Neill", former_names="Maggie Featherstonhaugh", external_ids={"civicrm": "A-1007"})
    make_person("Łukasz", "Żółć-Müller", email="lukasz_z@poczta.example")
    make_person("María José", "de la Cruz")
    make_person("An", "Le")
    make_person("Ann", "Lee", title="Dr")
    make_person("Anna", "Leeson")
    make_person("太郎", "山田")
    make_organisation("Royal Harbour Lifeboat Institution", registration_number="SC-009/55")
    make_organisation("Johnson & Sons")


MEANT = {
    # a name in any order, folded, in part
    "robert johnson": "Robert Johnson",
    "Johnson, Robert": "Robert Johnson",
    "zolc": "Łukasz Żółć-Müller",
    "MULLER lukasz": "Łukasz Żółć-Müller",
    "oneill": "Margaret O’Neill",
    "o'neill": "Margaret O’Neill",
    "O Neill": "Margaret O’Neill",
    "delacruz": "María José de la Cruz",
    "mariajose": "María José de la Cruz",
    "leeson": "Anna Leeson",
    "ann lee": "Ann Lee",
    "dr lee": "Ann Lee",
    "an": "An Le",
    "r johns": "Robert Johnson",
    # nicknames
    "bob johnson": "Robert Johnson",
    "Peggy O'Neill": "Margaret O’Neill",
    # misspelt
    "robret johnson": "Robert Johnson",
    "rovert jonson": "Robert Johnson",
    "Robertsen": "John Robertson",
    "lukaz zolc": "Łukasz Żółć-Müller",
    "fetherstonhaugh": "Margaret O’Neill",
    "featherstonhuagh": "Margaret O’Neill",
    # e-mail and parts of it
    "r.johnson@harbourtrust.example": "Robert Johnson",
    "R.JOHNSON@": "Robert Johnson",
    "@harbourtrust": "Robert Johnson",
    "bourtrust": "Robert Johnson",
    "johnson@harbour": "Robert Johnson",
    "lukasz_z@poczta": "Łukasz Żółć-Müller",
    # telephone in any format
    "+447700900123": "Robert Johnson",
    "0044 7700 900123": "Robert Johnson",
    "07700 900123": "Robert Johnson",
    "+44 (0)7700 900-123": "Robert Johnson",
    "07700 900123 ext 12": "Robert Johnson",
    "900123": "Robert Johnson",
    "7700 9001": "Robert Johnson",
    "+1 207 555 0123": "Roberta Johnston",
    "207.555.0123": "Roberta Johnston",
    "5550123": "Roberta Johnston",
    # postal code, with or without space, alone or with a name
    "SW1A 1AA": "Robert Johnson",
    "sw1a1aa": "Robert Johnson",
    "SW1A": "Robert Johnson",
    "robert sw1a 1aa": "Robert Johnson",
    "johnson little quarry": "Robert Johnson",
    # ids and organisations
    "civicrm:A-1007": "Margaret O’Neill",
    "a1007": "Margaret O’Neill",
    "sc009/55": "Royal Harbour Lifeboat Institution",
    "rhli": "Royal Harbour Lifeboat Institution",
    "lifeboat royal": "Royal Harbour Lifeboat Institution",
    "johnson sons": "Johnson & Sons",
    # one word too many
    "Robert Peter Johnson": "Robert Johnson",
}


def test_whoever_is_meant_stands_first() -> None:
    make_crowd()
    assert {typed: first(typed) for typed in MEANT} == MEANT


def test_a_name_in_another_script_is_found_by_its_letters_and_by_what_they_fold_to() -> None:
    person = make_person("太郎", "山田")
    assert first("山田") == first(" ".join(words_of("山田"))) == person.display_name


def test_each_one_found_says_why() -> None:
    make_crowd()
    assert reason("bob johnson") == "nickname"
    assert reason("07700 900123") == "telephone"
    assert reason("bourtrust") == "e-mail"
    assert reason("SW1A 1AA") == "postal code"
    assert reason("rovert johnson") == "similar name"
    assert reason("robert johnson") == ""


def test_gifts_and_receipts_lead_to_who_gave() -> None:
    receipt = make_receipt(make_gift(make_person("Ann", "Lee"), "50"))
    gift = receipt.lines.get().gift
    year, number = receipt.serial[1:].split("-")
    for text in (receipt.serial, receipt.serial.lower(), f"{year} {int(number)}", str(gift.uuid), f"gift #{gift.pk}"):
        assert first(text) == "Ann Lee", text
        assert Constituent.objects.search(text).get() == receipt.recipient, text


def test_nobody_finds_a_donor_by_receipt_who_may_not_see_giving() -> None:
    receipt = make_receipt(make_gift(make_person("Ann", "Lee"), "50"))
    assert not Constituent.objects.searched_by(AnonymousUser()).search(receipt.serial).exists()
    assert Constituent.objects.searched_by(AnonymousUser()).current().ranked(receipt.serial) == []


def test_the_best_of_many_with_the_same_beginning_is_not_crowded_out() -> None:
    people = [Constituent(given_name="Anna", family_name=f"Leeson{number}") for number in range(250)]
    people.append(Constituent(given_name="Ann", family_name="Lee"))
    for person in people:
        person.write_names()
    refresh_search_text([person.pk for person in Constituent.objects.bulk_create(people)])
    assert first("ann lee") == "Ann Lee"


def test_a_list_can_be_searched_filtered_and_sorted_at_once() -> None:
    make_crowd()
    found = Constituent.objects.people().search("johnson").order_by("-sort_name")
    assert [str(person) for person in found] == ["Robert Johnson"]
    assert found.count() == 1
    assert Constituent.objects.search("jonhson").people().get() == found.get()


def test_a_signpost_is_not_found_and_its_record_is_swept() -> None:
    kept, merged = make_person("Ann", "Lee"), make_person("Anne", "Leigh")
    Constituent.objects.filter(pk=merged.pk).update(merged_into=kept)
    refresh_search_text([merged.pk])
    assert not Constituent.objects.search("leigh").exists()
    assert not SearchEntry.objects.filter(constituent=merged).exists()


def test_a_change_of_name_is_found_at_once_and_the_old_one_no_more() -> None:
    person = make_person("Ann", "Featherstone")
    change_constituent(person, by=None, family_name="Ray")
    assert first("ann ray") == "Ann Ray"
    assert not Constituent.objects.search("featherstone").exists()


def test_people_of_a_household_are_found_by_its_address() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Ray")
    household = make_household(ann, bo)
    household.addresses.create(street="1 Quay", city="Quarry", postal_code="AB1 2CD")
    refresh_search_text([ann.pk, bo.pk])
    assert set(Constituent.objects.search("ab12cd")) == {ann, bo}


SPOILED = [
    *("'", '"', "''; DROP TABLE constituents_constituent; --", 'lee" OR "x', "lee') OR 1=1 --", "\\", "lee\\"),
    *("%", "_", "%%%", "lee%", "l_e", "*", "lee*", "^lee", "lee:*", "!lee", "lee & !x", "(lee", "lee)", "<->", "a | b"),
    *("OR", "AND", "NOT", "lee NOT ann", "NEAR(lee ann, 2)", "tokens:lee", "n:lee", "{n e}:x", "- -", "lee -ann"),
    *("\x00", "lee\x00ann", "\n\t\r", "\ufeff", "\u202elee", "a\u0300" * 100, "🎉👩‍👩‍👧", "ﷺ" * 50, "İi̇ıI", "ß", "ﬁ"),
    *("x" * 5_000, "lee " * 500, "@", "@@", "a@", "@.", "+", "+1", "0", "00", "0000000", "1" * 400, "(", "07" * 60),
    *(
        "None",
        "null",
        "undefined",
        "NaN",
        "1e999",
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "${x}",
        "../../etc/passwd",
    ),
]


def test_whatever_is_typed_nothing_breaks() -> None:
    make_person("Ann", "Lee", email="ann@example.org")
    for text in SPOILED:
        Constituent.objects.current().ranked(text)
        list(Constituent.objects.search(text))
        assert len(Constituent.objects.ranked(text, limit=1)) <= 1


def test_empty_text_asks_for_nothing() -> None:
    make_person("Ann", "Lee")
    assert Constituent.objects.ranked("  ") == []
    assert Constituent.objects.search("  ").count() == 1


NAMES = st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo"]), min_size=5, max_size=12)


@drawn(15)
@given(NAMES, NAMES, st.data())
def test_any_name_is_found_by_itself_folded_and_with_two_letters_swapped(
    one: str, other: str, data: st.DataObject
) -> None:
    folded = words_of(other)
    assume(words_of(one) and len(folded) == 1 and re.fullmatch(r"[a-z]{5,25}", folded[0]))
    at = data.draw(st.integers(0, len(folded[0]) - 2))
    swapped = folded[0][:at] + folded[0][at + 1] + folded[0][at] + folded[0][at + 2 :]
    with transaction.atomic():
        person = make_person(one, other)
        for text in (f"{one} {other}", f"{other} {one}", " ".join(words_of(f"{one} {other}")), swapped):
            assert person in [found.constituent for found in Constituent.objects.ranked(text)], text
            assert person in Constituent.objects.search(text), text
        transaction.set_rollback(True)


def test_finding_asks_as_much_among_many_as_among_few(django_assert_max_num_queries: object) -> None:
    make_crowd()
    with django_assert_max_num_queries(12):
        Constituent.objects.for_list().current().ranked("rovert jonson")


def test_searching_again_after_everything_was_rebuilt_finds_the_same() -> None:
    make_crowd()
    before = dict(SearchEntry.objects.values_list("pk", "tokens"))
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    assert list(rebuild_search()) == [len(before)]
    assert dict(SearchEntry.objects.values_list("pk", "tokens")) == before
    assert first("rovert jonson") == "Robert Johnson"


def test_nothing_of_a_deleted_name_stays_in_the_index() -> None:
    person = make_person("Ann", "Featherstonhaugh")
    make_person("Bo", "Ray")
    name = person.display_name
    person.delete()
    forget_words_of([name])
    assert not SearchWord.objects.filter(word="featherstonhaugh").exists()
    assert SearchWord.objects.filter(word="ray").exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in (indexes.ENTRY_INDEX, indexes.WORD_INDEX):
                cursor.execute(f"SELECT block FROM {table}_data")
                assert not any(b"featherston" in bytes(block) for (block,) in cursor.fetchall())


def test_the_indexes_are_put_back_when_a_table_was_rebuilt_without_them() -> None:
    indexes.drop()
    ann = make_person("Ann", "Lee")
    connection.check_constraints()  # PostgreSQL makes no index over rows whose keys are still to be checked
    indexes.install()
    install_triggers()
    assert Constituent.objects.search("lee").get() == ann
