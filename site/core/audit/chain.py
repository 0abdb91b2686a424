"""Sealing and proving. Each sealed entry's hash covers its columns and the hash before it, back to the first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.audit.canonical import canonical, commit, digest
from core.audit.models import AuditEntry, AuditHead, AuditPayload

# What the hash covers, in this order for ever: a change here breaks every chain.
_SEALED_COLUMNS = (
    "pk",
    "timestamp",
    "action",
    "user_id",
    "content_type_id",
    "object_id",
    "about_content_type_id",
    "about_id",
    "uuid",
    "deleted",
    "commitment",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One row that does not hold: its key, its number in the chain when it has one, and what is wrong."""

    entry: int | None
    sequence: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome of a proof: how many entries stand, how many payloads are erased, the head, and what is wrong."""

    entries: int
    erased: int
    sequence: int
    hash: str
    problems: list[Problem] = field(default_factory=list)


def link_hash(previous_hash: str, sequence: int, entry: AuditEntry) -> str:
    """Return the hash that seals the entry at this place in the chain."""
    columns = canonical([getattr(entry, name) for name in _SEALED_COLUMNS])
    return digest(previous_hash, str(sequence), columns)


def _locked_head() -> AuditHead:
    AuditHead.objects.get_or_create(pk=1)
    return AuditHead.objects.select_for_update().get(pk=1)


def seal(*, batch_size: int = 500, most: int | None = None) -> int:
    """Number and chain the entries that wait, a batch a transaction; return how many. Safe to run from anywhere."""
    total = 0
    while (most is None or total < most) and (sealed := _seal_batch(batch_size)):
        total += sealed
    return total


def seal_waiting(*, now: dt.datetime) -> int:
    """Seal what waits, as much as takes seconds; the clock calls it, and comes again for the rest."""
    return seal(most=20_000)


@transaction.atomic
def _seal_batch(size: int) -> int:
    return extend_chain(_locked_head(), size)


def extend_chain(head: AuditHead, size: int) -> int:
    """Chain up to `size` waiting entries behind `head`, which the caller has locked; return how many."""
    waiting = list(AuditEntry.objects.unsealed()[:size])
    for entry in waiting:
        entry.previous_hash = head.hash
        head.sequence += 1
        head.hash = link_hash(head.hash, head.sequence, entry)
        entry.sequence, entry.hash = head.sequence, head.hash
    if waiting:
        # Ten times as fast as bulk_update, whose CASE grows with every row.
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE core_auditentry SET sequence = %s, previous_hash = %s, hash = %s WHERE id = %s",
                [(entry.sequence, entry.previous_hash, entry.hash, entry.pk) for entry in waiting],
            )
        head.save(update_fields=["sequence", "hash"])
    return len(waiting)


def verify() -> Proof:
    """Seal what waits, then walk the whole chain; the proof names every row that was changed, removed or reordered."""
    seal()
    head = AuditHead.objects.filter(pk=1).first() or AuditHead(pk=1)
    problems: list[Problem] = []
    sequence, previous, missing = 0, "", []
    erased: set[int] = set()
    entries = AuditEntry.objects.sealed().select_related("payload")
    for entry in entries.iterator(chunk_size=2_000):
        problems.extend(_check(entry, sequence, previous))
        sequence, previous = entry.sequence, entry.hash
        payload = _payload(entry)
        if payload is None:
            missing.append(entry)
        elif entry.action == "audit.erased":
            erased.update(payload.data.get("new", {}).get("entries", []))
    problems += [
        Problem(entry.pk, entry.sequence, _("Its payload is gone, and no erasure explains it."))
        for entry in missing
        if entry.pk not in erased
    ]
    if (head.sequence, head.hash) != (sequence, previous):
        problems.append(Problem(None, head.sequence, _("The chain does not end where the head says.")))
    return Proof(
        entries=AuditEntry.objects.count(),
        erased=len(missing),
        sequence=sequence,
        hash=previous,
        problems=problems,
    )


def _payload(entry: AuditEntry) -> AuditPayload | None:
    return getattr(entry, "payload", None)


def _check(entry: AuditEntry, sequence: int, previous: str) -> list[Problem]:
    def problem(message: str) -> Problem:
        return Problem(entry.pk, entry.sequence, message)

    found = []
    number: Any = entry.sequence
    if number != sequence + 1:
        found.append(problem(_("An entry before it is missing.")))
    if entry.previous_hash != previous:
        found.append(problem(_("It does not continue the entry before it.")))
    if entry.hash != link_hash(entry.previous_hash, number, entry):
        found.append(problem(_("It was changed after it was sealed.")))
    payload = _payload(entry)
    if payload is not None and commit(payload.salt, payload.data) != entry.commitment:
        found.append(problem(_("Its payload was changed.")))
    return found
