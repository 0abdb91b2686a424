"""What membership announces to the rules: joined, renewed, asked to join, lapsed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from constituents.work.events import Event, Fact, FactKind, Happening, announce, announce_many, register_event
from core import clock
from memberships.models import Application, Level, Membership, Status, Term, TermKind
from memberships.models.application import ApplicationState

JOINED, RENEWED, APPLIED, LAPSED = "member.joined", "member.renewed", "member.applied", "member.lapsed"
_BY_TERM = {TermKind.JOIN: JOINED, TermKind.RENEW: RENEWED}
# How far the clock looks back: it may have stood still for a while, and history that lapsed long ago is no news.
LOOKS_BACK = dt.timedelta(days=10)


def register_events() -> None:
    """Offer membership's events to the rules."""
    level = Fact("level", _("level"), FactKind.CHOICE, _levels)
    price = Fact("price", _("dues"), FactKind.NUMBER)
    register_event(
        Event(
            JOINED, _("Somebody becomes a member"), [level, price], past=lambda since: _terms(JOINED, since), order=20
        )
    )
    register_event(
        Event(RENEWED, _("A member renews"), [level, price], past=lambda since: _terms(RENEWED, since), order=21)
    )
    register_event(Event(APPLIED, _("Somebody asks to join or renew"), [level], order=22))
    register_event(
        Event(
            LAPSED,
            _("A member lapses"),
            [level],
            help_text=_("Noticed by the clock, on the day after the days of grace are over."),
            past=_lapsed_since,
            order=23,
        )
    )


def announce_term(sender: object, *, term: Term, by: User | None, **_kwargs: Any) -> None:
    """Tell the rules that somebody joined or renewed."""
    name = _BY_TERM.get(TermKind(term.kind))
    if name is not None:
        announce_many(name, [_of_term(name, term)], by=by)


def announce_application(sender: object, *, application: Application, by: User | None, **_kwargs: Any) -> None:
    """Tell the rules that somebody asked to join or renew."""
    announce(
        APPLIED,
        constituent=application.membership.bill_to,
        key=f"{APPLIED}:{application.pk}",
        facts={"level": application.level_id, "approval": application.state == ApplicationState.APPROVAL},
        about=application.membership,
        by=by,
    )


def announce_lapsed(*, now: dt.datetime) -> None:
    """Tell the rules who lapsed of late; the clock calls this daily, and a second time changes nothing."""
    announce_many(LAPSED, _lapsed(clock.local_date(now), LOOKS_BACK))


def _lapsed_since(since: dt.datetime) -> Iterator[Happening]:
    return _lapsed(clock.today(), clock.now() - since)


def _lapsed(today: dt.date, looking_back: dt.timedelta) -> Iterator[Happening]:
    before = Membership.objects.in_status(Status.LAPSED, date=today - looking_back).values("pk")
    lapsed = Membership.objects.in_status(Status.LAPSED, date=today).exclude(pk__in=before)
    for membership in lapsed.with_end().select_related("constituent", "payer").order_by("pk"):
        yield Happening(
            membership.bill_to,
            f"{LAPSED}:{membership.pk}:{membership.ends_on}",
            {"level": membership.level_id},
            about=membership,
        )


def _terms(name: str, since: dt.datetime) -> Iterator[Happening]:
    kind = next(kind for kind, event in _BY_TERM.items() if event == name)
    terms: QuerySet[Term] = Term.objects.filter(kind=kind, created_at__gte=since).order_by("-created_at", "-pk")
    return (_of_term(name, term) for term in terms.select_related("membership__constituent", "membership__payer"))


def _of_term(name: str, term: Term) -> Happening:
    return Happening(
        term.membership.bill_to,
        f"{name}:{term.pk}",
        {"level": term.level_id, "price": str(term.price)},
        about=term.membership,
        at=term.created_at,
    )


def _levels() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Level.objects.order_by("name").values_list("pk", "name")]
