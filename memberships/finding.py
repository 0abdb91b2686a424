"""What membership adds to the search box: members, by number and by whoever the text finds."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from constituents.search.groups import Hit, Search, SearchGroup, register_group
from core import clock
from memberships.models import Membership
from memberships.wording import TONES


def member_hits(search: Search, limit: int) -> Iterator[Hit]:
    """The memberships with this number, or else those of whom the text finds, in that order."""
    memberships = Membership.objects.for_list().prefetch_related("terms", "standings")
    found = list(memberships.filter(number__in={search.text, search.text.upper()})[:limit])
    if not found:
        people = [one.constituent.pk for one in search.constituents[:limit]]
        place = {pk: at for at, pk in enumerate(people)}
        held = memberships.filter(constituent__in=people)[: limit * 2]
        found = sorted(held, key=lambda membership: place.get(membership.constituent_id or 0, limit))[:limit]
    today = clock.today()
    for membership in found:
        status = membership.status_on(today)
        yield Hit(
            title=str(membership.holder),
            url=reverse("memberships:inspect", args=[membership.pk]),
            detail=f"{membership.number} · {membership.level}",
            chip=status.label,
            tone=TONES.get(status, "quiet"),
        )


def register() -> None:
    """Put members on the search page."""
    register_group(SearchGroup("members", _("Members"), "tag", member_hits, "memberships.view_membership", order=60))
