"""Everything we hold about one person, found by following every relation that leads to their record.

A new table that points at constituents is included by itself. What is left out is named here, with the reason.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import ForeignKey, ForeignObjectRel, Model, QuerySet

from accounts.models import User
from constituents.models import Address, Constituent
from core.mail.models import Message
from donations.models import GiftAllocation, Receipt, ReceiptLine
from memberships.models import Application, Standing, Term
from portal.documents import own_data_document

# Made from the rest of the row: for searching, for sorting, for mail programs.
DERIVED = {"sort_name", "html"}
# Relations that lead to somebody else's record, or only say again for the search box what other rows hold.
OTHERS = {"constituents.Constituent.parent", "constituents.SearchEntry.constituent"}
# What hangs below a row that leads to the person: (model, the path to the person).
BELOW: tuple[tuple[type[Model], str], ...] = (
    (Address, "household__memberships__person"),
    (GiftAllocation, "gift__donor"),
    (ReceiptLine, "receipt__recipient"),
    (Term, "membership__constituent"),
    (Standing, "membership__constituent"),
    (Application, "membership__constituent"),
)

Rows = list[dict[str, Any]]


def own_data(me: Constituent) -> dict[str, Rows]:
    """Return, table by table, every row that leads to the person."""
    found: dict[str, Rows] = {"constituents.Constituent": _rows([me], me)}
    for model, path in [*leading_here(), *BELOW]:
        rows = model._default_manager.filter(**{f"{path}__in": me.lineage_ids}).distinct()
        _add(found, model, _rows(_with_names(rows), me))
    _add(found, Message, _rows(Message.objects.about(me).filter(secret=False), me))
    return {label: rows for label, rows in found.items() if rows}


def leading_here() -> list[tuple[type[Model], str]]:
    """Return every model that points at a constituent, with the field it does so by."""
    relations = [
        relation
        for relation in Constituent._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel) and not relation.related_model._meta.auto_created
    ]
    pairs = [(relation.related_model, relation.field.name) for relation in relations]
    return [(model, path) for model, path in pairs if f"{model._meta.label}.{path}" not in OTHERS]


def _add(found: dict[str, Rows], model: Any, rows: Rows) -> None:
    known = found.setdefault(model._meta.label, [])
    known += [row for row in rows if row not in known]


def _with_names(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Fetch with each row the named things it points at, so that its words cost no further query."""
    named = [field.name for field in rows.model._meta.concrete_fields if _is_named(field)]
    return rows.select_related(*named) if named else rows


def _is_named(field: Any) -> bool:
    """Whether a field points at a thing with a name: a fund, a level, a shift; never at another person or at staff."""
    return isinstance(field, ForeignKey) and not issubclass(field.related_model, (Constituent, User))


def _rows(rows: Iterable[Any], me: Constituent) -> Rows:
    return [dict(_values(row, me)) for row in rows]


def _values(row: Model, me: Constituent) -> Iterable[tuple[str, Any]]:
    for field in row._meta.concrete_fields:
        if field.name in DERIVED or field.primary_key:
            continue
        value = getattr(row, field.attname)
        if not isinstance(field, ForeignKey):
            yield field.name, value if isinstance(value, (int, float, bool, type(None), list, dict)) else _word(value)
        elif _is_named(field):
            yield field.name, str(getattr(row, field.name)) if value is not None else None
        elif value == me.pk and field.related_model is Constituent:
            yield field.name, me.full_name


def _word(value: Any) -> str:
    """Return a value as JSON has it: dates and instants in ISO 8601, amounts as decimals, anything else as words."""
    return str(json.loads(json.dumps(value, cls=_Encoder)))


class _Encoder(DjangoJSONEncoder):
    """Writes what JSON has no type for as its words."""

    def default(self, value: Any) -> Any:
        """Return dates as Django writes them, files and countries by their name."""
        try:
            return super().default(value)
        except TypeError:
            return str(value)


def zip_of(me: Constituent) -> bytes:
    """Return a ZIP with the rows as JSON, the same to read as a PDF, and the receipts as they were issued."""
    data = own_data(me)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, cls=_Encoder, ensure_ascii=False, indent=2))
        archive.writestr("data.pdf", own_data_document(me, data))
        for receipt in Receipt.objects.of(me).issued():
            with receipt.file.open("rb") as file:
                archive.writestr(f"receipts/{receipt.file_name}", file.read())
    return out.getvalue()
