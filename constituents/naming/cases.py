"""The households everybody asks about: one table for the tests and for the preview on the settings page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from constituents.naming.formats import CHILD, HEAD
from constituents.naming.writing import Named


@dataclass(frozen=True, slots=True)
class Case:
    """A household, and what is remarkable about it."""

    key: str
    label: str | Promise
    members: tuple[Named, ...]


def _person(title: str, given: str, family: str, informal: str = "", **more: object) -> Named:
    return Named(title, given, family, informal or given or family, **more)  # type: ignore[arg-type]


_ANN = _person("Dr", "Ann", "Lee", rank=HEAD)
_BO = _person("Dr", "Bo", "Lee")
_RAY = _person("Mr", "Bo", "Ray")
_DI = _person("Ms", "Di", "Lee")
_VAN = _person("Mw.", "Eva", "van den Berg", rank=HEAD)
_DE = _person("Dhr.", "Jan", "de Wit")
_LEE = _person("Mr", "", "Lee", rank=HEAD)
_CY = _person("", "Cy", "Lee", rank=CHILD, in_name=False, in_formal=False, in_informal=False)

CASES = (
    Case("one", _("One person"), (_ANN,)),
    Case("two_doctors", _("Two doctors"), (_ANN, _BO)),
    Case("two_titles", _("One family name, two titles"), (_ANN, _person("Mr", "Bo", "Lee"))),
    Case("same_title", _("A title without a form for several"), (replace(_DI, rank=HEAD), _person("Ms", "Eva", "Lee"))),
    Case("one_title", _("One title missing"), (_ANN, _person("", "Bo", "Lee"))),
    Case("two_names", _("Two family names"), (_ANN, _RAY)),
    Case("two_names_one_title", _("Two family names, one title missing"), (_ANN, replace(_RAY, title=""))),
    Case("three_adults", _("Three adults"), (_ANN, _BO, _DI)),
    Case("three_names", _("Three adults, two family names"), (_ANN, _BO, _RAY)),
    Case("four_adults", _("Four adults"), (_ANN, _BO, _DI, _person("Mx", "Eva", "Lee"))),
    Case("four_names", _("Four adults, two family names"), (_ANN, _BO, _RAY, _person("Mx", "Eva", "Ray"))),
    Case("children", _("Two adults and a child"), (_ANN, _RAY, _CY)),
    Case(
        "child_told",
        _("A child who is named too"),
        (_ANN, _RAY, replace(_CY, title="Mx", in_name=True, in_formal=True, in_informal=True)),
    ),
    Case("head_second", _("The head was entered second"), (replace(_RAY, title="Mr"), _ANN)),
    Case("widow", _("Widowed"), (_ANN, replace(_BO, is_deceased=True))),
    Case("both_dead", _("Both have died"), (replace(_ANN, is_deceased=True), replace(_BO, is_deceased=True))),
    Case("orphan", _("Only a child is left"), (replace(_ANN, is_deceased=True), _CY)),
    Case("divorced", _("After a divorce, the one who stayed"), (replace(_RAY, rank=HEAD),)),
    Case("left_out", _("Somebody left out of salutations"), (_ANN, replace(_BO, in_formal=False, in_informal=False))),
    Case("nickname", _("A name friends use"), (_person("Dr", "Ann", "Lee", "Annie", rank=HEAD), _RAY)),
    Case("suffix", _("A suffix"), (replace(_DI, title="Mrs", rank=HEAD), replace(_RAY, family="Lee", suffix="Jr."))),
    Case(
        "two_surnames",
        _("Two surnames"),
        (_person("Sra.", "Ana", "García Márquez", rank=HEAD), _person("Sr.", "Luis", "Ruiz de Santayana")),
    ),
    Case("particles", _("Particles"), (_VAN, _DE)),
    Case("hyphen", _("A double name"), (_person("Ms", "Di", "Lee-Ray", rank=HEAD), _RAY)),
    Case("single_word", _("A single name"), (_person("Ms", "Madonna", "", rank=HEAD), _RAY)),
    Case("family_only", _("Only the family name is known"), (_LEE, _person("Ms", "Ann", "Lee"))),
    Case("letters", _("Other letters"), (_person("Ms", "明子", "山田", rank=HEAD), _person("Mr", "太郎", "山田"))),
    Case("empty", _("Nobody lives there any more"), ()),
)  # fmt: skip
