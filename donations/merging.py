"""What a merge of two records does to giving: the donor pointer moves, what was entered and certified does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from constituents.merging.journal import hold_back
from constituents.merging.relations import derived, lineage, repoint
from constituents.models import Constituent, Merge, MergeMove
from donations.models import Adjustment, Gift, GivingTotals, MatchingRule, ReceiptLine, SoftCredit
from donations.services.rollups import recompute_totals

if TYPE_CHECKING:
    from constituents.merging.plan import MergePlan
    from constituents.merging.relations import Relation


def declare_relations() -> None:
    """Say what a merge does to each relation of this app."""
    repoint("donations.Gift.donor")
    repoint("donations.BatchRow.donor")
    repoint("donations.Pledge.donor")
    repoint("donations.RecurringGift.donor")
    repoint("donations.MatchingRule.employer", on_conflict=one_rule_each)
    repoint("donations.SoftCredit.constituent", on_conflict=one_credit_a_role)
    repoint("donations.Tribute.honouree")
    repoint("donations.TributeNotice.constituent")
    repoint("donations.Checkout.donor")
    repoint("donations.StripeCustomer.constituent")
    lineage("donations.LedgerEntry.donor", reason="whose it was when it was entered; the ledger is only added to")
    lineage("donations.Receipt.recipient", reason="whom it was made out to; an issued receipt never changes")
    derived("donations.GivingTotals.constituent", reason="recomputed from the gifts of both records")
    derived("donations.DonorStanding.constituent", reason="added up anew from the gifts of both records")
    repoint("donations.GiftAidDeclaration.donor")
    repoint("donations.NotEnoughTax.donor")
    repoint("donations.JointShare.person")
    hold_back("donations.Gift", receipted_to_the_one_kept)
    hold_back("donations.Gift", adjusted_since)


def one_credit_a_role(plan: MergePlan, relation: Relation) -> None:
    """Move recognition; take away what both have, and what the one would have for a gift of the other."""
    mine, theirs = relation.rows_of_both(plan, "gift")
    known = {(row.gift_id, row.role) for row in mine}
    for row in mine:
        if row.gift.donor_id == plan.merged.pk:
            plan.remove(row)
    for row in theirs:
        if (row.gift_id, row.role) in known or row.gift.donor_id == plan.kept.pk:
            plan.remove(row)
        else:
            plan.move(relation, [row])


def one_rule_each(plan: MergePlan, relation: Relation) -> None:
    """Move the employer's rule; where both have one, the rule of the one kept takes over the matches of the other."""
    mine: MatchingRule | None
    theirs: MatchingRule | None
    mine, theirs = (next(iter(rules), None) for rules in relation.rows_of_both(plan))
    if theirs is None:
        return
    if mine is None:
        plan.move(relation, [theirs])
        return
    for match in theirs.matches.all():
        plan.change(match, rule_id=mine.pk)
    plan.stay(relation, [theirs])


def adjusted_since(merge: Merge, moves: list[MergeMove]) -> Mapping[int, str]:
    """Say which gifts stay when a merge is undone: another gift stands for them now, with the record that was kept."""
    since = Adjustment.objects.filter(original__in=[move.row for move in moves], replacement__donor=merge.kept_id)
    adjusted = dict(since.values_list("original", "replacement"))
    return {
        move.pk: _("It was adjusted since: adjust gift %(number)s to whom it belongs.") % {"number": adjusted[move.row]}
        for move in moves
        if move.row in adjusted and adjusted[move.row] not in {other.row for other in moves}
    }


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
    donors = Gift.objects.filter(donor__in=both).order_by().values_list("donor", flat=True)
    recognised = SoftCredit.objects.filter(constituent__in=both).order_by().values_list("constituent", flat=True)
    recompute_totals(have_totals | set(donors) | set(recognised))
