"""Number receipts: what a receipt says is frozen and its number taken, in one short transaction.

Its file is drawn after it, outside any lock: `receipt_files.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent
from constituents.services.addresses import address_on
from core import audit, clock
from donations.documents import check_printable
from donations.errors import NotReceiptableError, ReceiptError, UnknownRegimeError
from donations.models import Gift, OnlinePayment, Receipt, ReceiptCounter, ReceiptLine
from donations.models.gift import COUNTED_STATUSES
from donations.receipts.gift_aid import facts_for
from donations.receipts.regimes import Facts, Issuer, Line, Regime, current_issuer, current_regime
from donations.receipts.snapshot import Recipient, take_snapshot

# Numbers of receipts over money that is none; they are marked as specimens.
TEST_SERIES = "T"


def receipt_series() -> str:
    """Return the series numbers are taken in: one for real receipts, one where the money is played or a test's."""
    is_test = settings.DEMO or OnlinePayment.objects.paid().filter(livemode=False).exists()
    return TEST_SERIES if is_test else "R"


def why_not_receiptable(gift: Gift, regime: Regime | None = None) -> str:
    """Return why a gift gets no receipt, in words for staff, or an empty string when it gets one."""
    if gift.status not in COUNTED_STATUSES or not gift.left:
        return _("nothing of it is here.")
    try:
        regime = regime or current_regime()
    except UnknownRegimeError as error:
        return str(error)
    facts = Facts.of(gift)
    if facts.is_dues and "dues_are_deductible" in regime.asks and not current_issuer().settings.dues_are_deductible:
        return _("Membership dues are not deductible here: see Receipt settings.")
    return regime.refusal(facts)


def number_receipt(
    gifts: Sequence[Gift], *, by: User | None, covers_year: int | None = None, replaces: Receipt | None = None
) -> Receipt:
    """Take a number and freeze what the receipt says; `finish_receipt` has to follow."""
    return number_receipts([gifts], by=by, covers_year=covers_year, replaces=replaces)[0]


@transaction.atomic
def number_receipts(
    groups: Sequence[Sequence[Gift]],
    *,
    by: User | None,
    covers_year: int | None = None,
    replaces: Receipt | None = None,
) -> list[Receipt]:
    """Number a receipt over each group of gifts, in one short transaction: all of them or, when one is refused, none.

    Every group holds gifts of one donor in one currency. `replaces` is for a single group.
    """
    locked = {gift.pk: gift for gift in lock_gifts([gift for group in groups for gift in group])}
    mine = [_in_order(locked[gift.pk] for gift in group) for group in groups]
    return number_locked(mine, by=by, covers_year=covers_year, replaces=replaces)


def number_locked(
    groups: Sequence[Sequence[Gift]],
    *,
    by: User | None,
    covers_year: int | None = None,
    replaces: Receipt | None = None,
) -> list[Receipt]:
    """Number a receipt over each group of gifts, which the caller's transaction has locked and read since."""
    regime, issuer = current_regime(), current_issuer()
    refuse_while_lacking(regime, issuer)
    gifts = [gift for group in groups for gift in group]
    _refuse_the_unreceiptable(gifts, regime)
    recipients = [_one_donor(group) for group in groups]
    for group in groups:
        _refuse_what_stands_apart(group, regime)
    facts = {one.gift_id: one for one in facts_for(gifts, regime)}
    lines = [[regime.assess(facts[gift.pk]) for gift in group] for group in groups]
    for recipient, its_lines in zip(recipients, lines, strict=True):
        _refuse_what_cannot_be_printed(recipient, its_lines, regime)
    series = receipt_series()
    first = take_number(series, clock.today().year, len(groups))
    receipts = [
        _frozen(
            series=series,
            number=first + index,
            regime=regime,
            issuer=issuer,
            recipient=recipient,
            lines=its_lines,
            covers_year=covers_year,
            replaces=replaces,
            by=by,
        )
        for index, (recipient, its_lines) in enumerate(zip(recipients, lines, strict=True))
    ]
    receipts = Receipt.objects.bulk_create(receipts)
    ReceiptLine.objects.bulk_create(
        _row(receipt, line) for receipt, its_lines in zip(receipts, lines, strict=True) for line in its_lines
    )
    audit.record_many(_numbering(receipt, its_lines, by) for receipt, its_lines in zip(receipts, lines, strict=True))
    return receipts


def refuse_while_lacking(regime: Regime, issuer: Issuer) -> None:
    """Raise ReceiptError saying what the organisation has to fill in before it may issue any receipt."""
    if lacking := regime.lacking(issuer, clock.today()):
        raise ReceiptError(
            _("No receipt can be issued yet: %(lacking)s See Receipt settings.") % {"lacking": " ".join(lacking)}
        )


