"""Issue, finish, void and replace receipts.

A number and everything the receipt says are taken in one short transaction. The file is drawn, stored and hashed after
it, outside any lock; until then the receipt is not deliverable, and `finish_receipt` may be run again at any time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent
from constituents.services.addresses import address_on
from core import audit, clock
from core.sets import update_rows
from donations.documents import check_printable, draw_receipt, mark_receipt
from donations.errors import NotReceiptableError, ReceiptError, UnknownRegimeError
from donations.models import Gift, OnlinePayment, Receipt, ReceiptCounter, ReceiptLine, ReceiptState
from donations.models.gift import COUNTED_STATUSES
from donations.models.receipt import ReceiptQuerySet, receipt_path
from donations.receipts.files import StoredFile, ToDraw, draw_and_store
from donations.receipts.gift_aid import facts_for
from donations.receipts.regimes import Facts, Issuer, Line, Regime, current_issuer, current_regime
from donations.receipts.snapshot import Recipient, take_snapshot

# Whoever numbered it is drawing it now, or is gone.
FINISHED_WITHIN = dt.timedelta(minutes=2)

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


def issue_receipt(gifts: Gift | Sequence[Gift], *, by: User | None, covers_year: int | None = None) -> Receipt:
    """Issue one receipt over a donor's gift or gifts and store its file.

    Raises NotReceiptableError naming the gift that cannot be receipted, ReceiptError when the gifts do not belong
    together, and UnprintableTextError, before any number is taken, when a name has characters we have no letters for.
    """
    chosen = [gifts] if isinstance(gifts, Gift) else list(gifts)
    return finish_receipt(number_receipt(chosen, by=by, covers_year=covers_year))


def finish_after_commit(receipt: Receipt) -> Receipt:
    """Have the file drawn once the caller's transaction is through; should that be lost, the clock finishes it."""
    transaction.on_commit(partial(finish_receipt, receipt), robust=True)
    return receipt


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


def _refuse_what_cannot_be_printed(recipient: Constituent, lines: Sequence[Line], regime: Regime) -> None:
    if regime.needs_address and address_on(recipient, clock.today()) is None:
        raise ReceiptError(
            _("The receipt has to carry the address of %(donor)s; there is none on record.") % {"donor": recipient}
        )
    check_printable([recipient.formal_name, *(line.description for line in lines)])


def _numbering(receipt: Receipt, lines: Sequence[Line], by: User | None) -> audit.Draft:
    facts = {
        "serial": receipt.serial,
        "eligible": receipt.eligible,
        "gifts": [line.gift_id for line in lines],
    }
    return audit.Draft(verb="receipt.numbered", obj=receipt, by=by, new=facts, about=receipt.recipient)


def refuse_while_lacking(regime: Regime, issuer: Issuer) -> None:
    """Raise ReceiptError saying what the organisation has to fill in before it may issue any receipt."""
    if lacking := regime.lacking(issuer, clock.today()):
        raise ReceiptError(
            _("No receipt can be issued yet: %(lacking)s See Receipt settings.") % {"lacking": " ".join(lacking)}
        )


def _shelves(gifts: Sequence[Gift], regime: Regime) -> set[str]:
    return {regime.shelf(Facts.of(gift)) for gift in gifts}


def _refuse_what_stands_apart(gifts: Sequence[Gift], regime: Regime) -> None:
    if len(_shelves(gifts, regime)) > 1:
        raise ReceiptError(_("These gifts cannot share a receipt: goods get one of their own."))


def _refuse_the_unreceiptable(gifts: Sequence[Gift], regime: Regime) -> None:
    receipted = dict(
        ReceiptLine.objects.filter(gift__in=gifts, is_live=True).values_list("gift", "receipt__serial").order_by()
    )
    for gift in gifts:
        if gift.pk in receipted:
            raise NotReceiptableError(gift, _("it is on receipt %(serial)s.") % {"serial": receipted[gift.pk]})
        if why := why_not_receiptable(gift, regime):
            raise NotReceiptableError(gift, why)


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


