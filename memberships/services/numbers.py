"""Give out member numbers: from one locked row, each once, none twice."""

from __future__ import annotations

from django.db import transaction

from memberships.models import Membership, MembershipSettings, NumberCounter


@transaction.atomic
def take_numbers(count: int = 1) -> list[str]:
    """Return the next member numbers, in order; those that came with an import are passed over."""
    settings = MembershipSettings.load()
    NumberCounter.objects.get_or_create(pk=1)
    counter = NumberCounter.objects.select_for_update().get(pk=1)
    taken: list[str] = []
    while len(taken) < count:
        first, missing = counter.last + 1, count - len(taken)
        batch = [
            f"{settings.number_prefix}{number:0{settings.number_digits}}" for number in range(first, first + missing)
        ]
        used = (
            set(Membership.objects.filter(number__in=batch).values_list("number", flat=True))
            if missing < 500
            else (set(Membership.objects.values_list("number", flat=True)))
        )
        taken += [number for number in batch if number not in used]
        counter.last += missing
    counter.save(update_fields=["last"])
    return taken
