"""Card testing: so many declined payments in an hour that somebody seems to try stolen cards. Told of once a spike."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from core import mail
from core.mail.rendering import absolute_url
from donations.models import DeclineSpike, OnlineGivingSettings, StripeEvent

HOUR = dt.timedelta(hours=1)
_DECLINE = "payment_intent.payment_failed"
_PERMISSION = "change_onlinegivingsettings"


def declines_since(instant: dt.datetime) -> int:
    """Return how many payments were declined since an instant, by what Stripe told us."""
    return StripeEvent.objects.filter(received_at__gte=instant, type=_DECLINE).count()


def watch_declines(*, now: dt.datetime) -> DeclineSpike | None:
    """Begin a spike when the last hour brought too many, and tell who looks after it; end it when it is quiet.

    Quiet is an hour with less than half of what begins a spike, so that one attack is not many. Rung by the clock.
    """
    limit = OnlineGivingSettings.load().declines_to_alert
    count = declines_since(now - HOUR)
    spike = DeclineSpike.objects.select_for_update().going_on().first()
    if spike is None:
        if count < limit:
            return None
        spike = DeclineSpike.objects.create(began_at=now, seen_at=now, most=count)
        _tell(spike)
        return spike
    spike.seen_at, spike.most = now, max(spike.most, count)
    if count * 2 < limit:
        spike.ended_at, spike.is_over = now, True
    spike.save()
    return spike


def who_looks_after_it() -> QuerySet[User]:
    """Return whom to tell: active users who may set online giving up."""
    permission = Permission.objects.filter(content_type__app_label="donations", codename=_PERMISSION)
    return (
        User.objects.filter(is_active=True)
        .filter(Q(is_superuser=True) | Q(groups__permissions__in=permission) | Q(user_permissions__in=permission))
        .distinct()
        .order_by("pk")
    )


def _tell(spike: DeclineSpike) -> None:
    for user in who_looks_after_it():
        mail.send(
            to=user.email,
            template="declined_payments",
            context={"count": spike.most, "url": absolute_url(reverse("online_giving"))},
        )
