"""Keys that do not fit are told by `manage.py check`; card testing is told of once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.checks import run_checks

from accounts.models import User
from core import clock
from core.mail.models import Message
from donations.models import DeclineSpike, OnlineGivingSettings, StripeEvent
from donations.stripe.alerts import watch_declines
from donations.stripe.checks import check_keys, check_money
from donations.stripe.health import look
from tests.factories.online import make_payment

LIVE, TEST, SECRET = "sk_live_" + "a" * 24, "rk_test_" + "a" * 24, "whsec_" + "b" * 24


def found(settings: Any, **given: Any) -> list[str]:
    """The ids of what the check finds with these settings."""
    values = {"DEBUG": False, "STRIPE_SECRET_KEY": "", "STRIPE_WEBHOOK_SECRET": "", "STRIPE_DEMO": False} | given
    for name, value in values.items():
        setattr(settings, name, value)
    return [str(message.id).rpartition(".")[2] for message in check_keys(None)]


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        ({}, []),
        ({"STRIPE_SECRET_KEY": LIVE, "STRIPE_WEBHOOK_SECRET": SECRET}, []),
        ({"STRIPE_SECRET_KEY": TEST, "STRIPE_WEBHOOK_SECRET": SECRET, "DEBUG": True}, []),
        ({"STRIPE_DEMO": True, "DEBUG": True}, []),
        ({"STRIPE_DEMO": True}, ["E201"]),
        ({"STRIPE_SECRET_KEY": LIVE, "STRIPE_WEBHOOK_SECRET": SECRET, "DEBUG": True}, ["E202"]),
        ({"STRIPE_SECRET_KEY": TEST}, ["E203"]),
        ({"STRIPE_SECRET_KEY": "pk_live_" + "a" * 24, "STRIPE_WEBHOOK_SECRET": SECRET}, ["E204"]),
        ({"STRIPE_SECRET_KEY": f'"{LIVE}"', "STRIPE_WEBHOOK_SECRET": SECRET}, ["E204"]),
        ({"STRIPE_WEBHOOK_SECRET": SECRET}, ["W205"]),
        ({"STRIPE_SECRET_KEY": LIVE, "STRIPE_WEBHOOK_SECRET": "secret"}, ["E206"]),
    ],
)
def test_a_key_that_does_not_fit_is_found(settings: Any, given: dict[str, Any], ids: list[str]) -> None:
    assert found(settings, **given) == ids


def test_no_key_is_ever_printed(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY, settings.DEBUG = LIVE, True
    assert all(LIVE not in f"{message.msg} {message.hint}" for message in check_keys(None))


@pytest.mark.django_db
def test_money_that_the_key_does_not_fit_is_found_where_the_database_is_asked(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = LIVE
    make_payment(amount="5.00", livemode=False)
    assert [message.id for message in check_money(databases=["default"])] == ["donations.E207"]
    assert check_money(databases=None) == []
    assert "donations.E207" in {message.id for message in run_checks(tags=["database"], databases=["default"])}


# Card testing


def decline(count: int) -> None:
    """So many payments were declined just now."""
    known, now = StripeEvent.objects.count(), clock.now()
    StripeEvent.objects.bulk_create(
        StripeEvent(
            id=f"evt_{known + number}",
            type="payment_intent.payment_failed",
            object_id="pi_1",
            created=now,
            payload={},
            state="done",
            received_at=now,
            handled_at=now,
        )
        for number in range(count)
    )


@pytest.mark.django_db
def test_a_spike_of_declines_is_told_of_once(settings: Any, staff_client: Any) -> None:
    User.objects.create_superuser("owner@staff.example", "correct horse battery")
    User.objects.create_user("helper@staff.example", "correct horse battery")
    OnlineGivingSettings.objects.update_or_create(pk=1, defaults={"declines_to_alert": 5})
    now = clock.now()
    decline(4)
    assert watch_declines(now=now) is None
    decline(1)
    spike = watch_declines(now=clock.now())
    assert spike is not None
    decline(3)
    assert watch_declines(now=clock.now()) == spike
    assert [message.to for message in Message.objects.all()] == ["owner@staff.example"]
    assert look().spike == spike
    spike.refresh_from_db()
    assert (spike.most, spike.is_over) == (8, False)
    over = watch_declines(now=clock.now() + dt.timedelta(hours=2))
    assert over is not None
    assert over.is_over
    decline(9)
    assert watch_declines(now=clock.now()) != spike
    assert DeclineSpike.objects.count() == Message.objects.count() == 2
