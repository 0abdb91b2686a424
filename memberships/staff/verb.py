"""What every verb about one membership knows and shows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import clock
from core.staff.verbs import VerbView
from memberships.models import Membership, Status
from memberships.wording import standing_in_words, term_in_words

RUNNING = (Status.NEW, Status.CURRENT, Status.DUE)
GONE = (Status.CANCELLED, Status.DECEASED)


class MembershipVerb(VerbView):
    """A verb about one membership: knows it whole."""

    permission = "memberships.join_membership"
    object: Membership

    def get_queryset(self) -> Any:
        """With terms and facts, which every quote needs."""
        return super().get_queryset().prefetch_related("terms__level", "standings")

    def facts(self) -> list[tuple[Any, Any]]:
        """Say where it stands."""
        rows: list[tuple[Any, Any]] = [
            (_("Standing"), standing_in_words(self.object, clock.today())),
            (_("Level"), self.object.level),
        ]
        if (last := self.object.latest_term) is not None:
            rows.append((_("Last term"), term_in_words(last)))
        return rows


class AboutMembership(MembershipVerb):
    """A verb whose form has to know the membership."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form."""
        return super().get_form_kwargs() | {"membership": self.object}
