"""Keep what the search box looks in true: names, contact points, ids, and what apps above add (member numbers)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils.functional import Promise

from constituents.models import Address, Constituent, EmailAddress, ExternalId, Kind, Phone, SearchEntry, SearchWord
from constituents.search import indexes, tokens
from constituents.search.kinds import Contributor, TokenKind, contributed, register_kind
from core.sets import update_rows

_CHUNK = 1_000
# From here on the database is told to look at the rows again: what it believes of an empty table misleads it.
_MANY = 5_000
# The longest list of words one record is found by: a pasted novel is no name.
_MOST_TOKENS = 400


def register_search_texts(
    contributor: Contributor,
    *,
    letter: str,
    label: str | Promise,
    permission: str = "",
    as_words: bool = False,
) -> None:
    """Let an app above add what its records are found by; called from its AppConfig.ready().

    `letter` names the kind of token for good, `label` says on the results page why somebody was found, and only those
    with the `permission` find anybody by it. Texts are codes, written as one word; `as_words` splits them.
    """
    register_kind(TokenKind(letter, label, permission, contributor, as_words))


def refresh_search_text(ids: Iterable[int], *, are_new: bool = False) -> None:
    """Rewrite what the named constituents are found by, set by set; of new ones the apps above know nothing yet."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _CHUNK):
        _refresh(wanted[start : start + _CHUNK], () if are_new else contributed(), are_new=are_new)
    if len(wanted) >= _MANY:
        indexes.learn()


