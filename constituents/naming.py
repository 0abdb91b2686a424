"""How a household is named and addressed: pure functions over its members' names.

Same family names group ("Ann and Bo Lee"), different ones join ("Ann Lee and Bo Ray"). The formal form uses titles
("Dr Lee and Mr Ray", "Drs Ann and Bo Lee"); one missing title makes everyone's full name stand. More adults than the
limit become "The Lee Household".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

DEFAULT_LIMIT = 3

# The English plurals etiquette knows; other titles repeat, which reads better than a made-up plural.
_PLURAL_TITLES = {"dr": "Drs", "mr": "Messrs", "rev": "Revs"}


@dataclass(frozen=True, slots=True)
class Named:
    """One member as naming needs them."""

    title: str
    given: str
    family: str
    informal: str

    @property
    def full(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}".strip()


def join(names: Sequence[str]) -> str:
    """Write a list as a sentence does: `Ann`, `Ann and Bo`, `Ann, Bo and Cy`."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _by_family(members: Sequence[Named]) -> list[tuple[str, list[Named]]]:
    groups: dict[str, list[Named]] = {}
    for member in members:
        groups.setdefault(member.family, []).append(member)
    return list(groups.items())


def _shared_name(members: Sequence[Named]) -> str:
    return " - ".join(dict.fromkeys(member.family or member.given for member in members))


def household_name(members: Sequence[Named], *, limit: int = DEFAULT_LIMIT) -> str:
    """Return the household's name: `Ann and Bo Lee`, `Ann Lee and Bo Ray`, `The Lee Household`."""
    if not members:
        return _("Household without members")
    if len(members) > max(limit, 2):
        return _("The %(family)s Household") % {"family": _shared_name(members)}
    parts = []
    for family, group in _by_family(members):
        given = join([member.given or member.informal for member in group])
        parts.append(f"{given} {family}".strip())
    return join(parts)


def addressee(members: Sequence[Named], *, limit: int = DEFAULT_LIMIT) -> str:
    """Return the first line of an envelope: titles and full names, or the household's name."""
    if not members or any(not member.title for member in members):
        return household_name(members, limit=limit)
    return formal_salutation(members, limit=limit, full_names=True)


def formal_salutation(members: Sequence[Named], *, limit: int = DEFAULT_LIMIT, full_names: bool = False) -> str:
    """Return how a formal letter opens after "Dear": `Dr Lee and Mr Ray`, `Drs Ann and Bo Lee`."""
    if not members:
        return ""
    if len(members) > max(limit, 2):
        return household_name(members, limit=limit)
    if any(not member.title for member in members):
        return join([member.full for member in members])
    parts = []
    for family, group in _by_family(members):
        titles = list(dict.fromkeys(member.title for member in group))
        plural = _PLURAL_TITLES.get(titles[0].rstrip(".").lower()) if len(titles) == 1 else None
        if len(group) > 1 and plural:
            parts.append(f"{plural} {join([member.given for member in group])} {family}")
        elif len(group) > 1:
            forms = [f"{member.title} {member.given}" if full_names else member.title for member in group]
            parts.append(f"{join(forms)} {family}")
        else:
            only = group[0]
            parts.append(f"{only.title} {only.full if full_names else only.family or only.given}")
    return join(parts)


def informal_salutation(members: Sequence[Named], *, limit: int = DEFAULT_LIMIT) -> str:
    """Return how a friendly letter opens after "Dear": `Ann and Bo`."""
    if len(members) > max(limit, 2):
        return household_name(members, limit=limit)
    return join([member.informal for member in members])
