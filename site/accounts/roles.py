"""Roles: groups with the permissions a charity's work needs, filled in by each app, shipped and kept whole.

An app says in its `permissions.py`, from `AppConfig.ready()`, what each role may do with its records:

    roles.allow(Role.FUNDRAISER, "donations.view_gift", "donations.view_giving")
    roles.needs_second_factor("donations.view_giving")

After every migrate `sync_roles` makes the groups and gives them what they lack. It never takes anything away: a
permission an administrator added by hand stays, and one taken away by hand comes back with the next release, because
a shipped role that silently misses a permission is worse than one that has to be replaced by a group of your own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, Permission
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User

WORKSPACE = "wagtailadmin.access_admin"


class Role(models.TextChoices):
    """The roles Steward ships. The value is the name of the group."""

    ADMINISTRATOR = "Administrator", _("Administrator")
    FUNDRAISER = "Fundraiser", _("Fundraiser")
    GIFT_PROCESSOR = "Gift processor", _("Gift processor")
    MEMBERSHIP_OFFICER = "Membership officer", _("Membership officer")
    VOLUNTEER_COORDINATOR = "Volunteer coordinator", _("Volunteer coordinator")
    COMMUNICATIONS = "Communications", _("Communications")
    BOARD_READER = "Board reader", _("Board reader")
    READ_ONLY = "Read-only", _("Read-only")


_allowed: dict[Role, set[str]] = defaultdict(set, {role: {WORKSPACE} for role in Role})
# Who may give themselves more rights must prove themselves like those who already have them.
_guarded: set[str] = {"accounts.add_user", "accounts.change_user", "auth.change_group"}


def allow(role: Role, *permissions: str) -> None:
    """Let a role do what the permissions ("app.codename") say."""
    _allowed[role].update(permissions)


def allow_all(*permissions: str, but: tuple[Role, ...] = ()) -> None:
    """Let every role but the named ones do what the permissions say."""
    for role in Role:
        if role not in but:
            allow(role, *permissions)


def needs_second_factor(*permissions: str) -> None:
    """Require a second factor of everybody who has one of these permissions."""
    _guarded.update(permissions)


def permissions_of(role: Role) -> frozenset[str]:
    """Return what a role ships with."""
    return frozenset(_allowed[role])


def shipped_permissions() -> frozenset[str]:
    """Return every permission named by an app, to check that it exists."""
    return frozenset().union(_guarded, *_allowed.values())


def must_have_second_factor(user: User) -> bool:
    """Return whether this user sees or grants what only a second factor may open."""
    return user.is_active and any(user.has_perm(permission) for permission in _guarded)


def may_enter_workspace(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether the user may open /admin/ at all."""
    return user.is_authenticated and user.has_perm(WORKSPACE)  # type: ignore[union-attr]


@transaction.atomic
def grant(user: User, role: Role) -> None:
    """Give a user a role."""
    user.groups.add(Group.objects.get_or_create(name=role.value)[0])


@transaction.atomic
def revoke(user: User, role: Role) -> None:
    """Take a role from a user."""
    user.groups.remove(*Group.objects.filter(name=role.value))


def roles_of(user: User) -> list[Role]:
    """Return the shipped roles a user has."""
    names = set(user.groups.values_list("name", flat=True))
    return [role for role in Role if role.value in names]


def find_permissions(names: frozenset[str]) -> dict[str, Permission]:
    """Return the rows of the named permissions that exist."""
    wanted = Permission.objects.filter(codename__in={name.partition(".")[2] for name in names})
    by_name = {f"{row.content_type.app_label}.{row.codename}": row for row in wanted.select_related("content_type")}
    return {name: by_name[name] for name in names if name in by_name}


@transaction.atomic
def sync_roles(**_kwargs: Any) -> None:
    """Make the shipped groups and give them the permissions they lack; run after every migrate."""
    rows = find_permissions(shipped_permissions())
    for role in Role:
        group, _made = Group.objects.get_or_create(name=role.value)
        group.permissions.add(*(rows[name] for name in permissions_of(role) if name in rows))
