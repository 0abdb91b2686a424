"""The rows of the index that an expression matches, as SQL of the database at hand."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connections
from django.db.models.expressions import RawSQL

from constituents.search.expressions import All, Either, Term, as_fts5, as_tsquery
from constituents.search.indexes import ENTRIES, ENTRY_INDEX, VECTOR

# The statements are of our own names only; what was typed goes in as a parameter.
_POSTGRESQL = f"SELECT constituent_id FROM {ENTRIES} WHERE {VECTOR} @@ %s::tsquery"  # noqa: S608
_SQLITE = f"SELECT rowid FROM {ENTRY_INDEX} WHERE {ENTRY_INDEX} MATCH %s"  # noqa: S608
_CONTAINS = f"SELECT constituent_id FROM {ENTRIES} WHERE emails LIKE %s ESCAPE '~' AND {{position}}(emails, %s) > 0"  # noqa: S608
_FEWEST_TELLING = 3


def matching(
    expression: Term | All | Either, *, using: str, also: Collection[int] = (), at_most: int | None = None
) -> RawSQL:
    """Return the keys of whom the expression matches, any `at_most` of them, and those named beside, for `pk__in`."""
    is_postgresql = connections[using].vendor == "postgresql"
    sql, text = (_POSTGRESQL, as_tsquery(expression)) if is_postgresql else (_SQLITE, as_fts5(expression))
    parameters: list[object] = [text]
    if at_most is not None:
        sql = f"SELECT * FROM ({sql} LIMIT {at_most:d}) AS few"  # noqa: S608
    if also:
        sql += f" UNION SELECT id FROM constituents_constituent WHERE id IN ({', '.join(['%s'] * len(also))})"  # noqa: S608
        parameters += also
    if is_postgresql:
        # Asked first and by itself: a planner that expects many would rather walk the whole table in the list's order
        # and test each row, which took 13 seconds for the Smiths among a million.
        sql = f"SELECT unnest(ARRAY({sql}))"
    return RawSQL(sql, parameters)  # noqa: S611


def with_email_containing(part: str, *, using: str) -> RawSQL:
    """Return the keys of who has the part anywhere in an e-mail address, for `pk__in`."""
    # The index is asked for what stands before the @ when that tells something: every second address has the rest, and
    # reading how many do took longer than all else.
    before = part.partition("@")[0]
    telling = before if len(before) >= _FEWEST_TELLING else part
    escaped = telling.replace("~", "~~").replace("%", "~%").replace("_", "~_")
    position = "strpos" if connections[using].vendor == "postgresql" else "instr"
    return RawSQL(_CONTAINS.format(position=position), [f"%{escaped}%", part])  # noqa: S611
