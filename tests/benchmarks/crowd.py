"""A crowd of people with names as frequent and as rare as in life, written by the database's own bulk door."""

from __future__ import annotations

import itertools
import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from constituents.folding import fold
from constituents.models import Address, Constituent, EmailAddress, Phone, SearchEntry, SearchWord
from constituents.nicknames import lines_in
from constituents.search import indexes, tokens
from donations.models import Receipt

_BEGINNINGS = "B Br C Ch D Dr F Fl G Gr H J K Kl L M N P Pr R S Sch St T Tr V W Wh Z"
_MIDDLES = "a ai al an ar au e ea el en er i ie il in ir o oo ol on or ou u ul un ur"
_ENDS = "b bert ck der dson field ford ham ke ler ley lin man mann ner son stein ston ter thal ton well win wood"
_MORE_ENDS = " s er e en i"
_COMMON = "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Lee"


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the crowd, by what they might be looked up by."""

    pk: int
    given: str
    family: str
    email: str
    phone: str
    postcode: str
    receipt: str


def crowd(count: int) -> Iterator[Somebody]:
    """Yield people, the same ones each time."""
    rng = random.Random("crowd")
    given = [line.split()[0].title() for line in lines_in("english")]
    rng.shuffle(given)
    parts = itertools.product(_BEGINNINGS.split(), _MIDDLES.split(), _ENDS.split(), _MORE_ENDS.split(" "))
    made = ["".join(part) for part in parts]
    rng.shuffle(made)
    family = _COMMON.split() + made
    letters = "ABCDEFGHJKLMNPRSTUWY"
    # The commonest name has one in a hundred people; the tail is long.
    given_draw = iter(rng.choices(given, [1 / (rank + 8) for rank in range(len(given))], k=count))
    family_draw = iter(rng.choices(family, [1 / (rank + 12) for rank in range(len(family))], k=count))
    for pk in range(1, count + 1):
        first, last = next(given_draw), next(family_draw)
        domain = rng.choice(("mail.example", "mail.example", "post.example", f"{rng.choice(family).lower()}.example"))
        yield Somebody(
            pk,
            first,
            last,
            f"{first}.{last}{rng.randrange(9_999) if rng.random() < 0.7 else ''}@{domain}".lower(),
            f"+447{rng.randrange(10**9):09d}",
            f"{rng.choice(letters)}{rng.choice(letters)}{rng.randrange(1, 60)}"
            f" {rng.randrange(10)}{rng.choice(letters)}{rng.choice(letters)}",
            f"R{2016 + pk % 10}-{pk // 10 + 1:06d}" if pk % 3 == 0 else "",
        )


def write_crowd(count: int) -> None:
    """Write the crowd and all that search reads of them; the indexes are made after the rows."""
    now = timezone.now()
    indexes.drop()
    with transaction.atomic():
        for people in _batches(count):
            write_rows(Constituent, (_constituent(one, now) for one in people))
            write_rows(EmailAddress, ({"constituent_id": p.pk, "address": p.email, "is_primary": True} for p in people))
            write_rows(
                Phone,
                ({"constituent_id": p.pk, "number": _typed(p), "e164": p.phone, "is_primary": True} for p in people),
            )
            write_rows(
                Address,
                (
                    {"constituent_id": p.pk, "postal_code": p.postcode, "city": _town(p), "is_primary": True}
                    for p in people
                ),
            )
            write_rows(Receipt, (_receipt(one, now) for one in people if one.receipt))
            write_rows(SearchEntry, ({"constituent_id": p.pk, "tokens": _tokens(p), "emails": p.email} for p in people))
        words = {word for one in crowd(count) for word in (fold(one.given), fold(one.family))}
        write_rows(SearchWord, ({"word": word} for word in sorted(words)))
    indexes.install()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _batches(count: int) -> Iterator[Sequence[Somebody]]:
    people = crowd(count)
    while some := list(itertools.islice(people, 20_000)):
        yield some


def _typed(one: Somebody) -> str:
    return f"0{one.phone[3:7]} {one.phone[7:]}"


def _town(one: Somebody) -> str:
    return f"{one.postcode[:2].title()}ham"


def _constituent(one: Somebody, now: object) -> dict[str, object]:
    return {
        "id": one.pk,
        "uuid": uuid.UUID(int=one.pk, version=4),
        "given_name": one.given,
        "family_name": one.family,
        "display_name": f"{one.given} {one.family}",
        "sort_name": fold(f"{one.family} {one.given}"),
        "created_at": now,
        "updated_at": now,
    }


def _receipt(one: Somebody, now: object) -> dict[str, object]:
    year, number = one.receipt[1:].split("-")
    return {
        "uuid": uuid.UUID(int=one.pk, version=4),
        "series": "R",
        "year": int(year),
        "number": int(number),
        "serial": one.receipt,
        "regime": "us",
        "recipient_id": one.pk,
        "currency": "USD",
        "amount": 10,
        "advantage": 0,
        "eligible": 10,
        "issued_on": now.date(),  # type: ignore[attr-defined]
        "snapshot": {},
        "numbered_at": now,
    }


def _tokens(one: Somebody) -> str:
    found = [
        *tokens.email_tokens(one.email),
        *tokens.name_tokens([one.given, one.family]),
        *tokens.phone_tokens(_typed(one), one.phone),
        *tokens.code_token(tokens.POSTCODE, one.postcode),
        *tokens.word_tokens(tokens.TOWN, _town(one)),
    ]
    return " ".join(dict.fromkeys(found))


def write_rows(model: type, rows: Iterable[dict[str, object]]) -> None:
    """COPY on PostgreSQL, one prepared statement on SQLite; what a row leaves out has the field's default."""
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key or field.column != "id"]
    if model is Constituent:
        fields = list(model._meta.local_concrete_fields)
    defaults = {field.attname: field.get_default() for field in fields}
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    values = (
        [field.get_db_prep_save(row.get(field.attname, defaults[field.attname]), connection) for field in fields]
        for row in rows
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
