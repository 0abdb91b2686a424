"""What was missed, found by reading Stripe's own lists: events since the last time, and every movement of the balance.

    report = catch_up()             # since the last time, less an hour
    report = catch_up(since=day)    # Stripe keeps events for thirty days, movements of the balance for ever

Whatever webhooks were lost, late or twice, after this the books say what Stripe says. What cannot be brought in holds
nothing else back: a failed event is on record, is tried again by itself, and waits for staff after that.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from core import clock
from core.jobs import Progress, enqueue, job
from donations.models import (
    BalanceLine,
    Checkout,
    CheckoutState,
    Dispute,
    EventState,
    GiftStatus,
    OnlinePayment,
    OnlineRefund,
    PaymentStatus,
    RefundStatus,
    StripeEvent,
    SyncCursor,
)
from donations.models.dispute import UNDECIDED
from donations.models.online_refund import UNDER_WAY
from donations.promises.setting_up import abandon_recurring
from donations.services.gifts import cancel_gift
from donations.stripe import gateway, inbox, mode
from donations.stripe.events import handler_for, object_id
from donations.stripe.refunding import send_refund
from donations.stripe.syncing import payments, payouts, sessions, whole

logger = logging.getLogger("donations.stripe")

# An event may be listed a little later than it says it was made.
OVERLAP = dt.timedelta(hours=1)
FIRST_TIME = dt.timedelta(days=3)
# For how long Stripe lists events.
EVENTS_KEPT = dt.timedelta(days=30)
# A form whose payment page was never reached is given up after this.
NEVER_BEGUN = dt.timedelta(days=1)
_UNANSWERED = dt.timedelta(minutes=10)
# What is on its way for days is asked about again when nothing was heard of it for this long.
_QUIET = dt.timedelta(hours=12)


@dataclass(slots=True)
class Report:
    """What was found, and what could not be brought in, in words."""

    events: int = 0
    balance_lines: int = 0
    payments: int = 0
    others: int = 0
    failed: list[str] = field(default_factory=list)


Due = Callable[[dt.datetime], Iterable[str]]
#: Further things to look after: owners add theirs where they register.
_more: dict[Due, Callable[[str], object]] = {}


def also_catch_up(due: Due, look: Callable[[str], object]) -> None:
    """Have each id that `due` names at the instant of a catching-up looked at."""
    _more[due] = look


def catch_up(*, since: dt.datetime | None = None) -> Report:
    """Bring in what was missed since an instant, or since the last time. One thing that fails hinders no other.

    Raises OnlineGivingOffError, WrongModeError, and StripeUnavailableError when Stripe does not answer at all.
    """
    now, report = clock.now(), Report()
    _read_events(since or _cursor("events", now) - OVERLAP, report)
    _move("events", since, now)
    report.balance_lines = payouts.read_balance(since=since or _cursor("balance_transactions", now) - OVERLAP)
    _move("balance_transactions", since, now)
    _look_at_lines(report)
    _look_at_pages(now, report)
    _look_at_waiting(now, report)
    for due, look in _more.items():
        for stripe_id in due(now):
            with _noting(report, stripe_id):
                look(stripe_id)
                report.others += 1
    return report


def _cursor(name: str, now: dt.datetime) -> dt.datetime:
    known = SyncCursor.objects.filter(name=name).values_list("read_through", flat=True).first()
    return known or now - FIRST_TIME


def _move(name: str, since: dt.datetime | None, now: dt.datetime) -> None:
    """Note that a list is read to here: all it says is on record. Not when it was read from later than that."""
    if since is None or since <= _cursor(name, now):
        SyncCursor.objects.update_or_create(name=name, defaults={"read_through": now})


class _noting:  # noqa: N801  reads as a clause
    """Note what goes wrong with one thing, and go on with the next."""

    def __init__(self, report: Report, what: str) -> None:
        self._report, self._what = report, what

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> bool:
        if not isinstance(error, Exception):
            return False
        logger.error("Catching up: %s could not be brought in.", self._what, exc_info=error)
        self._report.failed.append(f"{self._what}: {type(error).__name__}: {error}")
        return True


def _read_events(since: dt.datetime, report: Report) -> None:
    """Store the events we never heard of, and look at each object they are about once."""
    since = max(since, clock.now() - EVENTS_KEPT)
    client = gateway.for_jobs()
    with gateway.answering():
        listed = client.v1.events.list({"created": {"gte": int(since.timestamp())}, "limit": 100})
        # The SDK makes Decimals of some amounts, which the row of an event does not keep.
        found = [json.loads(json.dumps(event.to_dict(), default=str)) for event in listed.auto_paging_iter()]
    live = mode.current().is_live
    unknown = {event["id"]: event for event in found if event["livemode"] is live and handler_for(event["type"])}
    done = StripeEvent.objects.filter(pk__in=unknown, state__in=[EventState.DONE, EventState.IGNORED])
    for known in done.values_list("pk", flat=True):
        del unknown[known]
    looked_at: set[tuple[Any, str]] = set()
    for payload in sorted(unknown.values(), key=lambda event: event["created"]):
        event = inbox.keep(payload)
        about = (handler_for(event.type), object_id(payload))
        if about in looked_at:
            inbox.note_done(event)
            continue
        report.events += 1
        if inbox.handle(event).state == EventState.FAILED:
            report.failed.append(f"{event.type} {event.pk}: {event.error}")
        else:
            looked_at.add(about)


def _look_at_lines(report: Report) -> None:
    """Look at every charge, refund and dispute that moved the balance and stands in no row of ours; once."""
    charges = OnlinePayment.objects.filter(charge_id=OuterRef("source_id"))
    refunds = OnlineRefund.objects.filter(stripe_id=OuterRef("source_id"))
    disputes = Dispute.objects.filter(stripe_id=OuterRef("source_id"))
    lines = BalanceLine.objects.filter(livemode=mode.current().is_live, looked_at__isnull=True)
    # Stripe's ids say what they are of; of a bank debit a charge is `py_` and a refund `pyr_`.
    for prefixes, rows, look in (
        (("ch_", "py_"), charges, payments.sync_charge),
        (("re_", "pyr_"), refunds, whole.sync_refund),
        (("du_", "dp_"), disputes, whole.sync_dispute),
    ):
        of_kind = Q(source_id__startswith=prefixes[0]) | Q(source_id__startswith=prefixes[1])
        unknown = lines.filter(of_kind, ~Exists(rows)).order_by("happened_at", "pk")
        for source in list(unknown.values_list("source_id", flat=True)[:5_000]):
            with _noting(report, source):
                look(source)
                BalanceLine.objects.filter(source_id=source, looked_at__isnull=True).update(looked_at=clock.now())
                report.payments += 1


def _look_at_pages(now: dt.datetime, report: Report) -> None:
    """Look at payment pages whose time is over, and give up forms that never reached one."""
    over = Checkout.objects.open().filter(expires_at__lt=now, session_id__isnull=False)
    for session in list(over.values_list("session_id", flat=True)[:1_000]):
        with _noting(report, str(session)):
            sessions.sync(str(session))
            report.others += 1
    for checkout in Checkout.objects.open().filter(session_id=None, created_at__lt=now - NEVER_BEGUN)[:1_000]:
        _never_begun(checkout)
        report.others += 1


def _never_begun(checkout: Checkout) -> None:
    reason = _("The payment page was never reached.")
    if checkout.gift is not None and checkout.gift.status == GiftStatus.PENDING:
        cancel_gift(checkout.gift, by=None, reason=reason)
    elif checkout.recurring is not None:
        abandon_recurring(checkout.recurring, reason=reason)
    Checkout.objects.filter(pk=checkout.pk, state=CheckoutState.OPEN).update(state=CheckoutState.EXPIRED)


def _look_at_waiting(now: dt.datetime, report: Report) -> None:
    """Look at refunds we asked for and never heard of, and at what is on its way and should have been heard of."""
    for refund in OnlineRefund.objects.filter(status=RefundStatus.ASKED, asked_at__lt=now - _UNANSWERED)[:1_000]:
        with _noting(report, str(refund.uuid)):
            send_refund.call(refund.pk)
            report.others += 1
    quiet = {"fetched_at__lt": now - _QUIET}
    waiting = OnlinePayment.objects.filter(status=PaymentStatus.PROCESSING, payment_intent__isnull=False, **quiet)
    on_their_way = OnlineRefund.objects.filter(status__in=UNDER_WAY, **quiet)
    undecided = Dispute.objects.filter(status__in=UNDECIDED, **quiet)
    for ids, look in (
        (waiting.values_list("payment_intent", flat=True), payments.sync),
        (on_their_way.values_list("stripe_id", flat=True), whole.sync_refund),
        (undecided.values_list("stripe_id", flat=True), whole.sync_dispute),
    ):
        for stripe_id in list(ids.order_by("fetched_at")[:1_000]):
            with _noting(report, str(stripe_id)):
                look(str(stripe_id))
                report.payments += 1


@job(kind="stripe.sync", attempts=3)
def catch_up_job(progress: Progress) -> dict[str, str]:
    """Catch up beside the web."""
    report = catch_up()
    words = {"events": report.events, "payments": report.payments, "failed": len(report.failed)}
    return {"message": _("Events: %(events)d. Payments: %(payments)d. Failed: %(failed)d.") % words}


def catch_up_every_hour(*, now: dt.datetime) -> None:
    """Have it caught up; rung by the clock."""
    if mode.current().is_on:
        enqueue(catch_up_job, key=f"stripe-sync-{now:%Y-%m-%dT%H}", label=_("Look at Stripe for what we missed"))


def summary(report: Report) -> Iterator[str]:
    """Yield a report line by line."""
    yield f"Events handled: {report.events}"
    yield f"New balance transactions: {report.balance_lines}"
    yield f"Payments and refunds looked at: {report.payments}"
    yield f"Others looked at: {report.others}"
    for line in report.failed:
        yield f"Failed: {line}"
