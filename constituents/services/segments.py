"""Keep segments and take lists of them: each verb checks, writes and leaves an audit entry."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.errors import SegmentInUseError
from constituents.models import Constituent, Segment, SegmentSnapshot, SegmentSnapshotMember
from constituents.segments.saved import built_on, members_of, needs_of, refuse_circles
from core import audit, clock

_AUDITED = ["name", "description", "criteria", "one_per_household", "is_shared"]


@transaction.atomic
def make_segment(
    *,
    by: User | None,
    name: str,
    criteria: Any,
    description: str = "",
    one_per_household: bool = False,
    is_shared: bool = False,
) -> Segment:
    """Keep conditions under a name. Raises CriteriaError, and ValidationError for a name that is taken."""
    segment = Segment(
        name=name,
        description=description,
        criteria=criteria,
        one_per_household=one_per_household,
        is_shared=is_shared,
        owner=by,
        needs=needs_of(criteria),
    )
    segment.full_clean()
    segment.save()
    audit.record("segment.made", segment, by=by, new=audit.snapshot(segment, _AUDITED))
    return segment


@transaction.atomic
def change_segment(segment: Segment, *, by: User | None, **changes: Any) -> Segment:
    """Change fields of a segment. Raises CriteriaError, and TakesPartInItselfError when it would include itself."""
    # One change at a time: two that each include the other must not both succeed.
    list(Segment.objects.select_for_update().order_by("pk").values_list("pk"))
    segment = Segment.objects.get(pk=segment.pk)
    before = audit.snapshot(segment, _AUDITED)
    for name, value in changes.items():
        setattr(segment, name, value)
    refuse_circles(segment, segment.criteria)
    segment.needs = needs_of(segment.criteria)
    segment.full_clean()
    segment.save()
    _pass_on_needs(segment)
    old, new = audit.changes(before, audit.snapshot(segment, _AUDITED))
    if old or new:
        audit.record("segment.changed", segment, by=by, old=old, new=new)
    return segment


def _pass_on_needs(segment: Segment) -> None:
    for other in built_on(segment):
        needs = needs_of(other.criteria)
        if needs != other.needs:
            Segment.objects.filter(pk=other.pk).update(needs=needs)
            _pass_on_needs(other)


@transaction.atomic
def copy_segment(segment: Segment, *, by: User | None) -> Segment:
    """Make one's own segment of the same conditions."""
    name, number = _("%(name)s (copy)") % {"name": segment.name[:100]}, 2
    while Segment.objects.filter(name=name).exists():
        name, number = _("%(name)s (copy %(number)d)") % {"name": segment.name[:100], "number": number}, number + 1
    return make_segment(
        by=by,
        name=name,
        description=segment.description,
        criteria=segment.criteria,
        one_per_household=segment.one_per_household,
    )


@transaction.atomic
def delete_segment(segment: Segment, *, by: User | None) -> None:
    """Delete a segment; lists taken of it stay. Raises SegmentInUseError when another is built on it."""
    for other in built_on(segment):
        raise SegmentInUseError(segment, other)
    audit.record("segment.deleted", segment, by=by, old=audit.snapshot(segment, _AUDITED), deleted=True)
    segment.delete()


@transaction.atomic
def take_snapshot(segment: Segment, *, by: User | None, name: str = "") -> SegmentSnapshot:
    """Write down who is in the segment now; the list stays as it is."""
    now = clock.now()
    snapshot = SegmentSnapshot.objects.create(
        name=name or f"{segment.name}, {clock.local_date(now).isoformat()}",
        segment=segment,
        criteria=segment.criteria,
        needs=needs_of(segment.criteria),
        taken_by=by,
        taken_at=now,
    )
    put_on_list(snapshot, members_of(segment))
    audit.record("list.taken", snapshot, by=by, new={"name": snapshot.name, "people": snapshot.count})
    return snapshot


@transaction.atomic
def make_list(*, by: User | None, name: str, people: QuerySet[Constituent]) -> SegmentSnapshot:
    """Write down these people under a name."""
    snapshot = SegmentSnapshot.objects.create(name=name, taken_by=by, taken_at=clock.now())
    put_on_list(snapshot, people)
    audit.record("list.taken", snapshot, by=by, new={"name": snapshot.name, "people": snapshot.count})
    return snapshot


def put_on_list(snapshot: SegmentSnapshot, people: QuerySet[Constituent]) -> int:
    """Add people to a list, in one statement however many; return how many were not on it before."""
    if people.query.is_empty():
        return 0
    before = snapshot.listed.count()
    missing = people.order_by().exclude(pk__in=snapshot.listed.order_by().values("constituent"))
    sql, parameters = missing.values_list("pk").query.sql_with_params()
    table = connection.ops.quote_name(SegmentSnapshotMember._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (snapshot_id, constituent_id) SELECT %s, found.* FROM ({sql}) AS found",  # noqa: S608
            [snapshot.pk, *parameters],
        )
    snapshot.count = snapshot.listed.count()
    snapshot.save(update_fields=["count"])
    return snapshot.count - before


@transaction.atomic
def delete_list(snapshot: SegmentSnapshot, *, by: User | None) -> None:
    """Delete a list; nobody on it is touched."""
    old = {"name": snapshot.name, "people": snapshot.count}
    audit.record("list.deleted", snapshot, by=by, old=old, deleted=True)
    snapshot.delete()
