"""The page of one gift: what it is for, what hangs on it, and how it came to stand in the books as it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.money import Money, quantize
from core.organisation import current_organisation
from core.staff.parts import Chip, Figure, Panel
from core.staff.records import RecordView
from core.theme.figures import day_in_words
from donations.models import Adjustment, Gift, GiftStatus, LedgerEntry, ReceiptState
from donations.staff.credits import soft_credits_of
from donations.staff.gift_aid_person import gift_panel
from donations.staff.links import page_of
from donations.staff.matches import match_of
from donations.staff.online_gift import SEE_PAYMENTS, payment_of
from donations.staff.only_verbs import NeverDeleted
from donations.staff.promise_offers import promises_of
from donations.staff.thanks_person import thanks_of
from donations.staff.tones import GIFT_TONES, RECEIPT_TONES
from donations.staff.tributes import dedication_of
from donations.staff.valuations import valuation_of

_PANELS = "wagtailadmin/giving/panels/"


class GiftRecordView(NeverDeleted, RecordView):
    """One gift."""

    def subtitle(self) -> Any:
        """When, for what."""
        return f"{day_in_words(self.object.received_on, 'medium')} · {self.object.fund_names}"

    def get_page_title(self) -> str:
        """How much, from whom."""
        return _("%(money)s from %(donor)s") % {"money": self.object.money, "donor": self.object.donor}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page is named by its title."""
        return super().get_context_data(**kwargs) | {"name": self.get_page_title()}

    def chips(self) -> Iterable[Chip]:
        """How it stands."""
        yield Chip(self.object.get_status_display(), GIFT_TONES.get(self.object.status, "quiet"))
        if self.object.is_anonymous:
            yield Chip(_("Anonymous in public"))
        if receipt := self.object.live_receipt:
            yield Chip(_("Receipt %(serial)s") % {"serial": receipt}, "good")

    def figures(self) -> Iterator[Figure]:
        """What was given, what went back, what is left; and in the base currency, at the day's rate."""
        gift = self.object
        yield Figure(_("Given"), str(gift.money))
        if gift.advantage_amount:
            yield Figure(_("Donor got in return"), str(Money(gift.advantage_amount, gift.currency)))
        if gift.refunded_amount:
            yield Figure(_("Refunded"), str(Money(gift.refunded_amount, gift.currency)))
        if gift.charged_back_amount:
            yield Figure(_("Charged back"), str(Money(gift.charged_back_amount, gift.currency)))
        if gift.left != gift.money and gift.left:
            yield Figure(_("Left of it"), str(gift.left))
        base = current_organisation().base_currency
        if gift.currency != base:
            rate = {"currency": gift.currency, "rate": f"{gift.exchange_rate.normalize():f} {base}"}
            yield Figure(_("At %(rate)s for 1 %(currency)s") % rate, str(Money(gift.base_amount, base)))

    def panels(self) -> Iterable[Panel]:
        """What was put right, what it is for, who else is in it, receipts, the books."""
        return [
            Panel("adjustment", _("Put right"), f"{_PANELS}adjustment.html", adjustments_of),
            Panel("funds", _("What it is for"), f"{_PANELS}allocations.html", lambda gift: {}),
            Panel("goods", _("What was given, and its value"), f"{_PANELS}valuation.html", valuation_of),
            Panel("tribute", _("In honour or memory"), f"{_PANELS}tribute.html", dedication_of),
            Panel("credits", _("Recognised for it"), f"{_PANELS}soft_credits.html", soft_credits_of),
            Panel("match", _("Matched by the employer"), f"{_PANELS}match.html", match_of),
            Panel("receipts", _("Receipts"), f"{_PANELS}gift_receipts.html", _receipts_of),
            Panel("promises", _("Promises it keeps"), f"{_PANELS}gift_promises.html", promises_of),
            Panel("thanks", _("Thanks"), "wagtailadmin/giving/thanks/gift.html", thanks_of),
            Panel("ledger", _("In the books"), f"{_PANELS}ledger.html", history_of),
        ]

    def side_panels(self) -> Iterable[Panel]:
        """The facts of the gift."""
        facts = [
            (_("Donor"), self.object.donor),
            (_("Gift date"), self.object.received_on),
            (_("Method"), self.object.get_method_display()),
            (_("Reference"), self.object.reference),
            (_("Campaign"), self.object.campaign),
            (_("Appeal"), self.object.appeal),
            (_("Donor got"), self.object.advantage_description),
            (_("In the donor’s words"), self.object.tribute),
            (_("Source"), self.object.get_source_display()),
            (_("Batch"), self.object.batch),
            (_("Note"), self.object.note),
        ]
        shown = [(label, value, page_of(value) if label == facts[0][0] else None) for label, value in facts if value]
        return [
            Panel("facts", _("Facts"), f"{_PANELS}facts.html", lambda gift: {"facts": shown}),
            Panel("online", _("Paid online"), f"{_PANELS}facts.html", payment_of, permission=SEE_PAYMENTS),
            Panel("gift_aid", _("Gift Aid"), f"{_PANELS}gift_aid_gift.html", gift_panel),
        ]


