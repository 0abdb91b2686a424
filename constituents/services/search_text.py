"""Keep what the search box looks in true: names, contact points, ids, and what apps above add (member numbers)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from constituents.folding import digits, fold
from constituents.models import Address, Constituent, EmailAddress, ExternalId, Phone
from core.sets import update_rows

# Each takes constituents' primary keys and returns, by key, further texts they are found by.
Contributor = Callable[[list[int]], Mapping[int, Iterable[str]]]
contributors: list[Contributor] = []

_CHUNK = 1_000


def register_search_texts(contributor: Contributor) -> None:
    """Let an app above add what its records are found by; called from its AppConfig.ready()."""
    if contributor not in contributors:
        contributors.append(contributor)


def refresh_search_text(ids: Iterable[int]) -> None:
    """Rewrite the search text of the named constituents, set by set."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _CHUNK):
        _refresh(wanted[start : start + _CHUNK])


def _refresh(ids: list[int]) -> None:
    texts: dict[int, list[str]] = defaultdict(list)
    for owner, address in EmailAddress.objects.filter(constituent__in=ids).values_list("constituent", "address"):
        texts[owner].append(address)
    for owner, number, e164 in Phone.objects.filter(constituent__in=ids).values_list("constituent", "number", "e164"):
        texts[owner] += [digits(number).lstrip("0"), digits(e164)]
    addresses = Address.objects.filter(constituent__in=ids).values_list("constituent", "postal_code", "city")
    household_addresses = Address.objects.filter(
        household__memberships__person__in=ids, household__memberships__until__isnull=True
    ).values_list("household__memberships__person", "postal_code", "city")
    for rows in (addresses, household_addresses):
        for owner, postal_code, city in rows:
            texts[owner] += [postal_code, postal_code.replace(" ", ""), city]
    for owner, value in ExternalId.objects.filter(constituent__in=ids).values_list("constituent", "value"):
        texts[owner].append(value)
    for contributor in contributors:
        for owner, more in contributor(ids).items():
            texts[owner] += more
    changed = []
    for constituent in Constituent.objects.filter(pk__in=ids):
        names = [
            constituent.full_name,
            constituent.preferred_name,
            constituent.former_names,
            constituent.legal_name,
            constituent.registration_number,
        ]
        words = dict.fromkeys(" ".join(fold(text) for text in [*names, *texts[constituent.pk]]).split())
        search_text = " ".join(words)
        if search_text != constituent.search_text:
            constituent.search_text = search_text
            changed.append(constituent)
    update_rows(changed, ["search_text"])
