"""The records of a group of likely duplicates side by side, row by row, with what differs marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from constituents.duplicates.reasons import field_labels, in_words, speaks_against
from constituents.folding import fold
from constituents.models import Constituent, CustomField, DuplicatePair, Likeness, PairState
from constituents.staff.merging import merge_url

_MOST = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One thing known of the records."""

    label: str | Promise
    values: list[str]
    may_differ: bool = False

    @property
    def differs(self) -> bool:
        """Whether two records say different things."""
        return not self.may_differ and len({fold(value) for value in self.values if value}) > 1


def side_by_side(pair: DuplicatePair, user: Any) -> dict[str, Any]:
    """Return the template's context: the records, the rows, and the pairs with their reasons and buttons."""
    pairs = list(_pairs(pair))
    keys = sorted({key for each in pairs for key in (each.first_id, each.second_id)})
    found = Constituent.objects.prefetch_related(
        "emails", "phones", "addresses", "external_ids", "custom_values__field", "household_memberships__household"
    ).in_bulk(keys)
    people = [found[key] for key in keys]
    open_fields = set(CustomField.objects.open_to(user).values_list("pk", flat=True))
    labels = field_labels()
    may_merge = user.has_perm("constituents.merge_constituent")
    return {
        "may_decide": user.has_perm("constituents.change_duplicatepair"),
        "people": people,
        "rows": [row for row in _rows(people, open_fields) if any(row.values)],
        "pairs": [
            {
                "pair": each,
                "agreeing": in_words((code for code in each.reasons if not speaks_against(code)), labels),
                "against": in_words((code for code in each.reasons if speaks_against(code)), labels),
                "merge_url": merge_url(found[each.first_id], found[each.second_id])
                if may_merge and each.state == PairState.OPEN
                else "",
            }
            for each in pairs
        ],
    }


def _pairs(pair: DuplicatePair) -> Iterable[DuplicatePair]:
    """Return the pairs of the group; of a pair that is in none, only itself."""
    if pair.state != PairState.OPEN or pair.likeness == Likeness.POSSIBLE:
        return [pair]
    group = DuplicatePair.objects.to_decide().exclude(likeness=Likeness.POSSIBLE).filter(group=pair.group)
    return group.select_related("first", "second").order_by("-weight")[: _MOST * (_MOST - 1) // 2]


def _rows(people: list[Constituent], open_fields: set[int]) -> Iterable[Row]:
    yield Row(_("Name"), [person.formal_name for person in people])
    yield Row(_("Preferred name"), [person.preferred_name for person in people])
    yield Row(_("Former names"), [person.former_names for person in people])
    yield Row(_("Legal name"), [person.legal_name for person in people])
    yield Row(_("Registration number"), [person.registration_number for person in people])
    yield Row(_("Born"), [_born(person) for person in people])
    yield Row(_("E-mail"), [_lines(person.emails.all()) for person in people])
    yield Row(_("Telephone"), [_lines(person.phones.all()) for person in people])
    yield Row(_("Address"), [_lines(person.addresses.all()) for person in people])
    yield Row(_("Household"), [str(person.household or "") for person in people])
    fields = {
        value.field_id: value.field
        for person in people
        for value in person.custom_values.all()
        if value.field.is_active and value.field_id in open_fields
    }
    for pk, field in sorted(fields.items(), key=lambda item: (item[1].position, item[1].label)):
        held = [{value.field_id: value.in_words for value in person.custom_values.all()} for person in people]
        yield Row(field.label, [values.get(pk, "") for values in held])
    yield Row(_("Ids elsewhere"), [_lines(person.external_ids.all()) for person in people], may_differ=True)
    yield Row(_("Came from"), [person.source for person in people], may_differ=True)


def _born(person: Constituent) -> str:
    """Return the birth date year first, so that figures stand below figures; what is not known is left open."""
    if not (person.birth_year or person.birth_month):
        return ""
    day = [f"{part:02}" if part else "??" for part in (person.birth_month, person.birth_day)]
    return "-".join([str(person.birth_year or "????"), *day]).removesuffix("-??-??")


def _lines(things: Iterable[Any]) -> str:
    return "\n".join(str(thing) for thing in things)
