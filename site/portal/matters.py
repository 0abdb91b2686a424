"""What matters now: the few things the home page asks for or gives, the most pressing first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from constituents.models import Constituent
from core import clock
from core.theme.figures import day_in_words, time_in_words
from donations.models import Gift, GiftKind, Receipt, RecurringGift, RecurringKind, RecurringStatus
from memberships.models import Membership, Status
from memberships.wording import day, standing_in_words
from volunteers.models import Shift, SignUp, SignUpStatus

# How long a new receipt is pointed out.
RECEIPT_IS_NEWS = dt.timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to know or do, with where to do it."""

    title: str | Promise
    text: str | Promise
    tone: str = "quiet"
    url: str = ""
    action: str | Promise = ""


def matters(me: Constituent, membership: Membership | None, coming: list[SignUp]) -> list[Matter]:
    """Return what matters now to someone, their membership and coming shifts at hand."""
    return [*_membership(me, membership), *_failing(me), *_expected(me), *_shifts(coming), *_receipts(me)]


def _membership(me: Constituent, membership: Membership | None) -> Iterator[Matter]:
    if membership is None:
        text = _("Members decide where we go.")
        yield Matter(_("You are not a member yet"), text, url="/join/", action=_("See what membership offers"))
        return
    today = clock.today()
    status = membership.status_on(today)
    if status not in (Status.DUE, Status.GRACE, Status.LAPSED) or membership.bill_to.pk != me.pk:
        return
    waiting = next((application for application in membership.applications.all() if application.is_open), None)
    page = reverse("portal_membership")
    if waiting is not None:
        text = _("We expect your dues. Your membership goes on when they have come.")
        yield Matter(_("Your renewal is on its way"), text, url=page, action=_("See the details"))
        return
    title = _("Come back as a member") if status == Status.LAPSED else _("It is time to renew your membership")
    tone = "wrong" if status == Status.LAPSED else "waiting"
    yield Matter(title, f"{standing_in_words(membership, today)}.", tone, reverse("portal_renew"), _("Renew"))


def _failing(me: Constituent) -> Iterator[Matter]:
    """What Stripe could not charge; a standing order that does not come is a matter between donor and bank."""
    failing = RecurringGift.objects.filter(donor=me, kind=RecurringKind.STRIPE, status=RecurringStatus.FAILING)
    for recurring in failing.order_by("pk")[:2]:
        yield Matter(
            _("Your gift could not be charged: %(promise)s") % {"promise": recurring},
            recurring.status_reason,
            "wrong",
            reverse("portal_recurring", args=[recurring.uuid]),
            _("Put it right"),
        )


def _expected(me: Constituent) -> Iterator[Matter]:
    for gift in Gift.objects.expected().filter(donor=me, kind=GiftKind.GIFT).order_by("received_on", "pk")[:3]:
        text = _("You promised it on %(date)s by %(method)s. Thank you! It stands here until it has come.")
        yield Matter(
            _("We look forward to your gift of %(amount)s") % {"amount": gift.money},
            text % {"date": day(gift.received_on), "method": str(gift.get_method_display()).lower()},
            "waiting",
            reverse("portal_giving"),
            _("See your giving"),
        )


def _shifts(coming: list[SignUp]) -> Iterator[Matter]:
    place = next((place for place in coming if place.status == SignUpStatus.CONFIRMED), None)
    if place is not None:
        shift = place.shift
        yield Matter(
            _("Your next shift: %(name)s") % {"name": shift.opportunity.name},
            " · ".join(part for part in (_when(shift), shift.opportunity.place) if part),
            "good",
            reverse("portal_shifts"),
            _("See your shifts"),
        )


def _when(shift: Shift) -> str:
    start = shift.local_start
    return f"{day_in_words(start.date(), 'full')}, {time_in_words(start)}"


def _receipts(me: Constituent) -> Iterator[Matter]:
    since = clock.today() - RECEIPT_IS_NEWS
    receipt = Receipt.objects.of(me).issued().filter(issued_on__gte=since).order_by("-issued_on", "-pk").first()
    if receipt is not None:
        yield Matter(
            _("Your receipt is ready"),
            _("Number %(serial)s over %(amount)s.") % {"serial": receipt.serial, "amount": receipt.money},
            "good",
            reverse("portal_receipt", args=[receipt.uuid]),
            _("Download the receipt"),
        )