def rebuild_search() -> Iterator[int]:
    """Write everything anew, a chunk a transaction, and the indexes after it; yields how many are done so far.

    Nothing stays of who is gone, in the rows, the known words or the databases' own files.
    """
    SearchWord.objects.all().delete()
    SearchEntry.objects.filter(constituent__merged_into__isnull=False).delete()
    done, last = 0, 0
    while ids := list(Constituent.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        _refresh(ids, contributed())
        last = ids[-1]
        done += len(ids)
        yield done
    indexes.rebuild()
    indexes.learn()


@transaction.atomic
def forget_words_of(names: Iterable[str]) -> None:
    """Let go of words that stand in nobody's name any more: after somebody was erased.

    SQLite keeps the words of deleted rows in its index files until it is written anew, so that is done here too.
    """
    words = {word for name in names for word in tokens.words_of(name)}
    for word in words:
        if not Constituent.objects.filter(search_entry__tokens__regex=rf"(^| )n:{word}( |$)").exists():
            SearchWord.objects.filter(word=word).delete()
    indexes.rebuild()


@transaction.atomic
def _refresh(ids: list[int], kinds: Iterable[TokenKind], *, are_new: bool = False) -> None:
    found: defaultdict[int, list[str]] = defaultdict(list)
    addresses: defaultdict[int, list[str]] = defaultdict(list)
    people = list(Constituent.objects.filter(pk__in=ids).order_by("pk").values(*_OF_THE_RECORD))
    for owner, address in EmailAddress.objects.filter(constituent__in=ids).values_list("constituent", "address"):
        found[owner] += tokens.email_tokens(address)
        addresses[owner].append(address.lower())
    # Who is new lives in no household yet.
    places = (_own_places,) if are_new else (_own_places, _shared_places)
    for more_of in (_names(people), *(part(ids) for part in (_phones, *places, _external_ids))):
        for owner, more in more_of:
            found[owner] += more
    for kind in kinds:
        for owner, texts in kind.contributor(ids).items():  # type: ignore[misc]
            for text in texts:
                written = tokens.word_tokens if kind.as_words else tokens.code_token
                found[owner] += written(kind.letter, text)
    entries = [
        SearchEntry(
            constituent_id=row["pk"],
            tokens=" ".join(list(dict.fromkeys(found[row["pk"]]))[:_MOST_TOKENS]),
            emails=" ".join(addresses[row["pk"]]),
        )
        for row in people
        if row["merged_into"] is None
    ]
    if are_new:
        _add(entries)
    else:
        _write(ids, entries)
    _learn_words({token[2:] for of in found.values() for token in of if token.startswith(f"{tokens.NAME}:")})


Tokens = Iterator[tuple[int, Iterable[str]]]

_PERSON_NAMES = ("given_name", "middle_name", "family_name", "preferred_name", "former_names")
_ORGANISATION_NAMES = ("organisation_name", "legal_name")
_OTHER_WORDS = ("title", "suffix")
_OF_THE_RECORD = (
    *("pk", "kind", "merged_into", "registration_number"),
    *(*_PERSON_NAMES, *_ORGANISATION_NAMES, *_OTHER_WORDS),
)


def _names(people: Iterable[Mapping[str, Any]]) -> Tokens:
    for row in people:
        owner, initials = row["pk"], row["kind"] == Kind.ORGANISATION
        yield owner, tokens.name_tokens(row[field] for field in _PERSON_NAMES)
        yield owner, tokens.name_tokens((row[field] for field in _ORGANISATION_NAMES), initials=initials)
        yield owner, tokens.code_token(tokens.CODE, row["registration_number"])
        for field in _OTHER_WORDS:
            yield owner, tokens.word_tokens(tokens.TITLE, row[field])


def _phones(ids: list[int]) -> Tokens:
    for owner, number, e164 in Phone.objects.filter(constituent__in=ids).values_list("constituent", "number", "e164"):
        yield owner, tokens.phone_tokens(number, e164)


def _own_places(ids: list[int]) -> Tokens:
    rows = Address.objects.filter(constituent__in=ids)
    return _of_places(rows.values_list("constituent", "postal_code", "city"))


def _shared_places(ids: list[int]) -> Tokens:
    rows = Address.objects.filter(household__memberships__person__in=ids, household__memberships__until__isnull=True)
    return _of_places(rows.values_list("household__memberships__person", "postal_code", "city"))


def _of_places(rows: Iterable[tuple[int, str, str]]) -> Tokens:
    for owner, postal_code, city in rows:
        yield owner, tokens.code_token(tokens.POSTCODE, postal_code)
        yield owner, tokens.word_tokens(tokens.TOWN, city)


def _external_ids(ids: list[int]) -> Tokens:
    rows = ExternalId.objects.filter(constituent__in=ids).values_list("constituent", "system", "value")
    for owner, system, value in rows:
        yield owner, tokens.code_token(tokens.CODE, value)
        yield owner, tokens.code_token(tokens.CODE, f"{system}{value}")


def _write(ids: list[int], entries: list[SearchEntry]) -> None:
    """Write the rows that are new or differ; whoever was merged into another, or is gone, has none."""
    kept = {entry.pk: entry for entry in SearchEntry.objects.filter(pk__in=ids)}
    SearchEntry.objects.filter(pk__in=kept.keys() - {entry.pk for entry in entries}).delete()
    _add([entry for entry in entries if entry.pk not in kept])
    changed = [entry for entry in entries if entry.pk in kept and _differ(entry, kept[entry.pk])]
    update_rows(changed, ["tokens", "emails"])


def _add(entries: list[SearchEntry]) -> None:
    # Two who refresh one new record at a time must not fail each other.
    SearchEntry.objects.bulk_create(
        entries,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["constituent"],
        update_fields=["tokens", "emails"],
    )


def _differ(one: SearchEntry, other: SearchEntry) -> bool:
    return (one.tokens, one.emails) != (other.tokens, other.emails)


def _learn_words(words: set[str]) -> None:
    candidates = sorted(word for word in words if len(word) > 2 and word.isalpha())
    known = set(SearchWord.objects.filter(word__in=candidates).values_list("word", flat=True))
    SearchWord.objects.bulk_create([SearchWord(word=word) for word in candidates if word not in known], batch_size=1000)
