"""The user: someone who signs in with an e-mail address. Who they are to us is Constituent's to know."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(DjangoUserManager["User"]):
    """Makes users from an e-mail address; there are no user names."""

    def _create_user(self, email: str, password: str | None, **extra: Any) -> User:
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)  # None makes an unusable password: sign-in by code only
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:  # type: ignore[override]
        """Make a supporter's account."""
        extra.setdefault("is_staff", False)
        extra.setdefault("is_superuser", False)
        return self._create_user(email, password, **extra)

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:  # type: ignore[override]
        """Make an administrator who may do everything."""
        return self._create_user(email, password, **(extra | {"is_staff": True, "is_superuser": True}))

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by e-mail address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractUser):
    """Someone who can sign in: a member of staff, a board reader or a supporter."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_unique",
                violation_error_message=_("Someone already signs in with this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email
