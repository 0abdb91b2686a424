"""Every screen of the workspace, asked for by everybody: each says what permission it wants, and holds to it.

A refusal comes before anything is looked up, so the walk needs no records: whoever may look is told that there is no
record 0, whoever may not is told nothing. A new screen is in the walk by being in the address map; one that says no
permission fails here.
"""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django_htmx.middleware import HtmxDetails
from wagtail.admin.auth import require_admin_access
from wagtail.users.models import UserProfile

from accounts.models import User
from accounts.roles import WORKSPACE, Role
from constituents.search.groups import groups_for

pytestmark = pytest.mark.django_db

Rule = Callable[[Any], bool]
_DOOR = require_admin_access(lambda _request: None).__code__


def has(*permissions: str) -> Rule:
    """Whoever has one of the permissions."""
    return lambda user: any(user.has_perm(permission) for permission in permissions)


def everybody(user: Any) -> bool:
    """Whoever may enter the workspace."""
    return True


#: Screens whose rule stands in no attribute: what they show depends on who asks.
DECLARED: dict[str, Rule] = {
    # Each sees their own jobs and runs, and everybody's with the permission.
    **dict.fromkeys(["core_jobs", "core_job", "core_job_cancel", "core_job_again"], everybody),
    **dict.fromkeys(["core_bulk_run", "core_bulk_undo", "core_bulk_file"], everybody),
    # At least one kind of record to find.
    **dict.fromkeys(["steward_search", "steward_search_results"], lambda user: bool(groups_for(user))),
    "core_mail:html": has("core.view_message"),
    # For developers: only there with DEBUG.
    "staff_styleguide": everybody,
}
#: Wagtail's pages before signing in, and what they are drawn with.
OPEN = {
    "",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_complete",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_done",
    "wagtailadmin_sprite",
}
ROOMS = {"accounts", "communications", "constituents", "core", "donations", "memberships", "office", "volunteers"}


@dataclass
class Screen:
    """An address and what answers there."""

    name: str
    route: str
    callback: Callable[..., Any]
    arguments: dict[str, Any]

    def __str__(self) -> str:
        return f"/{self.route} ({self.name})"

    def layers(self) -> Iterator[Any]:
        """The view and whatever is wrapped round it."""
        waiting, seen = [self.callback], set()
        while waiting:
            layer = waiting.pop()
            if id(layer) in seen:
                continue
            seen.add(id(layer))
            yield layer
            waiting += [layer.__wrapped__] if hasattr(layer, "__wrapped__") else []
            waiting += [value for value in held(layer) if inspect.isfunction(value) or inspect.ismethod(value)]

    @cached_property
    def door(self) -> Callable[..., Any]:
        """The view inside what only draws Wagtail's page for “not found”."""
        doors = (layer for layer in self.layers() if held(layer) and layer.__code__ is _DOOR)
        return next(doors, self.callback)

    @property
    def is_ours(self) -> bool:
        """Whether any layer of it is our code."""
        modules = {getattr(layer, "view_class", layer).__module__.partition(".")[0] for layer in self.layers()}
        return bool(modules & ROOMS)

    def rule(self) -> Rule | None:
        """Who may look, as the view says it: by its attributes, its policy or its decorator."""
        if self.name in DECLARED:
            return DECLARED[self.name]
        for layer in self.layers():
            if layer.__qualname__.startswith("permission_required"):
                return has(*(value for value in held(layer) if isinstance(value, str)))
            if hasattr(layer, "view_class"):
                return rule_of(layer.view_class(**layer.view_initkwargs))
        return None

    def answers(self, user: Any) -> bool:
        """Whether the user gets past the door."""
        # OPTIONS goes through every check and draws nothing; as from a script, a refusal is not dressed as a page.
        request = RequestFactory().options("/", headers={"x-requested-with": "XMLHttpRequest"})
        request.user, request.session = user, {}
        request._messages, request.htmx = CookieStorage(request), HtmxDetails(request)
        try:
            return self.door(request, **self.arguments).status_code not in {302, 403}
        except PermissionDenied:
            return False
        except Http404:
            return True