def lock_gifts(gifts: Sequence[Gift]) -> list[Gift]:
    """Lock the gifts, always in the same order, and return them as they are now, oldest gift first."""
    rows = Gift.objects.select_for_update(of=("self",)).filter(pk__in=[gift.pk for gift in gifts]).order_by("pk")
    return _in_order(rows.for_receipt())


def _in_order(gifts: Iterable[Gift]) -> list[Gift]:
    return sorted(gifts, key=lambda gift: (gift.received_on, gift.pk))


def _one_donor(gifts: Sequence[Gift]) -> Constituent:
    if not gifts:
        raise ReceiptError(_("There is no gift to put on a receipt."))
    if len({gift.donor_id for gift in gifts}) > 1:
        raise ReceiptError(_("These gifts are of several donors: each gets a receipt of their own."))
    if len({gift.currency for gift in gifts}) > 1:
        raise ReceiptError(_("These gifts are in several currencies: each needs a receipt of its own."))
    return gifts[0].donor


def take_number(series: str, year: int, count: int = 1) -> int:
    """Take the next number, or the first of the next `count`, and hold the counter until the transaction ends."""
    ReceiptCounter.objects.get_or_create(series=series, year=year)
    counters = ReceiptCounter.objects.filter(series=series, year=year)
    counters.update(last=F("last") + count)
    return counters.get().last - count + 1


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


def finish_receipt(receipt: Receipt) -> Receipt:
    """Draw, store and hash the file of a numbered receipt, and make it deliverable. Safe to run twice, or at once."""
    return finish_receipts([receipt])[0]


def finish_receipts(receipts: Sequence[Receipt]) -> list[Receipt]:
    """Draw and store the files of numbered receipts outside any lock, then make them deliverable in one transaction."""
    to_finish = [receipt for receipt in receipts if receipt.state == ReceiptState.NUMBERED]
    files = draw_and_store([to_draw(receipt) for receipt in to_finish])
    finished = {receipt.pk: receipt for receipt in make_deliverable(to_finish, files)}
    return [finished.get(receipt.pk, receipt) for receipt in receipts]


def to_draw(receipt: Receipt) -> ToDraw:
    """Return all that is needed to draw and store a receipt's file."""
    return receipt_path(receipt), receipt.snapshot


@transaction.atomic
def make_deliverable(receipts: Sequence[Receipt], files: Sequence[StoredFile]) -> list[Receipt]:
    """Note the stored files of numbered receipts, in the same order; from here on they are given to donors."""
    stored = {receipt.pk: file for receipt, file in zip(receipts, files, strict=True)}
    rows = Receipt.objects.select_for_update(of=("self",)).select_related("recipient", "issued_by").order_by("pk")
    locked = {row.pk: row for row in rows.filter(pk__in=[receipt.pk for receipt in receipts])}
    # Somebody may have finished or voided it in the meantime.
    finished = [locked[pk] for pk in stored if locked[pk].state == ReceiptState.NUMBERED]
    for receipt in finished:
        receipt.file.name, receipt.sha256, receipt.byte_count = stored[receipt.pk]
        receipt.state = ReceiptState.ISSUED
    update_rows(finished, ["file", "sha256", "byte_count", "state"])
    audit.record_many(
        audit.Draft(
            verb="receipt.issued",
            obj=receipt,
            by=receipt.issued_by,
            new={"serial": receipt.serial, "sha256": receipt.sha256},
            about=receipt.recipient,
        )
        for receipt in finished
    )
    return [locked[receipt.pk] for receipt in receipts]


def finish_unfinished(receipts: ReceiptQuerySet | None = None) -> int:
    """Finish every receipt that was numbered and not stored, such as after a kill; returns how many there were."""
    unfinished = list((receipts if receipts is not None else Receipt.objects.all()).unfinished().order_by("pk"))
    for receipt in unfinished:
        finish_receipt(receipt)
    return len(unfinished)


def finish_left_over(*, now: dt.datetime) -> int:
    """Finish what was numbered a while ago and never stored; run by the clock."""
    return finish_unfinished(Receipt.objects.filter(numbered_at__lt=now - FINISHED_WITHIN))


