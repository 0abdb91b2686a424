"""The page of a membership: where it stands, its people, its terms, what was paid, and what may be done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import BaseButton, Button, HeaderButton

from core import clock
from core.money import Money
from core.staff.parts import Chip, Figure, Panel
from core.staff.records import RecordView
from memberships.models import Membership
from memberships.services.renewing import opens_on
from memberships.wording import TONES, day, standing_in_words, term_in_words

# Verbs with a higher priority number stand in the menu behind the dots.
_LESS_OFTEN = 30


class MembershipRecordView(RecordView):
    """A membership: where it stands, its people, its terms and what was paid."""

    object: Membership

    def subtitle(self) -> Any:
        """Say the level and the number."""
        return _("%(level)s, number %(number)s") % {
            "level": self.object.level or _("No level yet"),
            "number": self.object.number,
        }

    def get_page_title(self) -> str:
        """Whose it is."""
        return str(self.object.holder)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Head the page with whose it is."""
        return super().get_context_data(**kwargs) | {"name": str(self.object.holder)}

    def chips(self) -> Iterable[Chip]:
        """Say where it stands."""
        today = clock.today()
        yield Chip(standing_in_words(self.object, today), TONES.get(self.object.status_on(today), "quiet"))
        if any(flag.settled_at is None for flag in self.object.flags.all()):
            yield Chip(_("Look at the money"), "wrong")

    def figures(self) -> Iterable[Figure]:
        """Since when, until when, from when it can be renewed, at what price."""
        membership, last = self.object, self.object.latest_term
        if membership.member_since:
            yield Figure(_("Member since"), day(membership.member_since))
        if last is not None and last.ends_on is not None:
            yield Figure(_("Paid until"), day(last.ends_on))
            if (opens := opens_on(membership)) is not None and opens > clock.today():
                yield Figure(_("Renewal opens"), day(opens))
            if membership.renews_as is not None:
                yield Figure(_("Next dues"), str(membership.renews_as.price_on_renewal))

    def panels(self) -> Iterable[Panel]:
        """Flags and applications first, then terms with their dues."""
        template = "wagtailadmin/memberships/{}.html".format
        if any(flag.settled_at is None for flag in self.object.flags.all()):
            yield Panel("flags", _("To look at"), template("flags"), self._flags)
        if self.object.applications.all():
            yield Panel("applications", _("Applications"), template("applications"), self._applications)
        yield Panel("terms", _("Terms"), template("terms"), self._terms)

    def side_panels(self) -> Iterable[Panel]:
        """Who is on the plan; facts; the note."""
        template = "wagtailadmin/memberships/{}.html".format
        yield Panel("people", _("People"), template("people"), self._people)
        if self.object.standings.all():
            yield Panel("standings", _("Facts"), template("standings"), self._standings)

    @staticmethod
    def _terms(membership: Membership) -> dict[str, Any]:
        terms = sorted(membership.terms.all(), key=lambda term: (term.starts_on, term.pk), reverse=True)
        return {
            "terms": [
                {
                    "term": term,
                    "words": term_in_words(term),
                    "paid": Money(term.price + term.fee - term.credit, term.currency),
                }
                for term in terms
            ]
        }

    @staticmethod
    def _people(membership: Membership) -> dict[str, Any]:
        places = list(membership.people.all())
        return {
            "membership": membership,
            "now": [place for place in places if place.until is None],
            "before": [place for place in places if place.until is not None],
        }

    @staticmethod
    def _flags(membership: Membership) -> dict[str, Any]:
        return {"flags": [flag for flag in membership.flags.all() if flag.settled_at is None]}

    @staticmethod
    def _applications(membership: Membership) -> dict[str, Any]:
        return {"applications": list(membership.applications.all())}

    @staticmethod
    def _standings(membership: Membership) -> dict[str, Any]:
        return {"standings": list(membership.standings.all())}

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Renew, change level, lift a suspension."""
        return self._verbs(HeaderButton, everyday=True)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """What is needed less often."""
        edit = self.get_edit_url()
        own = [Button(_("Edit payer and note"), url=edit, icon_name="edit", priority=30)] if edit else []
        if self.request.user.has_perm("memberships.join_membership"):
            card = reverse("memberships_card", args=[self.object.pk])
            own.append(Button(_("Print the card"), url=card, icon_name="doc-full", priority=25))
        return [*own, *self._verbs(Button, everyday=False), *super().header_more_buttons]

    def _verbs(self, button_class: type[BaseButton], *, everyday: bool) -> list[BaseButton]:
        buttons = self.viewset.verb_buttons(self.request, self.object, button_class)
        return [button for button in buttons if (button.priority < _LESS_OFTEN) == everyday]