def held(function: Any) -> list[Any]:
    """What a function made by a decorator remembers."""
    cells = getattr(inspect.unwrap(function, stop=lambda _: True), "__closure__", None) or ()
    return [cell.cell_contents for cell in cells]


def rule_of(view: Any) -> Rule | None:
    """The rule in the attributes of a view."""
    if hasattr(view, "is_permitted"):
        return lambda user: view.is_permitted(user, view.model)
    if isinstance(getattr(view, "permission", None), str) and view.permission:
        return has(view.permission)
    wanted, any_of = getattr(view, "permission_required", None), getattr(view, "any_permission_required", None)
    if isinstance(wanted, str) and "." in wanted:
        return has(wanted)
    asked = [actions for actions in ([wanted] if wanted else [], list(any_of or ())) if actions]
    if asked and (policy := view.permission_policy):
        return lambda user: all(policy.user_has_any_permission(user, actions) for actions in asked)
    return None


def screens(patterns: list[Any], route: str = "", namespace: str = "") -> Iterator[Screen]:
    """Everything in the address map below /admin/."""
    nothing = {"int": 0, "uuid": uuid.UUID(int=0)}
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from screens(pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern) and here.startswith("admin/"):
            kinds = {name: type(c).__name__.lower()[:-9] for name, c in pattern.pattern.converters.items()}
            arguments = {name: nothing.get(kind, "0") for name, kind in kinds.items()}
            yield Screen(namespace + (pattern.name or ""), here, pattern.callback, arguments)


@pytest.fixture
def people(settings: Any) -> dict[str, Any]:
    """Somebody of each role, one who may only enter, one with no role, a stranger; in the demo."""
    settings.STRIPE_DEMO = True
    users = {role.value: User.objects.create_user(f"{role.name.lower()}@example.org") for role in Role}
    for name, user in users.items():
        user.groups.add(Group.objects.get(name=name))
    users["who may only enter"] = User.objects.create_user("door@example.org")
    app, codename = WORKSPACE.split(".")
    door = Permission.objects.get(content_type__app_label=app, codename=codename)
    users["who may only enter"].user_permissions.add(door)
    users["with no role"] = User.objects.create_user("supporter@example.org")
    for user in users.values():
        UserProfile.objects.create(user=user)
    return {**users, "a stranger": AnonymousUser()}


def test_each_screen_says_who_may_see_it_and_holds_to_that(people: dict[str, Any]) -> None:
    ours = [screen for screen in screens(get_resolver().url_patterns) if screen.is_ours]
    assert len(ours) > 400
    silent = [str(screen) for screen in ours if screen.rule() is None]
    assert not silent, "these screens say no permission: give the view one, or declare it above"
    wrong = []
    for screen in ours:
        rule = screen.rule()
        for name, user in people.items():
            may = user.has_perm(WORKSPACE) and rule(user)
            if screen.answers(user) is not may:
                wrong.append(f"{screen}: {name} {'is refused' if may else 'gets in'}")
    assert not wrong, "\n".join(wrong)


def test_nobody_without_a_role_gets_into_anything_of_wagtails(people: dict[str, Any]) -> None:
    strangers = [people["with no role"], people["a stranger"]]
    wagtails = [screen for screen in screens(get_resolver().url_patterns) if not screen.is_ours]
    inside = [str(s) for s in wagtails if s.name not in OPEN and any(s.answers(user) for user in strangers)]
    assert not inside


def test_the_walk_sees_a_screen_that_says_nothing_and_one_that_does_not_hold_to_what_it_says(people) -> None:
    """The control: without these two the walk would be as blind as none."""

    def told_nobody(request: Any) -> Any:
        return request

    assert Screen("new", "admin/new/", told_nobody, {}).rule() is None
    assert not has("donations.view_gift")(people[Role.VOLUNTEER_COORDINATOR.value])
    assert has("donations.view_gift")(people[Role.FUNDRAISER.value])
