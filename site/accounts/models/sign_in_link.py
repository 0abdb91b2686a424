"""SignInLink: the link in a sign-in mail. It opens a page; only that page's button signs in, once."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import ClassVar

from allauth.account import app_settings
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def digest(token: str) -> str:
    """Return what is stored of a token: whoever reads the database must not be able to sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


class SignInLinkQuerySet(models.QuerySet["SignInLink"]):
    """Making, finding and spending links."""

    def issue(self, *, user: settings.AUTH_USER_MODEL, email: str, next_url: str = "") -> str:  # type: ignore[name-defined]
        """Make a link and return its token, which is stored nowhere."""
        token = secrets.token_urlsafe(32)
        expires_at = timezone.now() + dt.timedelta(seconds=app_settings.LOGIN_BY_CODE_TIMEOUT)
        self.create(digest=digest(token), user=user, email=email, next_url=next_url, expires_at=expires_at)
        return token

    def open(self) -> SignInLinkQuerySet:
        """Return the links that still work."""
        return self.filter(used_at__isnull=True, expires_at__gt=timezone.now(), user__is_active=True)

    def for_token(self, token: str) -> SignInLink | None:
        """Return the working link of a token, or None."""
        return self.open().select_related("user").filter(digest=digest(token)).first()

    def spend_all(self, user: settings.AUTH_USER_MODEL) -> None:  # type: ignore[name-defined]
        """Make every link of a user stop working, as when the code of the same mail was used."""
        self.open().filter(user=user).update(used_at=timezone.now())


class SignInLink(models.Model):
    """One mailed link, good for one sign-in within the time its code is."""

    digest = models.CharField(_("digest of the token"), max_length=64, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="sign_in_links"
    )
    email = models.EmailField(_("mailed to"))
    next_url = models.CharField(_("then goes to"), max_length=2000, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("works until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects: ClassVar[SignInLinkQuerySet] = SignInLinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")
        indexes = [models.Index(fields=["expires_at"], name="accounts_link_expires")]

    def __str__(self) -> str:
        return f"{self.email}, {self.created_at:%Y-%m-%d %H:%M}"

    def spend(self) -> bool:
        """Use the link up; False when another click was faster."""
        return bool(type(self).objects.open().filter(pk=self.pk).update(used_at=timezone.now()))
