"""What a merge of two records does to giving: the donor pointer moves, what was entered and certified does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from constituents.merging.journal import hold_back
from constituents.merging.relations import derived, lineage, repoint
from constituents.models import Constituent, Merge, MergeMove
from donations.models import Gift, GivingTotals, ReceiptLine
from donations.services.rollups import recompute_totals


def declare_relations() -> None:
    """Say what a merge does to each relation of this app."""
    repoint("donations.Gift.donor")
    repoint("donations.BatchRow.donor")
    repoint("donations.Pledge.donor")
    repoint("donations.RecurringGift.donor")
    lineage("donations.LedgerEntry.donor", reason="whose it was when it was entered; the ledger is only added to")
    lineage("donations.Receipt.recipient", reason="whom it was made out to; an issued receipt never changes")
    derived("donations.GivingTotals.constituent", reason="recomputed from the gifts of both records")
    derived("donations.DonorStanding.constituent", reason="added up anew from the gifts of both records")
    repoint("donations.GiftAidDeclaration.donor")
    repoint("donations.NotEnoughTax.donor")
    repoint("donations.JointShare.person")
    hold_back("donations.Gift", receipted_to_the_one_kept)


def receipted_to_the_one_kept(merge: Merge, moves: list[MergeMove]) -> Mapping[int, str]:
    """Say which gifts stay when a merge is undone: a live receipt certifies them to the record that was kept."""
    lines = ReceiptLine.objects.filter(is_live=True, receipt__recipient=merge.kept_id)
    serials = dict(lines.filter(gift__in=[move.row for move in moves]).values_list("gift", "receipt__serial"))
    return {
        move.pk: _("Receipt %(serial)s certifies it to the record kept: void it first.") % {"serial": serials[move.row]}
        for move in moves
        if move.row in serials
    }


def totals_follow_the_gifts(sender: object, *, kept: Constituent, merged: Constituent, **_kwargs: Any) -> None:
    """Write the totals of both records anew after a merge and after its undo."""
    both = [kept.pk, merged.pk]
    have_totals = set(GivingTotals.objects.filter(constituent__in=both).values_list("constituent", flat=True))
    recompute_totals(have_totals | set(Gift.objects.filter(donor__in=both).order_by().values_list("donor", flat=True)))
