"""Households: who lives there, what letters say, where mail goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import Column

from constituents import household_panels
from constituents.models import Household
from constituents.services.addresses import household_address_on
from constituents.staff.addresses import addresses_panel
from constituents.staff.household_verbs import VERBS
from core import clock
from core.staff.menu import Area
from core.staff.parts import Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.viewsets import StaffViewSet

_TEMPLATES = "wagtailadmin/people/panels"


def members_of(household: Household) -> dict[str, Any]:
    """Return who lives there and who did, each with what may be done."""
    rows = list(household.memberships.select_related("person").order_by("pk"))
    order = {"head": 0, "adult": 1, "child": 2}
    now = sorted((row for row in rows if row.until is None), key=lambda row: order[row.role])
    past = sorted((row for row in rows if row.until), key=lambda row: str(row.until), reverse=True)
    return {"now": now, "past": past}


def letters_of(household: Household) -> dict[str, Any]:
    """Return what letters say, and which of it is kept by hand."""
    address = household_address_on(household, clock.today())
    return {
        "envelope": address.envelope_lines if address else [],
        "is_by_hand": any(
            getattr(household, f"{name}_by_hand")
            for name in ("name", "formal_salutation", "informal_salutation", "addressee")
        ),
    }


def changes_of(household: Household) -> dict[str, Any]:
    """Return the moves, splits and deaths, the newest first."""
    return {"changes": household.changes.select_related("person", "recorded_by")[:20]}


def household_of(person: Any) -> dict[str, Any]:
    """Return with whom somebody lives, for their own page."""
    household = person.household
    changes = person.household_changes.filter(undone_at__isnull=True, kind="death")
    return {
        "household": household,
        "others": [member for member in household.members if member.pk != person.pk] if household else [],
        "death": changes.first() if person.is_deceased else None,
        "lives_with_url": reverse("constituents:lives-with", args=[person.pk]),
    }


class HouseholdRecordView(RecordView):
    """A household: who lives there, what letters say, where mail goes, what it gave."""

    template_name = "wagtailadmin/people/household.html"

    def subtitle(self) -> str:
        """How many live there."""
        count = len(self.object.members)
        if not count:
            return str(_("Nobody lives here any more"))
        return ngettext("Household of %(count)s", "Household of %(count)s", count) % {"count": count}

    def chips(self) -> Iterable[Chip]:
        """What must not be overlooked."""
        if self.object.members and household_address_on(self.object, clock.today()) is None:
            yield Chip(_("No address may be used"), "wrong")
        yield from household_panels.chips_for(self.object, self.request.user)

    def figures(self) -> Iterable[Figure]:
        """The numbers the apps above know."""
        return household_panels.figures_for(self.object, self.request.user)

    def panels(self) -> Iterable[Panel]:
        """Members, names, what the apps above show, and what happened."""
        yield Panel("members", _("Members"), f"{_TEMPLATES}/members.html", members_of)
        yield from household_panels.panels_for(self.request.user)
        yield Panel("changes", _("Moves, splits, deaths"), f"{_TEMPLATES}/household_changes.html", changes_of)

    def side_panels(self) -> Iterable[Panel]:
        """What one looks up to write to them."""
        yield Panel("names", _("Letters"), f"{_TEMPLATES}/names.html", letters_of)
        yield Panel("addresses", _("Addresses"), f"{_TEMPLATES}/addresses.html", addresses_panel)


class HouseholdViewSet(StaffViewSet):
    """Households."""

    model = Household
    icon = "home"
    menu_area = Area.PEOPLE
    menu_order = 20
    inspect_view_enabled = True
    inspect_view_class = HouseholdRecordView
    # Only verbs make, name and end households: each has rules of its own.
    add_view_enabled = False
    edit_view_enabled = False
    delete_view_enabled = False
    form_fields: Sequence[str] = ()
    verb_views = VERBS
    prefetch_related = ["memberships__person", "addresses"]
    list_display = [
        "name",
        Column("informal_salutation", label=_("Dear …")),
        Column("address_line", label=_("Address")),
    ]
    search_fields = ["name", "memberships__person__search_text"]
    empty_message = _("A household joins people who live and give together. Form one from a person’s page.")
