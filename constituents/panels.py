"""What the constituent page shows beside the timeline: panels, figures, chips, actions and next steps.

Each is registered once, in an AppConfig.ready(), with the permission a reader needs. A panel's `context` runs a
constant number of queries. A panel stands beside the story (`place="side"`: a few lines, in a narrow column) or under a
tab of its own (`place="tab"`: tables and charts), which asks nothing until it is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from constituents.models import Constituent
from core.staff.parts import Action, Chip, Figure, NextStep, Panel

__all__ = [
    "Action",
    "Chip",
    "Figure",
    "NextStep",
    "Panel",
    "actions_for",
    "chips_for",
    "figures_for",
    "next_steps_for",
    "panels_for",
    "register_actions",
    "register_chips",
    "register_figures",
    "register_next_steps",
    "register_panel",
]


Figures = Callable[[Constituent], Iterable[Figure]]
Chips = Callable[[Constituent], Iterable[Chip]]
Actions = Callable[[Constituent], Iterable[Action]]
NextSteps = Callable[[Constituent], Iterable[NextStep]]

_panels: dict[str, Panel] = {}
_figures: dict[str, tuple[Figures, str, int]] = {}
_chips: dict[str, tuple[Chips, str]] = {}
_actions: dict[str, tuple[Actions, str]] = {}
_next_steps: dict[str, tuple[NextSteps, str]] = {}


def register_panel(panel: Panel) -> None:
    """Show a panel on every constituent's page."""
    _panels[panel.name] = panel


def register_figures(name: str, figures: Figures, *, permission: str = "", order: int = 100) -> None:
    """Show numbers at the top of every constituent's page."""
    _figures[name] = (figures, permission, order)


def register_chips(name: str, chips: Chips, *, permission: str = "") -> None:
    """Show status chips beside every constituent's name."""
    _chips[name] = (chips, permission)


def register_actions(name: str, actions: Actions, *, permission: str = "") -> None:
    """Offer actions in the header of every constituent's page."""
    _actions[name] = (actions, permission)


def register_next_steps(name: str, next_steps: NextSteps, *, permission: str = "") -> None:
    """Show what is to be done next under the name on every constituent's page: the soonest one or two."""
    _next_steps[name] = (next_steps, permission)


def _allowed(user: Any, permission: str) -> bool:
    return not permission or user.has_perm(permission)


def panels_for(user: Any) -> list[Panel]:
    """Return the panels the user may see, in order."""
    return sorted((p for p in _panels.values() if _allowed(user, p.permission)), key=lambda p: (p.order, p.name))


def figures_for(constituent: Constituent, user: Any) -> list[Figure]:
    """Return the numbers the user may see."""
    known = sorted(_figures.values(), key=lambda entry: entry[2])
    return [item for make, needs, _order in known if _allowed(user, needs) for item in make(constituent)]


def chips_for(constituent: Constituent, user: Any) -> list[Chip]:
    """Return the status chips the user may see."""
    return [item for make, needs in _chips.values() if _allowed(user, needs) for item in make(constituent)]


def actions_for(constituent: Constituent, user: Any) -> list[Action]:
    """Return the actions the user may take."""
    return [item for make, needs in _actions.values() if _allowed(user, needs) for item in make(constituent)]


def next_steps_for(constituent: Constituent, user: Any) -> list[NextStep]:
    """Return what is to be done next, as far as the user may see it."""
    return [item for make, needs in _next_steps.values() if _allowed(user, needs) for item in make(constituent)]
