"""How households are named: the table of cases that a fundraiser would check by eye."""

import pytest

from constituents.naming import Named, addressee, formal_salutation, household_name, informal_salutation


def person(title: str, given: str, family: str, informal: str = "") -> Named:
    return Named(title=title, given=given, family=family, informal=informal or given)


ANN_LEE = person("Dr", "Ann", "Lee")
BO_LEE = person("Dr", "Bo", "Lee")
BO_RAY = person("Mr", "Bo", "Ray")
CY_LEE = person("Mx", "Cy", "Lee")
DI_LEE = person("Ms", "Di", "Lee")
NO_TITLE = person("", "Eva", "Lee")


@pytest.mark.parametrize(
    ("members", "name", "formal", "informal"),
    [
        ([ANN_LEE, BO_LEE], "Ann and Bo Lee", "Drs Ann and Bo Lee", "Ann and Bo"),
        ([ANN_LEE, BO_RAY], "Ann Lee and Bo Ray", "Dr Lee and Mr Ray", "Ann and Bo"),
        ([ANN_LEE, CY_LEE], "Ann and Cy Lee", "Dr and Mx Lee", "Ann and Cy"),
        ([ANN_LEE, NO_TITLE], "Ann and Eva Lee", "Ann Lee and Eva Lee", "Ann and Eva"),
        ([ANN_LEE, CY_LEE, DI_LEE], "Ann, Cy and Di Lee", "Dr, Mx and Ms Lee", "Ann, Cy and Di"),
        (
            [ANN_LEE, BO_LEE, CY_LEE, DI_LEE],
            "The Lee Household",
            "The Lee Household",
            "The Lee Household",
        ),
        ([ANN_LEE], "Ann Lee", "Dr Lee", "Ann"),
        ([person("", "Madonna", "")], "Madonna", "Madonna", "Madonna"),
        (
            [person("Ms", "明子", "山田"), person("Mr", "太郎", "山田")],
            "明子 and 太郎 山田",
            "Ms and Mr 山田",
            "明子 and 太郎",
        ),
        ([person("Dr", "Ann", "Lee", "Annie")], "Ann Lee", "Dr Lee", "Annie"),
    ],
)
def test_a_household_is_named_as_people_expect(members: list[Named], name: str, formal: str, informal: str) -> None:
    assert household_name(members) == name
    assert formal_salutation(members) == formal
    assert informal_salutation(members) == informal


def test_an_envelope_carries_titles_when_everyone_has_one() -> None:
    assert addressee([ANN_LEE, BO_RAY]) == "Dr Ann Lee and Mr Bo Ray"
    assert addressee([ANN_LEE, NO_TITLE]) == "Ann and Eva Lee"