def _receipts_of(gift: Gift) -> dict[str, Any]:
    receipts = [line.receipt for line in gift.receipt_lines.all()]
    return {"receipts": [(receipt, RECEIPT_TONES[ReceiptState(receipt.state)]) for receipt in receipts]}


def chain_of(gift: Gift) -> list[Adjustment]:
    """Return every adjustment that leads to the gift or on from it, oldest first."""
    found: list[Adjustment] = []
    rows = Adjustment.objects.select_related("by", "original__donor", "replacement__donor")
    step = rows.filter(replacement=gift.pk).first()
    while step is not None:
        found.insert(0, step)
        step = rows.filter(replacement=step.original_id).first()
    step = rows.filter(original=gift.pk).first()
    while step is not None:
        found.append(step)
        step = rows.filter(original=step.replacement_id).first()
    return found


def adjustments_of(gift: Gift) -> dict[str, Any] | None:
    """Return what was put right, each as before and after; None for a gift that never was."""
    chain = chain_of(gift)
    if not chain:
        return None
    current = chain[-1].replacement
    return {
        "steps": [(step, _differences(step.original, step.replacement)) for step in chain],
        "current": current if gift.status == GiftStatus.ADJUSTED else None,
        "current_url": page_of(current),
        "first_url": page_of(chain[0].original) if chain[0].original_id != gift.pk else "",
    }


def _differences(before: Gift, after: Gift) -> list[tuple[Any, Any, Any]]:
    """Return what differs between two gifts, in words."""
    left = Money(before.amount - before.refunded_amount - before.charged_back_amount, before.currency)
    told = [
        (_("Donor"), before.donor, after.donor),
        (_("Amount"), left, after.money),
        (_("Gift date"), day_in_words(before.received_on, "medium"), day_in_words(after.received_on, "medium")),
        (_("Method"), before.get_method_display(), after.get_method_display()),
        (_("For"), before.fund_names, after.fund_names),
        (_("Goods given"), before.goods, after.goods),
        (_("Value of the return"), Money(before.advantage_amount, before.currency),
         Money(after.advantage_amount, after.currency)),
    ]  # fmt: skip
    return [row for row in told if row[1] != row[2]]


def history_of(gift: Gift) -> dict[str, Any]:
    """Return the ledger of the gift and of all it was adjusted from or to, with what counted after each entry."""
    gifts = {gift.pk} | {pk for step in chain_of(gift) for pk in (step.original_id, step.replacement_id)}
    entries = LedgerEntry.objects.filter(gift__in=gifts).select_related("fund", "recorded_by")
    base_currency = current_organisation().base_currency
    rows, counts = [], Decimal(0)
    for entry in entries.order_by("recorded_at", "pk"):
        counts += entry.base_amount
        rows.append((entry, Money(quantize(counts, base_currency), base_currency)))
    return {"entries": rows, "gift": gift, "is_chain": len(gifts) > 1}
