"""Whether this instance gives online, and with which money: none, played, test or real."""

from __future__ import annotations

import enum

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from donations.errors import OnlineGivingOffError, WrongModeError
from donations.models import OnlinePayment


class Mode(enum.Enum):
    """Which money moves."""

    OFF = "off"
    DEMO = "demo"  # played by `donations.stripe.fake`, no network
    TEST = "test"  # Stripe's sandbox
    LIVE = "live"

    @property
    def is_on(self) -> bool:
        """Whether donors can pay online."""
        return self is not Mode.OFF

    @property
    def is_live(self) -> bool:
        """Whether the money is real: Stripe's `livemode`."""
        return self is Mode.LIVE


def current() -> Mode:
    """Return the mode that the settings ask for."""
    key = settings.STRIPE_SECRET_KEY
    if not key:
        return Mode.DEMO if settings.STRIPE_DEMO else Mode.OFF
    return Mode.LIVE if key.startswith(("sk_live_", "rk_live_")) else Mode.TEST


def secret_key() -> str:
    """Return the key to speak to Stripe with. Raises OnlineGivingOffError when there is none."""
    mode = current()
    if not mode.is_on:
        raise OnlineGivingOffError
    return settings.STRIPE_SECRET_KEY or "sk_test_demo"


def webhook_secret() -> str:
    """Return what events are signed with; empty when nobody has said. The demo signs with a secret of its own."""
    if current() is Mode.DEMO:
        return f"whsec_{salted_hmac('donations.stripe.mode', 'webhook').hexdigest()}"
    return settings.STRIPE_WEBHOOK_SECRET


def own_domain() -> list[str]:
    """Return where Stripe shows its pages under a name of the organisation's, for a content policy; often nowhere."""
    return [f"https://{settings.STRIPE_CUSTOM_DOMAIN}"] if settings.STRIPE_CUSTOM_DOMAIN else []


def money_of_the_other_kind() -> bool:
    """Return whether money is on record here that the mode of today does not fit: test money, or real one."""
    return OnlinePayment.objects.paid().filter(livemode=not current().is_live).exists()


def check_instance() -> None:
    """Raise WrongModeError when money of the other kind is on record: test money and real money never share books."""
    if not money_of_the_other_kind():
        return
    if current().is_live:
        raise WrongModeError(
            _("Test payments are on record here: start with an empty database to take real ones, or set a test key.")
        )
    raise WrongModeError(
        _("Real payments are on record here: set the live key; a test key belongs to another instance.")
    )
