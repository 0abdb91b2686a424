"""How households are named: the table of cases that a fundraiser would check by eye."""

import pytest

from constituents.models.household_naming import FormalForm, LargeForm, NameOrder
from constituents.naming import Formats, Names, names_of, words_for
from constituents.naming.cases import CASES

# name, formal salutation, informal salutation, addressee
EXPECTED = {
    "one": ("Ann Lee", "Dr Lee", "Ann", "Dr Ann Lee"),
    "two_doctors": ("Ann and Bo Lee", "Drs Ann and Bo Lee", "Ann and Bo", "Drs Ann and Bo Lee"),
    "two_titles": ("Ann and Bo Lee", "Dr and Mr Lee", "Ann and Bo", "Dr Ann and Mr Bo Lee"),
    "same_title": ("Di and Eva Lee", "Ms Di and Ms Eva Lee", "Di and Eva", "Ms Di and Ms Eva Lee"),
    "one_title": ("Ann and Bo Lee", "Ann Lee and Bo Lee", "Ann and Bo", "Ann and Bo Lee"),
    "two_names": ("Ann Lee and Bo Ray", "Dr Lee and Mr Ray", "Ann and Bo", "Dr Ann Lee and Mr Bo Ray"),
    "two_names_one_title": ("Ann Lee and Bo Ray", "Ann Lee and Bo Ray", "Ann and Bo", "Ann Lee and Bo Ray"),
    "three_adults": (
        "Ann, Bo and Di Lee", "Dr Ann, Dr Bo and Ms Di Lee", "Ann, Bo and Di",
        "Dr Ann, Dr Bo and Ms Di Lee",
    ),
    "three_names": (
        "Ann and Bo Lee and Bo Ray", "Drs Ann and Bo Lee and Mr Ray", "Ann, Bo and Bo",
        "Drs Ann and Bo Lee and Mr Bo Ray",
    ),
    "four_adults": ("The Lee Household",) * 4,
    "four_names": ("The Lee and Ray Household",) * 4,
    "children": ("Ann Lee and Bo Ray", "Dr Lee and Mr Ray", "Ann and Bo", "Dr Ann Lee and Mr Bo Ray"),
    "child_told": (
        "Ann and Cy Lee and Bo Ray", "Dr and Mx Lee and Mr Ray", "Ann, Bo and Cy",
        "Dr Ann and Mx Cy Lee and Mr Bo Ray",
    ),
    "head_second": ("Ann Lee and Bo Ray", "Dr Lee and Mr Ray", "Ann and Bo", "Dr Ann Lee and Mr Bo Ray"),
    "widow": ("Ann Lee", "Dr Lee", "Ann", "Dr Ann Lee"),
    "both_dead": ("Ann and Bo Lee", "Drs Ann and Bo Lee", "Ann and Bo", "Drs Ann and Bo Lee"),
    "orphan": ("Cy Lee", "Cy Lee", "Cy", "Cy Lee"),
    "divorced": ("Bo Ray", "Mr Ray", "Bo", "Mr Bo Ray"),
    "left_out": ("Ann and Bo Lee", "Dr Lee", "Ann", "Dr Ann Lee"),
    "nickname": ("Ann Lee and Bo Ray", "Dr Lee and Mr Ray", "Annie and Bo", "Dr Ann Lee and Mr Bo Ray"),
    "suffix": ("Di Lee and Bo Lee Jr.", "Mrs and Mr Lee", "Di and Bo", "Mrs Di Lee and Mr Bo Lee Jr."),
    "two_surnames": (
        "Ana García Márquez and Luis Ruiz de Santayana", "Sra. García Márquez and Sr. Ruiz de Santayana",
        "Ana and Luis", "Sra. Ana García Márquez and Sr. Luis Ruiz de Santayana",
    ),
    "particles": (
        "Eva van den Berg and Jan de Wit", "Mw. van den Berg and Dhr. de Wit", "Eva and Jan",
        "Mw. Eva van den Berg and Dhr. Jan de Wit",
    ),
    "hyphen": ("Di Lee-Ray and Bo Ray", "Ms Lee-Ray and Mr Ray", "Di and Bo", "Ms Di Lee-Ray and Mr Bo Ray"),
    "single_word": ("Madonna and Bo Ray", "Ms Madonna and Mr Ray", "Madonna and Bo", "Ms Madonna and Mr Bo Ray"),
    "family_only": ("Mr Lee and Ann Lee", "Mr Lee and Ms Lee", "Lee and Ann", "Mr Lee and Ms Ann Lee"),
    "letters": ("明子 and 太郎 山田", "Ms and Mr 山田", "明子 and 太郎", "Ms 明子 and Mr 太郎 山田"),
    "empty": ("Household without members", "", "", "Household without members"),
}  # fmt: skip


def case(key: str, formats: Formats) -> Names:
    return names_of(next(case.members for case in CASES if case.key == key), formats)


def test_every_case_of_the_preview_stands_in_this_table() -> None:
    assert list(EXPECTED) == [case.key for case in CASES]


@pytest.mark.parametrize("key", EXPECTED)
def test_a_household_is_named_as_people_expect(key: str) -> None:
    names = case(key, Formats())
    assert (names.name, names.formal_salutation, names.informal_salutation, names.addressee) == EXPECTED[key]


@pytest.mark.parametrize(
    ("formats", "key", "name"),
    [
        (Formats(large_form=LargeForm.FAMILY_OF), "four_adults", "The family of Ann Lee"),
        (Formats(large_form=LargeForm.FAMILY), "four_adults", "Family Lee"),
        (Formats(large_pattern="%(names)s, all of them"), "four_adults", "Lee, all of them"),
        (Formats(limit=4), "four_adults", "Ann, Bo, Di and Eva Lee"),
        (Formats(limit=2), "three_adults", "The Lee Household"),
        (Formats(groups_family_names=False), "two_doctors", "Ann Lee and Bo Lee"),
        (Formats(order=NameOrder.AS_ENTERED), "head_second", "Bo Ray and Ann Lee"),
        (Formats(order=NameOrder.ALPHABETICAL), "family_only", "Ann Lee and Mr Lee"),
        (Formats(words=words_for("de")), "two_doctors", "Ann und Bo Lee"),
        (Formats(words=words_for("fr-ca")), "four_adults", "Famille Lee"),
        (Formats(words=words_for("ja")), "letters", "山田 明子・太郎"),
        (Formats(words=words_for("hu")), "two_names", "Lee Ann és Ray Bo"),
    ],
)
def test_the_name_follows_what_the_organisation_chose(formats: Formats, key: str, name: str) -> None:
    assert case(key, formats).name == name


@pytest.mark.parametrize(
    ("formats", "key", "formal"),
    [
        (Formats(formal_form=FormalForm.TITLES_AND_NAMES), "two_names", "Dr Ann Lee and Mr Bo Ray"),
        (Formats(formal_form=FormalForm.NAMES), "two_names", "Ann Lee and Bo Ray"),
        (Formats(joins_titles=False), "two_doctors", "Dr Ann and Dr Bo Lee"),
        (Formats(title_plurals={"ms.": "Mses"}), "same_title", "Mses Di and Eva Lee"),
    ],
)
def test_the_formal_salutation_follows_what_the_organisation_chose(formats: Formats, key: str, formal: str) -> None:
    assert case(key, formats).formal_salutation == formal


def test_envelopes_can_do_without_titles() -> None:
    assert case("two_names", Formats(titles_on_envelopes=False)).addressee == "Ann Lee and Bo Ray"
