"""Writing entries: `record()` for a verb, `record_many()` for an import, `forget()` for an erasure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import DecimalField, Field, Model, QuerySet

from core.audit.canonical import plain
from core.audit.drafts import Draft
from core.audit.models import AuditEntry, AuditPayload

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

    from core.audit.models import AuditEntryQuerySet

# Never in the audit, whoever changes them.
SECRET_FIELDS = frozenset({"password", "last_login"})


def record(
    verb: str,
    obj: Model,
    *,
    by: AbstractUser | None,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    reason: str = "",
    about: Model | None = None,
    deleted: bool = False,
) -> AuditEntry:
    """Write one entry in the caller's transaction. `by=None` means Steward itself; `about` whose history shows it too.

    Values may be anything a model field holds. Call it before the record is deleted, with `deleted=True`.
    """
    draft = Draft(verb=verb, obj=obj, by=by, old=old, new=new, reason=reason, about=about, deleted=deleted)
    return AuditEntry.objects.write([draft])[0]


def record_many(drafts: Iterable[Draft], *, batch_size: int = 1_000) -> list[AuditEntry]:
    """Write many entries in two statements a batch, in the caller's transaction: for imports and runs."""
    return AuditEntry.objects.write(drafts, batch_size=batch_size)


def snapshot(obj: Model, fields: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the record's values by field name, foreign keys as keys; to be compared with `changes()`.

    Without `fields`: every column but passwords and those the model lists in `audit_exclude`. Many-to-many fields are
    read (one query each) only when named.
    """
    hidden = SECRET_FIELDS | set(getattr(obj, "audit_exclude", ()))
    names = fields if fields is not None else [f.name for f in obj._meta.concrete_fields if not f.primary_key]
    values: dict[str, Any] = {}
    for name in names:
        field = obj._meta.get_field(name)
        if name in hidden or not isinstance(field, Field):
            continue
        if field.many_to_many:
            values[name] = sorted(getattr(obj, name).values_list("pk", flat=True))
        else:
            values[name] = plain(_as_stored(field, field.value_from_object(obj)))
    return values


def _as_stored(field: Field, value: Any) -> Any:
    """Return an amount with the column's decimals: a form says 10 where the database says 10.000."""
    if isinstance(field, DecimalField) and value is not None:
        return field.to_python(value).quantize(Decimal(1).scaleb(-field.decimal_places))
    return value


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what differs between two snapshots as `(old, new)`; both empty when nothing does."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {n: before[n] for n in names if n in before}, {n: after[n] for n in names if n in after}


@transaction.atomic
def forget(entries: AuditEntryQuerySet | QuerySet[AuditEntry], *, obj: Model, by: AbstractUser | None) -> int:
    """Remove the payloads of the entries, for an erasure of `obj`; return how many went.

    The chain stays whole. An `audit.erased` entry lists which payloads went, so that `verify()` tells an erasure from a
    theft; nothing in it names the person.
    """
    keys = sorted(entries.filter(payload__isnull=False).values_list("pk", flat=True))
    if not keys:
        return 0
    AuditPayload.objects.filter(entry__in=keys).delete()
    label = f"{obj._meta.verbose_name} {obj.pk}"
    AuditEntry.objects.write([Draft(verb="audit.erased", obj=obj, by=by, new={"entries": keys}, label=label)])
    return len(keys)
