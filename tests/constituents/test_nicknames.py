"""What people are called."""

import pytest

from constituents.nicknames import same_person_name, variants


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Robert", "Bob"),
        ("Bob", "Rob"),
        ("Peggy", "Margaret"),
        ("Małgorzata", "Gosia"),
        ("Jürgen", "jurgen"),
        ("Franz", "Franzl"),
        ("Guillermo", "Memo"),
        ("Ann Mary", "Annie"),
    ],
)
def test_two_names_of_one_person(one: str, other: str) -> None:
    assert same_person_name(one, other)
    assert same_person_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("Robert", "Margaret"), ("Juan", "John"), ("Alexander", "Alexandra"), ("Ann", ""), ("", "")]
)
def test_names_of_two_people(one: str, other: str) -> None:
    assert not same_person_name(one, other)


def test_a_name_is_one_of_its_own_variants_even_when_nobody_shortens_it() -> None:
    assert variants("Ξένια-Zzyx") == {"xenia zzyx"}
    assert variants("  ") == frozenset()


def test_a_short_form_goes_with_each_name_it_is_short_for() -> None:
    assert {"alexander", "alexandra"} <= variants("Alex")
