"""Merging: a few people who were on record twice until somebody noticed, and one merge that was a mistake."""

from __future__ import annotations

from accounts.models import User
from constituents.models import Constituent
from constituents.services.merging import merge, undo_merge
from constituents.services.people import ContactDetails, add_constituent
from core.demo import DemoPlan

_WHY = ("Same e-mail address", "Rang to ask: moved in the spring", "Both at the same address")


def add_merges(plan: DemoPlan) -> dict[str, int]:
    """Enter some people a second time, as happens, and merge them; take the last merge back."""
    rng = plan.random("merging")
    by = User.objects.filter(is_staff=True).order_by("pk").first()
    people = Constituent.objects.current().people().living().filter(emails__isnull=False, user__isnull=True)
    ids = list(people.order_by("pk").values_list("pk", flat=True).distinct()[: max(4, plan.people // 2)])
    chosen = [Constituent.objects.get(pk=pk) for pk in rng.sample(ids, min(len(_WHY), len(ids)))]
    done = [merge(person, _again(person), by=by, note=why) for person, why in zip(chosen, _WHY, strict=False)]
    if done:
        undo_merge(done[-1], by=by)
    return {"merges": len(done)}


def _again(person: Constituent) -> Constituent:
    """Enter the person as somebody in a hurry would: an initial for the name, the address they wrote from."""
    return add_constituent(
        by=None,
        given_name=f"{person.given_name[:1]}.",
        family_name=person.family_name,
        contact=ContactDetails(email=person.primary_email),
        source="demo",
    )
