"""What happens here when allauth says that something happened."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import authentication_step_completed
from django.dispatch import receiver

from accounts.models import SignInLink, User


@receiver(authentication_step_completed, dispatch_uid="accounts.spend_links")
def spend_links(user: User, method: str, **_kwargs: Any) -> None:
    """When the code of a mail was used, the link in it stops working too."""
    if method == "code":
        SignInLink.objects.spend_all(user)
