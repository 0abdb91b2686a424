"""What a constituent's page says about membership: chip, figures, actions, panel and timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent
from constituents.panels import Action, Chip, Figure, Panel
from constituents.timeline import Before, TimelineEvent, TimelineSource
from core import clock
from core.money import Money
from memberships.directory import membership_of
from memberships.models import Membership, Status, Term
from memberships.wording import TONES, day, standing_in_words, term_in_words

_SEEN = "memberships_seen"


def _membership(constituent: Constituent) -> Membership | None:
    # Chips, figures, actions and panel of one page ask for the same membership: once is enough.
    if not hasattr(constituent, _SEEN):
        setattr(constituent, _SEEN, membership_of(constituent))
    found: Membership | None = getattr(constituent, _SEEN)
    return found


def page_of(membership: Membership) -> str:
    """Return the address of a membership's page."""
    return reverse("memberships:inspect", args=[membership.pk])


def chips(constituent: Constituent) -> Iterator[Chip]:
    """Say until when they are a member."""
    if membership := _membership(constituent):
        today = clock.today()
        yield Chip(standing_in_words(membership, today), TONES.get(membership.status_on(today), "quiet"))


def figures(constituent: Constituent) -> Iterator[Figure]:
    """Say since when."""
    membership = _membership(constituent)
    if membership is not None and membership.member_since is not None:
        yield Figure(_("Member since"), day(membership.member_since, "medium"), page_of(membership))


def actions(constituent: Constituent) -> Iterator[Action]:
    """Let staff renew what is due, or join who is no member."""
    membership = _membership(constituent)
    join: str | Promise = _("Join")
    if membership is None:
        query = urlencode({"constituent": constituent.pk})
        yield Action(join, f"{reverse('memberships:join')}?{query}", icon="tag")
        return
    status = membership.status_on(clock.today())
    if status in (Status.DUE, Status.GRACE, Status.LAPSED):
        yield Action(
            _("Renew membership"),
            f"{reverse('memberships:renew', args=[membership.pk])}",
            icon="tag",
            primary=status != Status.LAPSED,
        )
    elif status == Status.CANCELLED:
        query = urlencode({"constituent": constituent.pk})
        yield Action(_("Join again"), f"{reverse('memberships:join')}?{query}", icon="tag")


def panel_context(constituent: Constituent) -> dict[str, Any]:
    """Return what the panel shows."""
    membership = _membership(constituent)
    if membership is None:
        return {"membership": None}
    today = clock.today()
    status = membership.status_on(today)
    terms = sorted(membership.terms.all(), key=lambda term: term.starts_on, reverse=True)
    return {
        "membership": membership,
        "status": status,
        "tone": TONES.get(status, ""),
        "standing": standing_in_words(membership, today),
        "terms": [{"words": term_in_words(term), "level": term.level_id} for term in terms[:3]],
        "is_holder": membership.constituent_id == constituent.pk,
        "url": page_of(membership),
    }


panel = Panel(
    name="membership",
    label=_("Membership"),
    template="wagtailadmin/memberships/panel.html",
    context=panel_context,
    order=40,
    permission="memberships.view_membership",
    place="tab",
)


def events(constituent: Constituent, before: Before | None, limit: int) -> Iterable[TimelineEvent]:
    """Return the terms bought for the plans they hold or are named on, newest first."""
    terms = Term.objects.filter(
        Q(membership__constituent=constituent) | Q(membership__people__person=constituent)
    ).select_related("level", "membership")
    if before is not None:
        terms = before.narrow(terms, "created_at")
    for term in terms.order_by("-created_at", "-pk").distinct()[:limit]:
        yield TimelineEvent(
            at=term.created_at,
            kind="membership",
            pk=term.pk,
            title=_("%(what)s: %(level)s") % {"what": term.get_kind_display(), "level": term.level},
            detail=term_in_words(term),
            url=page_of(term.membership),
            amount=str(money) if (money := Money(term.price + term.fee - term.credit, term.currency)) else "",
            icon="tag",
        )


timeline_source = TimelineSource(
    kind="membership", label=_("Membership"), events=events, permission="memberships.view_membership"
)
