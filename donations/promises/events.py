"""What promises announce to the rules: a pledge made, kept or overdue; a recurring gift started, changed, gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from constituents.work.events import Event, Fact, FactKind, Happening, announce, announce_many, register_event
from core import clock
from donations.models import (
    Campaign,
    ChangeKind,
    FailedCharge,
    Instalment,
    Pledge,
    RecurringChange,
    RecurringGift,
    RecurringKind,
)

PLEDGED, FULFILLED, OVERDUE = "pledge.made", "pledge.fulfilled", "pledge.overdue"
STARTED, CHANGED = "recurring.started", "recurring.changed"
FAILING, LAPSED, ENDED = "recurring.failing", "recurring.lapsed", "recurring.ended"
CHARGE_FAILED = "gift.card_failed"
_BY_STEP = {ChangeKind.FAILING: FAILING, ChangeKind.LAPSED: LAPSED, ChangeKind.ENDED: ENDED}
# How far the clock looks back: it may have stood still for a while, and what was due long ago is no news.
LOOKS_BACK = dt.timedelta(days=10)


def register_events() -> None:
    """Offer them to the rules."""
    amount = Fact("amount", _("amount"), FactKind.NUMBER)
    campaign = Fact("campaign", _("campaign"), FactKind.CHOICE, _campaigns)
    kind = Fact("kind", _("kind"), FactKind.CHOICE, lambda: RecurringKind.choices)
    monthly = Fact("monthly", _("amount in an average month"), FactKind.NUMBER)
    register_event(Event(PLEDGED, _("Somebody makes a pledge"), [amount, campaign], past=_pledges_since, order=12))
    register_event(Event(FULFILLED, _("A pledge is fulfilled"), [amount, campaign], order=12))
    register_event(
        Event(
            OVERDUE,
            _("An instalment of a pledge is overdue"),
            [amount, campaign],
            help_text=_("Noticed by the clock, on the day after it was due."),
            past=_overdue_since,
            order=13,
        )
    )
    started = Event(STARTED, _("Somebody starts a recurring gift"), [amount, monthly, kind], order=13)
    register_event(started)
    difference = Fact("difference", _("how much more in an average month"), FactKind.NUMBER)
    register_event(Event(CHANGED, _("A recurring gift is raised or lowered"), [amount, monthly, difference], order=13))
    for name, label in (
        (FAILING, _("A recurring gift stops coming")),
        (LAPSED, _("A recurring gift lapses")),
        (ENDED, _("A recurring gift ends")),
    ):
        register_event(Event(name, label, [amount, monthly, kind], order=14))
    attempt = Fact("attempt", _("which try it was"), FactKind.NUMBER)
    register_event(
        Event(
            CHARGE_FAILED,
            _("A card fails"),
            [amount, attempt],
            help_text=_(
                "Each try to charge a recurring gift that fails; a single gift that is not paid sets nothing off."
            ),
            past=_failures_since,
            order=15,
        )
    )


def announce_pledge(pledge: Pledge, *, by: User | None) -> None:
    """Tell the rules of a promise."""
    announce_many(PLEDGED, [_of_pledge(PLEDGED, pledge)], by=by)


def announce_fulfilled(pledge: Pledge, *, by: User | None) -> None:
    """Tell the rules that all that was promised has come; when money of it goes back and comes again, once."""
    announce_many(FULFILLED, [_of_pledge(FULFILLED, pledge)], by=by)


def announce_overdue(*, now: dt.datetime) -> None:
    """Tell the rules what is overdue of late; the clock calls this daily, and a second time changes nothing."""
    announce_many(OVERDUE, _overdue(clock.local_date(now), LOOKS_BACK))


def announce_recurring(name: str, recurring: RecurringGift, *, key: str, by: User | None) -> None:
    """Tell the rules of a step of a recurring gift."""
    announce(
        name, constituent=recurring.donor, key=f"{name}:{key}", facts=_facts(recurring), about=recurring, by=by
    )  # fmt: skip


def announce_change(recurring: RecurringGift, *, by: User | None) -> None:
    """Tell the rules that it was raised or lowered, on the day this is decided."""
    change: RecurringChange | None = recurring.changes.order_by("pk").last()
    if change is None or change.kind not in (ChangeKind.UPGRADED, ChangeKind.DOWNGRADED):
        return
    facts = {
        "amount": str(change.amount),
        "monthly": str(change.monthly_after),
        "difference": str(change.difference),
        "kind": recurring.kind,
    }
    key = f"{CHANGED}:{change.pk}"
    announce(CHANGED, constituent=recurring.donor, key=key, facts=facts, about=recurring, by=by)


def announce_step(recurring: RecurringGift, kind: ChangeKind, day: dt.date, *, by: User | None) -> None:
    """Tell the rules what became of it by itself."""
    if (name := _BY_STEP.get(kind)) is not None:
        announce_recurring(name, recurring, key=f"{recurring.pk}:{day}", by=by)


def announce_failure(failure: FailedCharge) -> None:
    """Tell the rules that a try to charge a recurring gift failed."""
    announce_many(CHARGE_FAILED, [_of_failure(failure)])


def _of_failure(failure: FailedCharge) -> Happening:
    recurring = failure.subscription.recurring
    facts = {"amount": str(failure.amount), "attempt": failure.attempt}
    key = f"{CHARGE_FAILED}:{failure.pk}"
    return Happening(recurring.donor_id, key, facts, about=recurring, at=failure.failed_at)


def _failures_since(since: dt.datetime) -> Iterator[Happening]:
    failures = FailedCharge.objects.filter(failed_at__gte=since).select_related("subscription__recurring")
    return (_of_failure(failure) for failure in failures[:5_000])


def _facts(recurring: RecurringGift) -> dict[str, Any]:
    return {"amount": str(recurring.amount), "monthly": str(recurring.monthly), "kind": recurring.kind}


def _of_pledge(name: str, pledge: Pledge) -> Happening:
    facts = {"amount": str(pledge.amount), "campaign": pledge.campaign_id}
    return Happening(pledge.donor_id, f"{name}:{pledge.pk}", facts, about=pledge, at=pledge.created_at)


def _pledges_since(since: dt.datetime) -> Iterator[Happening]:
    pledges = Pledge.objects.filter(created_at__gte=since).order_by("-created_at", "-pk")
    return (_of_pledge(PLEDGED, pledge) for pledge in pledges[:5_000])


def _overdue_since(since: dt.datetime) -> Iterator[Happening]:
    return _overdue(clock.today(), clock.now() - since)


def _overdue(today: dt.date, looking_back: dt.timedelta) -> Iterator[Happening]:
    rows = Instalment.objects.open().filter(due_on__lt=today, due_on__gte=today - looking_back)
    for row in rows.select_related("pledge"):
        facts = {"amount": str(row.left_amount), "campaign": row.pledge.campaign_id}
        yield Happening(row.pledge.donor_id, f"{OVERDUE}:{row.pk}:{row.due_on}", facts, about=row.pledge)


def _campaigns() -> list[tuple[str, str]]:
    rows = Campaign.objects.order_by("-starts_on", "name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]
