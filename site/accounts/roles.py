"""Roles: groups with the permissions a charity's work needs, filled in by each app, shipped and kept whole.

An app says in its `permissions.py`, from `AppConfig.ready()`, what each role may do with its records:

    roles.allow(Role.FUNDRAISER, "donations.view_gift", "donations.view_giving")
    roles.needs_second_factor("donations.view_giving")

Administrators may do whatever any role may; they and Communications edit the website, its pictures and documents.

After every migrate `sync_roles` makes the groups and gives them what they lack. It never takes anything away: a
permission an administrator added by hand stays, and one taken away by hand comes back with the next release, because
a shipped role that silently misses a permission is worse than one that has to be replaced by a group of your own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import swapper
from django.apps.registry import Apps
from django.contrib.auth.models import AbstractUser, AnonymousUser, Group, Permission
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

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


EDITORS = (Role.ADMINISTRATOR, Role.COMMUNICATIONS)
# Wagtail gives these for a part of the tree of pages or collections; editors get them for all of it.
ON_PAGES = {f"wagtailcore.{action}_page" for action in ("add", "change", "publish", "bulk_delete", "lock", "unlock")}
ON_COLLECTIONS = {
    f"{app}.{action}_{kind}"
    for app, kind in (("wagtailimages", "image"), ("wagtaildocs", "document"))
    for action in ("add", "change", "choose")
}

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
    if role is Role.ADMINISTRATOR:
        return frozenset().union(*_allowed.values())
    return frozenset(_allowed[role])


def shipped_permissions() -> frozenset[str]:
    """Return every permission named by an app, to check that it exists."""
    return frozenset().union(_guarded, *_allowed.values())


def must_have_second_factor(user: User) -> bool:
    """Return whether this user sees or grants what only a second factor may open."""
    return user.is_active and any(user.has_perm(permission) for permission in _guarded)


def may_enter_workspace(user: AbstractUser | AnonymousUser) -> bool:
    """Return whether the user may open /admin/ at all."""
    return user.is_authenticated and user.has_perm(WORKSPACE)


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
def sync_roles() -> None:
    """Make the shipped groups and give them the permissions they lack."""
    rows = find_permissions(shipped_permissions() | ON_PAGES | ON_COLLECTIONS)
    for role in Role:
        group, _made = Group.objects.get_or_create(name=role.value)
        group.permissions.add(*(rows[name] for name in permissions_of(role) if name in rows))
    _let_editors_edit(rows)


def _let_editors_edit(rows: dict[str, Permission]) -> None:
    page = swapper.load_model("wagtailcore", "Page").get_first_root_node()
    collection = Collection.get_first_root_node()
    for group in Group.objects.filter(name__in=[role.value for role in EDITORS]):
        for name in ON_PAGES & rows.keys():
            GroupPagePermission.objects.get_or_create(group=group, page=page, permission=rows[name])
        for name in ON_COLLECTIONS & rows.keys():
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=rows[name])


def sync_after_migrate(apps: Apps, **_kwargs: Any) -> None:
    """Sync once everything it needs is migrated: a migrate to an earlier state may stop before."""
    needed = [("auth", "group"), ("wagtailcore", "grouppagepermission"), ("wagtailcore", "groupcollectionpermission")]
    if all(model in apps.all_models[app] for app, model in needed):
        sync_roles()
