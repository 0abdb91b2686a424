"""The rules by which names of households are written.

Same family names group ("Ann and Bo Lee"), different ones join ("Ann Lee and Bo Ray"). The formal form uses titles
("Dr Lee and Mr Ray", "Drs Ann and Bo Lee"); one missing title makes everyone's full name stand. More people than the
limit become "The Lee Household". The deceased are left out while somebody else lives there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from constituents.folding import fold
from constituents.models.household_naming import FormalForm, LargeForm, NameOrder
from constituents.naming.formats import ADULT, Formats

DEFAULT = Formats()


@dataclass(frozen=True, slots=True)
class Named:
    """One member as naming needs them: the parts of the name, and where it is left out."""

    title: str
    given: str
    family: str
    informal: str
    suffix: str = ""
    rank: int = ADULT
    is_deceased: bool = False
    in_name: bool = True
    in_formal: bool = True
    in_informal: bool = True

    @property
    def own(self) -> str:
        """The name that is the person's own: given, or what friends say; empty when only the family's is known."""
        return self.given or (self.informal if self.informal != self.family else "")

    def full(self, formats: Formats = DEFAULT) -> str:
        """Own and family name, in the order of the language, with suffix."""
        parts = (self.family, self.own) if formats.words.family_name_first else (self.own, self.family)
        return " ".join(part for part in (*parts, self.suffix) if part)


@dataclass(frozen=True, slots=True)
class Names:
    """What a household is called: on lists, after "Dear" in either tone, and on the envelope."""

    name: str
    formal_salutation: str
    informal_salutation: str
    addressee: str


def names_of(members: Sequence[Named], formats: Formats = DEFAULT) -> Names:
    """Return all four names of a household, in whatever order its members are given."""
    living = [member for member in members if not member.is_deceased] or list(members)

    def among(chosen: Callable[[Named], bool]) -> list[Named]:
        # A name cannot be empty: with everybody left out, everybody stands.
        return in_order([member for member in living if chosen(member)] or living, formats)

    formal = among(lambda member: member.in_formal)
    return Names(
        name=household_name(among(lambda member: member.in_name), formats),
        formal_salutation=formal_salutation(formal, formats),
        informal_salutation=informal_salutation(among(lambda member: member.in_informal), formats),
        addressee=addressee(formal, formats),
    )


def in_order(members: Sequence[Named], formats: Formats) -> list[Named]:
    """Return members in the order the organisation chose; members come as they were entered."""
    if formats.order == NameOrder.HEAD_FIRST:
        return sorted(members, key=lambda member: member.rank)
    if formats.order == NameOrder.ALPHABETICAL:
        return sorted(members, key=lambda member: (fold(member.own or member.family), member.family))
    return list(members)


def join(names: Sequence[str], formats: Formats = DEFAULT) -> str:
    """Write a list as a sentence does: `Ann`, `Ann and Bo`, `Ann, Bo and Cy`."""
    names = [name for name in names if name]
    if len(names) < 2:
        return "".join(names)
    words = formats.words
    if not words.is_spaced:
        return words.connector.join(names)
    return f"{', '.join(names[:-1])} {words.connector} {names[-1]}"


def household_name(members: Sequence[Named], formats: Formats = DEFAULT) -> str:
    """Return the household's name: `Ann and Bo Lee`, `Ann Lee and Bo Ray`, `The Lee Household`."""
    if not members:
        return _("Household without members")
    if _is_large(members, formats):
        return _large(members, formats)
    return join([_grouped(group, formats) for group in _by_family(members, formats)], formats)


def addressee(members: Sequence[Named], formats: Formats = DEFAULT) -> str:
    """Return the first line of an envelope: titles and full names, or the household's name."""
    if not members or not formats.titles_on_envelopes or _is_large(members, formats) or _lacks_a_title(members):
        return household_name(members, formats)
    return _titled(members, formats, in_full=True)


def formal_salutation(members: Sequence[Named], formats: Formats = DEFAULT) -> str:
    """Return how a formal letter opens after "Dear": `Dr Lee and Mr Ray`, `Drs Ann and Bo Lee`."""
    if _is_large(members, formats):
        return _large(members, formats)
    if formats.formal_form == FormalForm.NAMES or _lacks_a_title(members):
        return join([member.full(formats) for member in members], formats)
    return _titled(members, formats, in_full=formats.formal_form == FormalForm.TITLES_AND_NAMES)


def informal_salutation(members: Sequence[Named], formats: Formats = DEFAULT) -> str:
    """Return how a friendly letter opens after "Dear": `Ann and Bo`."""
    if _is_large(members, formats):
        return _large(members, formats)
    return join([member.informal for member in members], formats)


# Large households


def _is_large(members: Sequence[Named], formats: Formats) -> bool:
    return len(members) > max(formats.limit, 2)


def _large(members: Sequence[Named], formats: Formats) -> str:
    families = list(dict.fromkeys(member.family or member.own for member in members))
    head = min(members, key=lambda member: member.rank)
    # More family names than one would list by name: the household is known by its head.
    by_head = formats.large_form == LargeForm.FAMILY_OF or len(families) > max(formats.limit, 2)
    return formats.large % {"names": head.full(formats) if by_head else join(families, formats)}


# Those who share a family name


def _by_family(members: Sequence[Named], formats: Formats) -> list[list[Named]]:
    """Group members who share a family name and have one of their own; the others stand alone."""
    groups: dict[object, list[Named]] = {}
    for place, member in enumerate(members):
        can_share = formats.groups_family_names and member.family and member.own
        groups.setdefault(member.family if can_share else place, []).append(member)
    return list(groups.values())


def _grouped(group: Sequence[Named], formats: Formats) -> str:
    """Write a family's names: `Ann and Bo Lee`; who has a suffix needs the whole name, and so all do."""
    if len(group) == 1 or any(member.suffix for member in group):
        return join([_alone(member, formats) for member in group], formats)
    return _with_family([member.own for member in group], group[0].family, formats)


def _alone(member: Named, formats: Formats) -> str:
    # Of whom only the family name is known, the title says that a person is meant.
    return member.full(formats) if member.own else f"{member.title} {member.full(formats)}".strip()


def _with_family(names: Sequence[str], family: str, formats: Formats) -> str:
    joined = join(names, formats)
    return f"{family} {joined}" if formats.words.family_name_first else f"{joined} {family}"


# Titles


def _lacks_a_title(members: Sequence[Named]) -> bool:
    return any(not member.title for member in members)


def _titled(members: Sequence[Named], formats: Formats, *, in_full: bool) -> str:
    return join([_titled_group(group, formats, in_full=in_full) for group in _by_family(members, formats)], formats)


def _titled_group(group: Sequence[Named], formats: Formats, *, in_full: bool) -> str:
    only, titles = group[0], [member.title for member in group]
    if len(group) == 1 or (in_full and any(member.suffix for member in group)):
        return join([_titled_one(member, formats, in_full=in_full) for member in group], formats)
    if len(set(titles)) == 1 and (plural := formats.plural_of(only.title)):
        return f"{plural} {_with_family([member.own for member in group], only.family, formats)}"
    if len(set(titles)) == len(titles) and not in_full:
        return f"{join(titles, formats)} {only.family}"
    return _with_family([f"{member.title} {member.own}" for member in group], only.family, formats)


def _titled_one(member: Named, formats: Formats, *, in_full: bool) -> str:
    return f"{member.title} {member.full(formats) if in_full else member.family or member.own}"
