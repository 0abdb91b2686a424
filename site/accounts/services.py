"""Telling people of an account that was opened for them; and tidying up after those who sign in."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

from django.conf import settings
from django.urls import reverse

from accounts.models import SignInLink, User
from core.mail import send
from core.mail.models import Message
from core.mail.rendering import absolute_url


def invite(user: User, *, by: User) -> Message:
    """Tell someone by mail that an account was opened for them, and where they sign in."""
    context = {"inviter": str(by), "email": user.email, "sign_in_url": absolute_url(reverse("account_login"))}
    return send(to=user.email, template="invitation", context=context, about=user, by=by)


def tidy_up(*, now: dt.datetime) -> None:
    """Forget sign-in links and sessions that no longer work; the clock does it daily."""
    SignInLink.objects.filter(expires_at__lt=now - dt.timedelta(days=1)).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
