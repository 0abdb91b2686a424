"""What the constituent page shows beside the timeline: panels, figures, chips and actions of the apps above.

Each is registered once, in an AppConfig.ready(), with the permission a reader needs. A panel's `context` runs a
constant number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from constituents.models import Constituent
from core.staff.parts import Action, Chip, Figure, Panel

__all__ = [
    "Action",
    "Chip",
    "Figure",
    "Panel",
    "actions_for",
    "chips_for",
    "figures_for",
    "panels_for",
    "register_actions",
    "register_chips",
    "register_figures",
    "register_panel",
]


Figures = Callable[[Constituent], Iterable[Figure]]
Chips = Callable[[Constituent], Iterable[Chip]]
Actions = Callable[[Constituent], Iterable[Action]]

_panels: dict[str, Panel] = {}
_figures: dict[str, tuple[Figures, str]] = {}
_chips: dict[str, tuple[Chips, str]] = {}
_actions: dict[str, tuple[Actions, str]] = {}


def register_panel(panel: Panel) -> None:
    """Show a panel on every constituent's page."""
    _panels[panel.name] = panel


def register_figures(name: str, figures: Figures, *, permission: str = "") -> None:
    """Show numbers at the top of every constituent's page."""
    _figures[name] = (figures, permission)


def register_chips(name: str, chips: Chips, *, permission: str = "") -> None:
    """Show status chips beside every constituent's name."""
    _chips[name] = (chips, permission)


def register_actions(name: str, actions: Actions, *, permission: str = "") -> None:
    """Offer actions in the header of every constituent's page."""
    _actions[name] = (actions, permission)


def _allowed(user: Any, permission: str) -> bool:
    return not permission or user.has_perm(permission)


def panels_for(user: Any) -> list[Panel]:
    """Return the panels the user may see, in order."""
    return sorted((p for p in _panels.values() if _allowed(user, p.permission)), key=lambda p: (p.order, p.name))


def figures_for(constituent: Constituent, user: Any) -> list[Figure]:
    """Return the numbers the user may see."""
    return [item for make, needs in _figures.values() if _allowed(user, needs) for item in make(constituent)]


def chips_for(constituent: Constituent, user: Any) -> list[Chip]:
    """Return the status chips the user may see."""
    return [item for make, needs in _chips.values() if _allowed(user, needs) for item in make(constituent)]


def actions_for(constituent: Constituent, user: Any) -> list[Action]:
    """Return the actions the user may take."""
    return [item for make, needs in _actions.values() if _allowed(user, needs) for item in make(constituent)]
