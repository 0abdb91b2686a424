"""Letters to those who are to hear of a tribute, as one file; they are told once somebody says so."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock
from core.staff.bulk_all import ActsOnAll
from donations.models import TributeNotice
from donations.staff.thanks_verbs import THANK
from donations.staff.tributes import tribute_notices
from donations.thanks.notices import write_notices


class PrintNotices(ActsOnAll):
    """A letter to each of them."""

    viewset = tribute_notices
    permission = THANK
    action_type, display_name = "print", _("Print letters")
    action_priority = 10
    question = _("Make a letter to each of these people?")
    explanation = _(
        "It says who gave, in whose honour or memory, and never how much unless the donor asked for that. Left out are "
        "those without an address. Once they are in the post, mark them as told."
    )
    makes_file = True
    at_once = 50
    most = 5_000

    @classmethod
    def rows(cls, keys: Any) -> QuerySet[TributeNotice]:
        """Those who still wait, with what a letter says."""
        return TributeNotice.objects.for_list().waiting().filter(pk__in=keys)

    @classmethod
    def file_name(cls, **_cleaned: Any) -> str:
        """By the day."""
        return f"tribute-letters-{clock.today().isoformat()}.pdf"

    @classmethod
    def write(cls, rows: QuerySet[TributeNotice], out: BinaryIO, *, by: Any) -> int:  # type: ignore[override]
        """One PDF by postal code."""
        return write_notices(rows, out, on=clock.today())
