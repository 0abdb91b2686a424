"""What the household's page shows of the apps above: numbers and panels, each for those with the permission.

Registered once, in an AppConfig.ready(). A panel's `context` runs a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from constituents.models import Household
from core.staff.parts import Chip, Figure, Panel

Figures = Callable[[Household], Iterable[Figure]]

Chips = Callable[[Household], Iterable[Chip]]

_chips: dict[str, tuple[Chips, str]] = {}
_figures: dict[str, tuple[Figures, str]] = {}
_panels: dict[str, Panel] = {}


def register_household_figures(name: str, figures: Figures, *, permission: str = "") -> None:
    """Show numbers at the top of every household's page."""
    _figures[name] = (figures, permission)


def register_household_chips(name: str, chips: Chips, *, permission: str = "") -> None:
    """Show status chips beside every household's name."""
    _chips[name] = (chips, permission)


def register_household_panel(panel: Panel) -> None:
    """Show a panel on every household's page."""
    _panels[panel.name] = panel


def figures_for(household: Household, user: Any) -> list[Figure]:
    """Return the numbers the user may see."""
    return [
        figure
        for make, permission in _figures.values()
        if not permission or user.has_perm(permission)
        for figure in make(household)
    ]


def chips_for(household: Household, user: Any) -> list[Chip]:
    """Return the chips the user may see."""
    return [
        chip
        for make, permission in _chips.values()
        if not permission or user.has_perm(permission)
        for chip in make(household)
    ]


def panels_for(user: Any) -> list[Panel]:
    """Return the panels the user may see, in order."""
    allowed = (panel for panel in _panels.values() if not panel.permission or user.has_perm(panel.permission))
    return sorted(allowed, key=lambda panel: (panel.order, panel.name))
