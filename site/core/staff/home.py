"""The workspace's first page: which panels there are. The rooms above bring them, office lays them out.

    register_home_panel(
        HomePanel("failed_cards", _("Failed cards"), "wagtailadmin/giving/failed.html", failed_cards, permission="...")
    )

`failed_cards(request)` returns the template's context in a constant number of queries, or None when there is nothing to
show: a first page that lists what is *not* to be done helps nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from core.staff.parts import Text


@dataclass(frozen=True, slots=True)
class HomePanel:
    """A part of the first page, for those with the permission."""

    name: str
    label: Text
    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    order: int = 100
    permission: str = ""


_panels: dict[str, HomePanel] = {}


def register_home_panel(panel: HomePanel) -> None:
    """Offer a panel; called from an app's AppConfig.ready()."""
    _panels[panel.name] = panel


def home_panels(request: HttpRequest) -> list[tuple[HomePanel, dict[str, Any]]]:
    """Return the panels that have something to show to this user, in order, each with its context."""
    allowed = (p for p in _panels.values() if not p.permission or request.user.has_perm(p.permission))
    filled = ((panel, panel.context(request)) for panel in sorted(allowed, key=lambda p: (p.order, p.name)))
    return [(panel, context) for panel, context in filled if context is not None]