def _refuse_the_unreceiptable(gifts: Sequence[Gift], regime: Regime) -> None:
    receipted = dict(
        ReceiptLine.objects.filter(gift__in=gifts, is_live=True).values_list("gift", "receipt__serial").order_by()
    )
    for gift in gifts:
        if gift.pk in receipted:
            raise NotReceiptableError(gift, _("it is on receipt %(serial)s.") % {"serial": receipted[gift.pk]})
        if why := why_not_receiptable(gift, regime):
            raise NotReceiptableError(gift, why)


def shelves(gifts: Sequence[Gift], regime: Regime) -> set[str]:
    """Return on which kinds of receipt the gifts belong: what belongs on several shares none."""
    return {regime.shelf(Facts.of(gift)) for gift in gifts}


def _refuse_what_stands_apart(gifts: Sequence[Gift], regime: Regime) -> None:
    if len(shelves(gifts, regime)) > 1:
        raise ReceiptError(_("These gifts cannot share a receipt: goods get one of their own."))


def _refuse_what_cannot_be_printed(recipient: Constituent, lines: Sequence[Line], regime: Regime) -> None:
    if regime.needs_address and address_on(recipient, clock.today()) is None:
        raise ReceiptError(
            _("The receipt has to carry the address of %(donor)s; there is none on record.") % {"donor": recipient}
        )
    check_printable([recipient.formal_name, *(line.description for line in lines)])


def _one_donor(gifts: Sequence[Gift]) -> Constituent:
    if not gifts:
        raise ReceiptError(_("There is no gift to put on a receipt."))
    if len({gift.donor_id for gift in gifts}) > 1:
        raise ReceiptError(_("These gifts are of several donors: each gets a receipt of their own."))
    if len({gift.currency for gift in gifts}) > 1:
        raise ReceiptError(_("These gifts are in several currencies: each needs a receipt of its own."))
    return gifts[0].donor


def lock_gifts(gifts: Sequence[Gift]) -> list[Gift]:
    """Lock the gifts, always in the same order, and return them as they are now, oldest gift first."""
    rows = Gift.objects.select_for_update(of=("self",)).filter(pk__in=[gift.pk for gift in gifts]).order_by("pk")
    return _in_order(rows.for_receipt())


def _in_order(gifts: Iterable[Gift]) -> list[Gift]:
    return sorted(gifts, key=lambda gift: (gift.received_on, gift.pk))


def take_number(series: str, year: int, count: int = 1) -> int:
    """Take the next number, or the first of the next `count`, and hold the counter until the transaction ends."""
    ReceiptCounter.objects.get_or_create(series=series, year=year)
    counters = ReceiptCounter.objects.filter(series=series, year=year)
    counters.update(last=F("last") + count)
    return counters.get().last - count + 1


def _frozen(
    *,
    series: str,
    number: int,
    regime: Regime,
    issuer: Issuer,
    recipient: Constituent,
    lines: Sequence[Line],
    covers_year: int | None,
    replaces: Receipt | None,
    by: User | None,
) -> Receipt:
    """Return the receipt, unsaved, with everything it says."""
    today = clock.today()
    serial = f"{series}{today.year}-{number:06d}"
    return Receipt(
        series=series,
        year=today.year,
        number=number,
        serial=serial,
        regime=regime.code,
        recipient=recipient,
        covers_year=covers_year,
        currency=lines[0].amount.currency,
        amount=_total(line.amount for line in lines),
        advantage=_total(line.advantage for line in lines),
        eligible=_total(line.eligible for line in lines),
        issued_on=today,
        snapshot=take_snapshot(
            regime=regime,
            issuer=issuer,
            recipient=Recipient.of(recipient, today),
            lines=lines,
            serial=serial,
            issued_on=today,
            covers_year=covers_year,
            replaces=replaces.serial if replaces else "",
            is_specimen=series == TEST_SERIES,
        ),
        numbered_at=clock.now(),
        issued_by=by,
        replaces=replaces,
    )


def _total(parts: Any) -> Decimal:
    return sum((part.amount for part in parts), Decimal(0))


def _row(receipt: Receipt, line: Line) -> ReceiptLine:
    return ReceiptLine(
        receipt=receipt,
        gift_id=line.gift_id,
        amount=line.amount.amount,
        advantage=line.advantage.amount,
        eligible=line.eligible.amount,
        is_described=line.is_described,
    )


def _numbering(receipt: Receipt, lines: Sequence[Line], by: User | None) -> audit.Draft:
    facts = {
        "serial": receipt.serial,
        "eligible": receipt.eligible,
        "gifts": [line.gift_id for line in lines],
    }
    return audit.Draft(verb="receipt.numbered", obj=receipt, by=by, new=facts, about=receipt.recipient)
