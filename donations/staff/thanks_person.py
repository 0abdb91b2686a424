"""What thanks add to the constituent's page and the gift's: who waits, what to do, and when they were thanked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from constituents.models import Constituent
from constituents.timeline import Before, TimelineEvent
from core import clock
from core.staff.parts import Action, NextStep
from donations.models import Acknowledgement, Gift, ThankedBy, ThanksState
from donations.staff.kept import kept_totals
from donations.staff.thanks import how_it_stands, waiting_for

_SHOWN = 5
_ICONS = {ThankedBy.EMAIL: "mail", ThankedBy.LETTER: "doc-full"}


def waiting_of(constituent: Constituent) -> list[Acknowledgement]:
    """Return what of a donor's gifts waits for thanks, the oldest first; asked once a page."""
    if kept_totals(constituent) is None:
        return []
    if not hasattr(constituent, "thanks_waiting"):
        rows = Acknowledgement.objects.of(constituent).waiting().select_related("gift__donor").order_by("since", "pk")
        constituent.thanks_waiting = list(rows[: _SHOWN + 1])  # type: ignore[attr-defined]
    return constituent.thanks_waiting  # type: ignore[attr-defined]


def panel(constituent: Constituent) -> dict[str, Any] | None:
    """Return who waits for thanks, with what may be done; nothing when nobody does."""
    rows = waiting_of(constituent)
    if not rows:
        return None
    shown = [(row, *how_it_stands(row), reverse("thanks:inspect", args=[row.pk])) for row in rows[:_SHOWN]]
    return {"rows": shown, "more": len(rows) > _SHOWN, "thank_url": _thank_url(constituent)}


def _thank_url(constituent: Constituent) -> str:
    return reverse("thank_constituent", args=[constituent.pk])


def actions(constituent: Constituent) -> Iterable[Action]:
    """Offer to note that somebody has thanked them, while a gift waits."""
    if waiting_of(constituent):
        yield Action(_("Thank"), _thank_url(constituent), icon="mail", order=30)


def next_steps(constituent: Constituent) -> Iterator[NextStep]:
    """Say that thanks are due."""
    rows = waiting_of(constituent)
    if rows:
        first = rows[0]
        _words, tone = how_it_stands(first)
        label = ngettext("Thank for %(gift)s", "Thank for %(gift)s and more", len(rows)) % {"gift": first.gift.money}
        due = _("waiting for %(time)s") % {"time": waiting_for(first.waited(clock.now()))}
        yield NextStep(label, _thank_url(constituent), due=due, tone=tone)


def thanks_events(constituent: Constituent, before: Before | None, limit: int) -> Iterator[TimelineEvent]:
    """Return when and how they were thanked."""
    if kept_totals(constituent) is None:
        return
    rows = (
        Acknowledgement.objects.of(constituent)
        .filter(state=ThanksState.DONE)
        .select_related("gift", "by", "template")
        .order_by("-at", "-pk")
    )
    if before is not None:
        rows = before.narrow(rows, "at")
    for row in rows[:limit]:
        assert row.at is not None  # noqa: S101 - a constraint holds it: thanked is thanked at some time
        yield TimelineEvent(
            at=row.at,
            kind="thanks",
            pk=row.pk,
            title=_("Thanked: %(how)s") % {"how": row.get_how_display()},
            detail=" · ".join(part for part in (str(row.gift), row.note) if part),
            url=reverse("thanks:inspect", args=[row.pk]),
            icon=_ICONS.get(ThankedBy(row.how), "check"),
            state="good",
            by=str(row.by or ""),
        )


def thanks_of(gift: Gift) -> dict[str, Any] | None:
    """Return where thanks for a gift stand; nothing for a gift that was never posted."""
    row = Acknowledgement.objects.filter(gift=gift).select_related("by", "template", "run", "message").first()
    if row is None:
        return None
    words, tone = how_it_stands(row)
    return {"row": row, "words": words, "tone": tone, "url": reverse("thanks:inspect", args=[row.pk])}
