"""Opening accounts, for staff an administrator adds, for the demo and for a first user; and tidying up after them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from importlib import import_module

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import SignInLink, User
from accounts.roles import Role, grant
from core.mail import send
from core.mail.models import Message
from core.mail.rendering import absolute_url


@transaction.atomic
def open_account(
    *,
    email: str,
    first_name: str = "",
    last_name: str = "",
    password: str | None = None,
    verified: bool = False,
    roles: Iterable[Role] = (),
) -> User:
    """Make a user who can sign in, and return it.

    Without `password` they sign in by mail only. `verified` takes the address as theirs unseen, as the demo does;
    everybody else proves it with the first sign-in mail. Raises ValidationError for an address that is in use.
    """
    user = User(email=User.objects.normalize_email(email).lower(), first_name=first_name, last_name=last_name)
    user.set_password(password)
    user.full_clean()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    for role in roles:
        grant(user, role)
    return user


def invite(user: User, *, by: User) -> Message:
    """Tell someone by mail that an account was opened for them, and where they sign in."""
    context = {"inviter": str(by), "email": user.email, "sign_in_url": absolute_url(reverse("account_login"))}
    return send(to=user.email, template="invitation", context=context, about=user, by=by)


def tidy_up(*, now: dt.datetime) -> None:
    """Forget sign-in links and sessions that no longer work; the clock does it daily."""
    SignInLink.objects.filter(expires_at__lt=now - dt.timedelta(days=1)).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
