"""What giving adds to the search box: receipts by number, gifts by id or reference."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from constituents.search.groups import Hit, Search, SearchGroup, register_group
from constituents.search.lookups import Lookup, register_lookup
from core import clock
from core.theme.figures import day_in_words
from donations.models import Gift, GiftStatus, Receipt, ReceiptState
from donations.models.receipt import ReceiptQuerySet
from donations.services.receipt_numbers import receipt_series
from donations.staff.links import page_of
from donations.staff.tones import GIFT_TONES, RECEIPT_TONES

_SERIAL = re.compile(r"(?P<series>[a-z]*-?)\s*(?P<year>\d{4})[\s\-/.]*(?P<number>\d{1,9})", re.IGNORECASE)
_NUMBER_ALONE = re.compile(r"0\d{2,5}|\d{6}")
_GIFT_NUMBER = re.compile(r"(?:gift\s*)?#?\s*(?P<number>\d{1,12})", re.IGNORECASE)
_YEARS_BACK = 10


def receipt_serials(text: str) -> set[str]:
    """Return the receipt numbers a text may be: `2026-000017`, `2026 17`, `R2026000017` are one."""
    text = text.strip()
    serials = {text, text.upper()}
    if match := _SERIAL.fullmatch(text):
        serials |= set(_in_each_series(match["series"], int(match["year"]), int(match["number"])))
    return serials


def _in_each_series(typed: str, year: int, number: int) -> Iterator[str]:
    for series in {"", typed, typed.upper(), receipt_series()}:
        yield f"{series}{year}-{number:06d}"


def receipts_numbered(text: str) -> ReceiptQuerySet:
    """Return the receipts with this number; a number without its year is looked for in the last ten."""
    serials = receipt_serials(text)
    if _NUMBER_ALONE.fullmatch(text.strip()):
        newest = clock.today().year
        for year in range(newest - _YEARS_BACK, newest + 1):
            serials |= set(_in_each_series("", year, int(text)))
    return Receipt.objects.filter(serial__in=serials)


def whose_receipt(text: str) -> Iterable[int]:
    """Return whom a receipt was given to; after a merge, the record that stands for theirs."""
    stands = Coalesce("recipient__merged_into", "recipient")
    return Receipt.objects.filter(serial__in=receipt_serials(text)).order_by().values_list(stands, flat=True)


def gift_uuid(text: str) -> uuid.UUID | None:
    """Return the id that a gift is known by outside, when the text is one."""
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return None


def whose_gift(text: str) -> Iterable[int]:
    """Return who gave the gift of this id; a bare number is too often something else to take it for one."""
    if key := gift_uuid(text):
        return Gift.objects.filter(uuid=key).values_list("donor", flat=True)
    if (match := _GIFT_NUMBER.fullmatch(text.strip())) and not text.strip().isdigit():
        return Gift.objects.filter(pk=int(match["number"])).values_list("donor", flat=True)
    return []


def gift_hits(search: Search, limit: int) -> Iterator[Hit]:
    """The gifts of this id or reference, or on the receipt of this number."""
    text = search.text
    wanted = Q(reference__iexact=text) | Q(pk__in=receipts_numbered(text).order_by().values("lines__gift"))
    if key := gift_uuid(text):
        wanted |= Q(uuid=key)
    if match := _GIFT_NUMBER.fullmatch(text):
        wanted |= Q(pk=int(match["number"]))
    keys = Gift.objects.order_by().filter(wanted).values("pk")[:limit]
    for gift in Gift.objects.for_list().filter(pk__in=list(keys.values_list("pk", flat=True))):
        yield Hit(
            title=gift.donor.display_name,
            url=page_of(gift) or "",
            detail=" · ".join(
                part for part in (day_in_words(gift.received_on, "medium"), gift.fund_names, gift.reference) if part
            ),
            amount=str(gift.money),
            chip="" if gift.is_posted else gift.get_status_display(),
            tone=GIFT_TONES.get(GiftStatus(gift.status), "quiet"),
        )


def receipt_hits(search: Search, limit: int) -> Iterator[Hit]:
    """The receipts of this number."""
    for receipt in receipts_numbered(search.text).for_list().defer("snapshot")[:limit]:
        yield Hit(
            title=str(receipt),
            url=page_of(receipt) or "",
            detail=f"{receipt.recipient} · {day_in_words(receipt.issued_on, 'medium')}",
            amount=str(receipt.eligible_money),
            chip=receipt.get_state_display(),
            tone=RECEIPT_TONES.get(ReceiptState(receipt.state), "quiet"),
        )


def register() -> None:
    """Say to the search box whose receipts and gifts these are, and put both on its page."""
    see = "donations.view_giving"
    register_lookup(Lookup("receipt", _("receipt number"), whose_receipt, see))
    register_lookup(Lookup("gift", _("gift id"), whose_gift, see))
    register_group(SearchGroup("gifts", _("Gifts"), "pick", gift_hits, "donations.view_gift", order=40))
    register_group(SearchGroup("receipts", _("Receipts"), "doc-full", receipt_hits, "donations.view_receipt", order=50))