@transaction.atomic
def void_receipt(receipt: Receipt, *, by: User | None, reason: str) -> Receipt:
    """Declare a receipt void: it keeps its number and file, and its gifts may be receipted again.

    Raises ReceiptError when it is void already or no reason is given.
    """
    if not reason.strip():
        raise ReceiptError(_("Say why the receipt is void."))
    lock_gifts(list(Gift.objects.filter(receipt_lines__receipt=receipt)))
    locked = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    if locked.is_void:
        raise ReceiptError(_("Receipt %(serial)s is void already.") % {"serial": locked.serial})
    old = locked.state
    locked.state = ReceiptState.VOID
    locked.voided_at = clock.now()
    locked.voided_by = by
    locked.void_reason = reason.strip()
    locked.save(update_fields=["state", "voided_at", "voided_by", "void_reason"])
    locked.lines.update(is_live=False)
    audit.record(
        "receipt.voided",
        locked,
        by=by,
        old={"state": old},
        new={"state": locked.state},
        reason=reason,
        about=locked.recipient,
    )
    return locked


@transaction.atomic
def replace_receipt(receipt: Receipt, *, by: User | None, reason: str) -> Receipt | None:
    """Void a receipt and number a new one over what is still receiptable of it; None when nothing is.

    Nothing is, too, while the organisation may issue no receipts, or when its rules have changed and want one for each
    gift: the old one is void all the same, because money that went back must not stay certified.
    The new one names the old; `finish_receipt` has to follow.
    """
    voided = void_receipt(receipt, by=by, reason=reason)
    regime = current_regime()
    gifts = Gift.objects.filter(receipt_lines__receipt=voided).for_receipt()
    left = [gift for gift in gifts if not why_not_receiptable(gift, regime)]
    return number_instead(voided, left, by=by, replaces=voided)


def number_instead(
    voided: Receipt, gifts: Sequence[Gift], *, by: User | None, replaces: Receipt | None = None
) -> Receipt | None:
    """Number a receipt over gifts in the place of a void one; None when there is nothing, or none may be issued now."""
    regime = current_regime()
    if not gifts or regime.lacking(current_issuer(), clock.today()) or len(_shelves(gifts, regime)) > 1:
        return None
    return number_receipt(gifts, by=by, covers_year=voided.covers_year, replaces=replaces)


@transaction.atomic
def reissue_receipt(receipt: Receipt, *, by: User | None, reason: str) -> Receipt:
    """Void a receipt and issue another in its place, such as after a change of name or address.

    Raises ReceiptError when nothing of its gifts can be receipted any more: void it instead.
    """
    refuse_while_lacking(current_regime(), current_issuer())
    replacement = replace_receipt(receipt, by=by, reason=reason)
    if replacement is None:
        raise ReceiptError(_("Nothing on this receipt can be receipted any more. Void it instead."))
    return finish_after_commit(replacement)


def receipt_bytes(receipt: Receipt, *, copy: bool = False) -> bytes:
    """Return the PDF to hand out: the stored file itself, or for a void one or a further copy the same page so marked.

    Raises ReceiptError when the stored file is not the one that was hashed.
    """
    if receipt.state == ReceiptState.NUMBERED:
        receipt = finish_receipt(receipt)
    if not receipt.file:  # voided before its file was stored
        content = draw_receipt(receipt.snapshot)
    else:
        with receipt.file.open("rb") as file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() != receipt.sha256:
            raise ReceiptError(
                _("The file of receipt %(serial)s is not the one that was issued.") % {"serial": receipt.serial}
            )
    if receipt.is_void or copy:
        return mark_receipt(content, receipt.snapshot, void=receipt.is_void)
    return content


def in_postal_order(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Return the receipts that are to be printed as letter carriers want them: abroad last, then by postal code."""

    def place(receipt: Receipt) -> tuple[str, str, str]:
        to = receipt.snapshot["recipient"]
        return to.get("abroad", ""), to.get("postal_code", ""), receipt.serial

    return sorted(receipts, key=place)
