"""What happens here when somebody signs in, changes their sign-in, or gets other rights: it is put on record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.signals import authentication_step_completed, login_code_rejected, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from wagtail.log_actions import get_active_log_context

from accounts.models import SignInLink, User
from core import audit

# What decides who can sign in, and to how much.
WATCHED = ("email", "is_active", "is_superuser")


def _acting_user() -> User | None:
    """Return who is at work in the workspace, where Wagtail knows it."""
    return get_active_log_context().user or None


# Signing in -------------------------------------------------------------------------------------------------------


@receiver(authentication_step_completed, dispatch_uid="accounts.spend_links")
def spend_links(user: User, method: str, **_kwargs: Any) -> None:
    """When the code of a mail was used, the link in it stops working too."""
    if method == "code":
        SignInLink.objects.spend_all(user)


@receiver(user_logged_in, dispatch_uid="accounts.record_sign_in")
def record_sign_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Somebody signed in; the record says how."""
    steps = request.session.get("account_authentication_methods", [])
    audit.record("user.signed_in", user, by=user, new={"by": [step["method"] for step in steps]})


@receiver(login_code_rejected, dispatch_uid="accounts.record_wrong_code")
def record_wrong_code(user: User, last_attempt: bool, **_kwargs: Any) -> None:
    """Somebody typed a wrong code from a mail; only the end of the attempts is worth keeping."""
    if last_attempt:
        audit.record("user.code_refused", user, by=None)


@receiver(authentication_failed, dispatch_uid="accounts.record_failed_second_factor")
def record_failed_second_factor(user: User, **_kwargs: Any) -> None:
    """Somebody passed the first step and failed the second: a mailbox or password may be in wrong hands."""
    audit.record("user.second_factor_failed", user, by=None)


# Changing a sign-in -----------------------------------------------------------------------------------------------


@receiver(authenticator_added, dispatch_uid="accounts.record_added_factor")
def record_added_factor(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Somebody added a second factor, and has just used it: do not ask for it again to show the recovery codes."""
    audit.record("user.second_factor_added", user, by=user, new={"type": authenticator.type})
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, method="mfa", type=authenticator.type, reauthenticated=True)


@receiver(authenticator_removed, dispatch_uid="accounts.record_removed_factor")
def record_removed_factor(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Somebody removed a second factor."""
    audit.record("user.second_factor_removed", user, by=user, old={"type": authenticator.type})


@receiver(pre_save, sender=User, dispatch_uid="accounts.remember_before")
def remember_before(instance: User, update_fields: Iterable[str] | None, **_kwargs: Any) -> None:
    """Look up what is about to change, when it is something we watch."""
    watched = WATCHED if update_fields is None else [name for name in WATCHED if name in set(update_fields)]
    rows = User.objects.filter(pk=instance.pk).values(*watched) if instance.pk and watched else []
    instance.__dict__["_before"] = next(iter(rows), {})


@receiver(post_save, sender=User, dispatch_uid="accounts.follow_changes")
def follow_changes(instance: User, **_kwargs: Any) -> None:
    """Record what changed, and let the old address of a user open nothing any more."""
    before = instance.__dict__.pop("_before", {})
    old = {name: value for name, value in before.items() if getattr(instance, name) != value}
    if not old:
        return
    new = {name: getattr(instance, name) for name in old}
    audit.record("user.changed", instance, by=_acting_user(), old=old, new=new)
    if "email" in old:
        EmailAddress.objects.filter(user=instance).exclude(email__iexact=instance.email).delete()
        SignInLink.objects.spend_all(instance)


# Rights -----------------------------------------------------------------------------------------------------------


@receiver(m2m_changed, sender=User.groups.through, dispatch_uid="accounts.record_roles")
def record_roles(instance: User | Group, action: str, pk_set: set[int] | None, **_kwargs: Any) -> None:
    """Record who got or lost which role, from whichever side and screen it was done."""
    if action == "pre_clear":
        others = instance.groups if isinstance(instance, User) else instance.user_set
        pk_set = set(others.values_list("pk", flat=True))
    if action not in {"post_add", "post_remove", "pre_clear"} or not pk_set:
        return
    if isinstance(instance, User):
        users = [instance]
        roles = sorted(Group.objects.filter(pk__in=pk_set).values_list("name", flat=True))
    else:
        users = list(User.objects.filter(pk__in=pk_set))
        roles = [instance.name]
    for user in users:
        if action == "post_add":
            audit.record("user.role_given", user, by=_acting_user(), new={"roles": roles})
        else:
            audit.record("user.role_taken", user, by=_acting_user(), old={"roles": roles})
