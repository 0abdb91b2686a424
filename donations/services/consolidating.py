"""One receipt over several gifts that somebody chose, for each donor what may stand together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from constituents.models import Constituent
from core.documents import DocumentError
from donations.errors import ReceiptError
from donations.models import Gift, Receipt, ReceiptLine
from donations.models.gift import COUNTED_STATUSES
from donations.receipts.regimes import Facts, Regime, current_regime
from donations.services.receipt_files import finish_after_commit
from donations.services.receipt_numbers import number_receipt, why_not_receiptable


@dataclass(slots=True)
class Consolidated:
    """The receipts that were issued, and for each gift or donor left out the reason."""

    receipts: list[Receipt] = field(default_factory=list)
    refused: list[tuple[Gift | Constituent, str]] = field(default_factory=list)


def unreceipted_gifts(donor: Constituent, regime: Regime) -> tuple[list[Gift], list[tuple[Gift, str]]]:
    """Return a donor's gifts that no receipt has, newest first: those that may get one, and the rest with reasons."""
    live = ReceiptLine.objects.filter(gift=OuterRef("pk"), is_live=True)
    gifts = (
        Gift.objects.filter(donor=donor, status__in=COUNTED_STATUSES)
        .exclude(Exists(live))
        .for_receipt()
        .order_by("-received_on", "-pk")
    )
    reasons = [(gift, why_not_receiptable(gift, regime)) for gift in gifts]
    return [gift for gift, why in reasons if not why], [(gift, why) for gift, why in reasons if why]


def together(gifts: Iterable[Gift], regime: Regime) -> list[list[Gift]]:
    """Return the gifts in groups that may share a receipt: of one donor, in one currency, on one shelf of the rules."""
    groups: dict[tuple[int, str, str], list[Gift]] = {}
    for gift in gifts:
        groups.setdefault((gift.donor_id, gift.currency, regime.shelf(Facts.of(gift))), []).append(gift)
    return list(groups.values())


@transaction.atomic
def consolidate(gifts: Sequence[Gift], *, by: User | None) -> Consolidated:
    """Issue one receipt over the chosen gifts of each donor; a gift that gets none is left out and named.

    The files are drawn once the caller's transaction is through.
    """
    regime, outcome, chosen = current_regime(), Consolidated(), []
    receipted = dict(
        ReceiptLine.objects.filter(gift__in=gifts, is_live=True).values_list("gift", "receipt__serial").order_by()
    )
    for gift in gifts:
        why = receipted.get(gift.pk) or why_not_receiptable(gift, regime)
        if why:
            outcome.refused.append((gift, why))
        else:
            chosen.append(gift)
    for group in together(chosen, regime):
        try:
            with transaction.atomic():
                outcome.receipts.append(finish_after_commit(number_receipt(group, by=by)))
        except (DocumentError, ReceiptError) as error:
            outcome.refused.append((group[0].donor, str(error)))
    return outcome
