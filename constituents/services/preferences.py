"""What constituents decide about themselves: what they want to hear, and what the member directory shows of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from accounts.models import User
from constituents.models import Audience, ConsentRecord, Constituent, Decision, DirectoryChoice
from core import audit, clock

# A channel and a purpose, as ConsentRecord has them.
Topic = tuple[str, str]


def consents_of(constituent: Constituent) -> dict[Topic, ConsentRecord]:
    """Return what counts today for each channel and purpose the constituent was ever asked about."""
    records = ConsentRecord.objects.filter(constituent=constituent).latest_each()
    return {(record.channel, record.purpose): record for record in records}


def consents_of_both(
    one: Constituent, other: Constituent
) -> tuple[dict[Topic, ConsentRecord], dict[Topic, ConsentRecord]]:
    """Return what counts today for each of two constituents, by one question."""
    found: dict[int, dict[Topic, ConsentRecord]] = {one.pk: {}, other.pk: {}}
    for record in ConsentRecord.objects.filter(constituent__in=[one, other]).latest_each():
        found[record.constituent_id][record.channel, record.purpose] = record
    return found[one.pk], found[other.pk]


@transaction.atomic
def answer_consents(
    constituent: Constituent, *, wanted: Iterable[Topic], asked: Mapping[Topic, str], by: User | None, where: str
) -> list[ConsentRecord]:
    """Note a yes for every wanted topic and a no for the rest of those asked; only what is new adds a record.

    `asked` maps each topic on the form to the words that were shown beside it.
    """
    Constituent.objects.select_for_update().get(pk=constituent.pk)
    before, yes = consents_of(constituent), set(wanted)
    new = []
    for topic, wording in asked.items():
        decision = _decision(before.get(topic), wants=topic in yes)
        if decision is not None:
            channel, purpose = topic
            new.append(
                ConsentRecord(
                    constituent=constituent,
                    channel=channel,
                    purpose=purpose,
                    decision=decision,
                    wording=wording,
                    where=where,
                    at=clock.now(),
                    recorded_by=by,
                )
            )
    ConsentRecord.objects.bulk_create(new)
    if new:
        decided = {f"{record.channel} {record.purpose}": record.decision for record in new}
        audit.record("consent.answered", constituent, by=by, new=decided, about=constituent)
    return new


def _decision(before: ConsentRecord | None, *, wants: bool) -> Decision | None:
    """Return what to write down, or None when the answer is what it was."""
    had = before is not None and before.decision == Decision.GIVEN
    if wants:
        return None if had else Decision.GIVEN
    if had:
        return Decision.WITHDRAWN
    return Decision.REFUSED if before is None else None


@transaction.atomic
def choose_directory(constituent: Constituent, *, choices: Mapping[str, str], by: User | None) -> None:
    """Set for each named field who sees it in the member directory; nobody leaves no row behind."""
    Constituent.objects.select_for_update().get(pk=constituent.pk)
    before = dict(constituent.directory_choices.values_list("field", "audience"))
    old = {field: before.get(field, Audience.NOBODY) for field in choices}
    changed = {field: audience for field, audience in choices.items() if old[field] != audience}
    for field, audience in changed.items():
        if audience == Audience.NOBODY:
            DirectoryChoice.objects.filter(constituent=constituent, field=field).delete()
        else:
            choice = DirectoryChoice.objects.filter(constituent=constituent, field=field).first()
            choice = choice or DirectoryChoice(constituent=constituent, field=field)
            choice.audience = audience
            choice.full_clean()
            choice.save()
    if changed:
        audit.record(
            "directory.chosen",
            constituent,
            by=by,
            old={field: old[field] for field in changed},
            new=changed,
            about=constituent,
        )
