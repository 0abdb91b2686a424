"""How online giving stands: which money moves, what Stripe told us last, what waits, and what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from donations.models import (
    DeclineSpike,
    Dispute,
    EventState,
    OnlinePayment,
    StripeEvent,
    SyncCursor,
)
from donations.stripe import mode
from donations.stripe.deposits import payouts_off
from donations.stripe.mode import Mode

#: `stripe_sync` reads every hour; twice that and something does not run.
LATE = dt.timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: how bad it is, what it is, where to go."""

    tone: Literal["wrong", "waiting"]
    sentence: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """How online giving stands at an instant."""

    at: dt.datetime
    mode: Mode
    last_event_at: dt.datetime | None
    events_today: int
    failed_events: int
    waiting_events: int
    cursors: tuple[SyncCursor, ...]
    unmatched: int
    open_disputes: int
    payouts_off: int
    has_secret: bool
    other_money: bool
    spike: DeclineSpike | None

    @property
    def lag(self) -> dt.timedelta | None:
        """How far the reading of Stripe's own lists is behind; None before the first time."""
        return max((self.at - cursor.read_through for cursor in self.cursors), default=None)

    @property
    def findings(self) -> list[Finding]:
        """What to look at, the worst first."""
        return sorted(self._findings(), key=lambda finding: finding.tone != "wrong")

    def _findings(self) -> Iterator[Finding]:
        if self.mode is Mode.OFF:
            yield Finding("waiting", _("Online giving is not set up: the giving page offers transfer and cheque."))
            return
        if self.other_money:
            yield Finding("wrong", _("The money on record does not fit the key: nothing is taken until it does."))
        if self.mode is not Mode.DEMO and not self.has_secret:
            yield Finding("wrong", _("There is no webhook secret: what Stripe tells us cannot be believed."))
        if self.spike is not None:
            words = {"count": self.spike.most}
            sentence = _("%(count)d payments were declined in an hour: somebody may be testing stolen cards.")
            yield Finding("wrong", sentence % words)
        yield from self._about_events()
        yield from self._about_money()

    def _about_events(self) -> Iterator[Finding]:
        events = reverse("stripe_events:index")
        if self.failed_events:
            words = ngettext(
                "%(count)d event could not be handled.", "%(count)d events could not be handled.", self.failed_events
            )
            yield Finding("wrong", words % {"count": self.failed_events}, f"{events}?state={EventState.FAILED}")
        if self.waiting_events:
            sentence = _("Events wait for more than ten minutes: is a worker running?")
            yield Finding("wrong", sentence, f"{events}?state={EventState.RECEIVED}")
        if self.mode is not Mode.DEMO and self.lag is not None and self.lag > LATE:
            yield Finding("wrong", _("Stripe’s own lists have not been read for hours: is the clock running?"))

    def _about_money(self) -> Iterator[Finding]:
        if self.unmatched:
            words = ngettext(
                "%(count)d payment waits for somebody to say what it is.",
                "%(count)d payments wait for somebody to say what they are.",
                self.unmatched,
            )
            url = f"{reverse('online_payments:index')}?unmatched=true"
            yield Finding("waiting", words % {"count": self.unmatched}, url)
        if self.open_disputes:
            words = ngettext(
                "%(count)d dispute has to be answered.", "%(count)d disputes have to be answered.", self.open_disputes
            )
            yield Finding("waiting", words % {"count": self.open_disputes}, reverse("disputes:index"))
        if self.payouts_off:
            words = ngettext("%(count)d payout does not add up.", "%(count)d payouts do not add up.", self.payouts_off)
            yield Finding("wrong", words % {"count": self.payouts_off}, reverse("payouts:index"))


def look() -> Health:
    """Return how online giving stands now; asks the database only."""
    now = clock.now()
    latest = StripeEvent.objects.order_by("-received_at").values_list("received_at", flat=True).first()
    return Health(
        at=now,
        mode=mode.current(),
        last_event_at=latest,
        events_today=StripeEvent.objects.filter(received_at__gte=now - dt.timedelta(days=1)).count(),
        failed_events=StripeEvent.objects.failed().count(),
        waiting_events=StripeEvent.objects.left_over(now - dt.timedelta(minutes=10)).count(),
        cursors=tuple(SyncCursor.objects.order_by("name")),
        unmatched=OnlinePayment.objects.unmatched().count(),
        open_disputes=Dispute.objects.waiting_for_us().count(),
        payouts_off=payouts_off().count(),
        has_secret=bool(settings.STRIPE_WEBHOOK_SECRET),
        other_money=mode.current().is_on and mode.money_of_the_other_kind(),
        spike=DeclineSpike.objects.going_on().first(),
    )
