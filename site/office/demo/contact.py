"""Contact: talks with those who give most; what people agreed to hear about; what they show of themselves."""

from __future__ import annotations

import datetime as dt

from constituents.models import (
    Audience,
    Channel,
    ConsentRecord,
    Constituent,
    Decision,
    DirectoryChoice,
    DirectoryField,
    Interaction,
    InteractionKind,
    Purpose,
)
from core import clock
from core.demo import DemoPlan

_LINES = {
    InteractionKind.CALL: (
        "Rang to say thank you",
        "Asked about the boats",
        "Left a message",
        "Talked about the winter",
    ),
    InteractionKind.MEETING: ("Coffee at the boat shed", "Showed them the new kitchen", "Lunch with the director"),
    InteractionKind.LETTER: ("Hand-written thank-you", "Sent the annual report"),
    InteractionKind.EVENT: ("Came to the summer supper", "Came to the boat launch", "At the volunteers’ evening"),
    InteractionKind.NOTE: ("Prefers letters to e-mail", "Moved here for the sailing", "Knows the harbour master"),
}


def add_contact(plan: DemoPlan) -> dict[str, int]:
    """Log contact with the most generous, record consent, and open part of the directory."""
    rng = plan.random("contact")
    generous = list(
        Constituent.objects.filter(giving__lifetime__gt=0)
        .order_by("-giving__lifetime", "pk")
        .values_list("pk", flat=True)[: max(20, min(plan.people // 10, 2_000))]
    )
    interactions, owners = [], []
    for pk in generous:
        for _count in range(rng.randrange(0, 4)):
            kind = rng.choice(list(_LINES))
            day = plan.today - dt.timedelta(days=rng.randrange(2, 700))
            at = clock.start_of_day(day) + dt.timedelta(hours=9 + rng.randrange(9))
            interactions.append(Interaction(kind=kind, at=at, subject=rng.choice(_LINES[kind])))
            owners.append(pk)
    saved = Interaction.objects.bulk_create(interactions, batch_size=500)
    through = Interaction.participants.through
    links = [through(interaction_id=row.pk, constituent_id=pk) for row, pk in zip(saved, owners, strict=True)]
    through.objects.bulk_create(links, batch_size=500)
    return {"interactions": len(saved), "consents": _add_consents(plan), "directory": _open_directory(plan)}


def _add_consents(plan: DemoPlan) -> int:
    rng = plan.random("consent")
    at = clock.start_of_day(plan.today - dt.timedelta(days=400))
    reachable = Constituent.objects.people().filter(emails__isnull=False).order_by("pk").values_list("pk", flat=True)
    rows = []
    for pk in reachable.distinct().iterator(chunk_size=5_000):
        for purpose, chance in ((Purpose.NEWSLETTER, 0.7), (Purpose.APPEALS, 0.55), (Purpose.EVENTS, 0.45)):
            decision = Decision.GIVEN if rng.random() < chance else Decision.REFUSED
            rows.append(
                ConsentRecord(
                    constituent_id=pk,
                    channel=Channel.EMAIL,
                    purpose=purpose,
                    decision=decision,
                    wording="May we write to you by e-mail about this?",
                    where="Joining form",
                    at=at,
                )
            )
    ConsentRecord.objects.bulk_create(rows, batch_size=1_000)
    return len(rows)


def _open_directory(plan: DemoPlan) -> int:
    """Let about every third adult show something; who is a member decides whether the directory lists them."""
    rng = plan.random("directory")
    adults = Constituent.objects.people().living().filter(birth_year__isnull=True).order_by("pk")
    rows = []
    for person in adults.only("pk", "occupation").iterator(chunk_size=5_000):
        if rng.random() > 0.6:
            continue
        audience = rng.choice([Audience.EVERYONE, Audience.MEMBERS])
        fields = [DirectoryField.NAME, DirectoryField.TOWN]
        fields += [DirectoryField.OCCUPATION] if person.occupation and rng.random() < 0.7 else []
        fields += [DirectoryField.EMAIL] if rng.random() < 0.3 else []
        rows += [DirectoryChoice(constituent_id=person.pk, field=field, audience=audience) for field in fields]
    DirectoryChoice.objects.bulk_create(rows, batch_size=1_000)
    return len(rows)
