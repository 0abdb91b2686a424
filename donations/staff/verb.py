"""What the verbs about one gift share, and those about a part of it: a soft credit, a notice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from constituents.staff.one_part import OnePartView
from core.staff.verbs import VerbView
from core.theme.figures import day_in_words


class GiftVerb(VerbView):
    """Shows the gift before one decides."""

    permission = "donations.post_gift"

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """Who, how much, when, for what."""
        return [
            (_("Donor"), self.object.donor),
            (_("Amount"), self.object.money),
            (_("Gift date"), day_in_words(self.object.received_on, "medium")),
            (_("For"), self.object.fund_names),
        ]


class GiftPartVerb(OnePartView):
    """Runs a verb on the part of the gift that `?part=12` names."""

    permission = "donations.change_gift"
