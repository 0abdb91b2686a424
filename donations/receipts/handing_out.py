"""Handing out a year's receipts: by e-mail, each its own message and once; the others as files for the printer.

Both may be stopped, killed and started again: what has been handed out is noted with it, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryFile

from django.core.files import File
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import EmailAddress
from core import audit, clock
from core.documents import bind
from donations.errors import ReceiptError
from donations.models import PrintedReceipts, Receipt, ReceiptDelivery, Way
from donations.models.handing_out import print_path
from donations.models.receipt import ReceiptQuerySet
from donations.receipts.delivery import send_receipt
from donations.services.receipt_files import receipt_bytes

#: As many as a printer takes in one go, and as are bound in memory: about 60 MB.
IN_ONE_FILE = 1_000


def receipts_of(year: int) -> ReceiptQuerySet:
    """Return the year's receipts that may be given to their donors."""
    return Receipt.objects.issued().filter(covers_year=year)


def to_email(year: int) -> ReceiptQuerySet:
    """Return those that no run has handed out and whose donor has a working address and may be written to."""
    return _waiting(year).filter(Exists(_addresses()), recipient__do_not_contact=False, recipient__is_deceased=False)


def to_print(year: int) -> ReceiptQuerySet:
    """Return those that no run has handed out and no e-mail can reach, in postal order: abroad last."""
    emailed = to_email(year).order_by().values("pk")
    return _waiting(year).exclude(pk__in=emailed).order_by(
        KT("snapshot__recipient__abroad"), KT("snapshot__recipient__postal_code"), "number"
    )  # fmt: skip


def _waiting(year: int) -> ReceiptQuerySet:
    return receipts_of(year).exclude(Exists(ReceiptDelivery.objects.filter(receipt=OuterRef("pk"))))


def _addresses() -> QuerySet[EmailAddress]:
    """The working addresses of the recipient, or of the record theirs was merged into."""
    holder = Coalesce(OuterRef("recipient__merged_into"), OuterRef("recipient"))
    return EmailAddress.objects.working_on(clock.today()).filter(constituent=holder)


def email_year(year: int, *, by: User | None) -> Iterator[Receipt]:
    """E-mail every receipt that can be, yielding each; whoever stops asking stops the run."""
    for key in list(to_email(year).order_by("number").values_list("pk", flat=True)):
        if receipt := _email(key, by=by):
            yield receipt


@transaction.atomic
def _email(key: int, *, by: User | None) -> Receipt | None:
    """Send one receipt unless it has been handed out, is void, or its donor cannot be reached since."""
    receipt = Receipt.objects.select_for_update(of=("self",)).select_related("recipient").get(pk=key)
    address = standing(receipt.recipient).primary_email
    if not receipt.is_deliverable or not address or ReceiptDelivery.objects.filter(receipt=receipt).exists():
        return None
    message = send_receipt(receipt, by=by, to=address)
    ReceiptDelivery.objects.create(receipt=receipt, way=Way.EMAIL, message=message, at=clock.now(), by=by)
    return receipt


def print_year(year: int, *, by: User | None) -> Iterator[PrintedReceipts]:
    """Make the files for the printer, yielding each when it can be downloaded. What a kill left is made first."""
    for left in PrintedReceipts.objects.filter(year=year, file=""):
        yield _bound(left)
    while printed := _set_apart(year, by=by):
        yield _bound(printed)


@transaction.atomic
def _set_apart(year: int, *, by: User | None) -> PrintedReceipts | None:
    """Choose the receipts of the next file, so that no other file has them."""
    keys = list(to_print(year).select_for_update(of=("self",)).values_list("pk", flat=True)[:IN_ONE_FILE])
    if not keys:
        return None
    now = clock.now()
    printed = PrintedReceipts.objects.create(year=year, count=len(keys), made_at=now, made_by=by)
    ReceiptDelivery.objects.bulk_create(
        ReceiptDelivery(receipt_id=key, way=Way.POST, printed=printed, place=place, at=now, by=by)
        for place, key in enumerate(keys, start=1)
    )
    audit.record("receipts.printed", printed, by=by, new={"year": year, "count": len(keys)})
    return printed


def _bound(printed: PrintedReceipts) -> PrintedReceipts:
    """Bind the file, and store it under its one name."""
    receipts = (
        delivery.receipt for delivery in printed.deliveries.select_related("receipt").order_by("place").iterator(200)
    )
    with TemporaryFile() as out:
        printed.pages = bind((receipt_bytes(receipt) for receipt in receipts if not receipt.is_void), out)
        out.seek(0)
        storage, path = printed.file.storage, print_path(printed)
        storage.delete(path)
        printed.file.name = storage.save(path, File(out))
    printed.save(update_fields=["pages", "file"])
    return printed


@transaction.atomic
def mark_posted(printed: PrintedReceipts, *, by: User | None) -> PrintedReceipts:
    """Note that the printed receipts are on their way. Raises ReceiptError when that was noted before."""
    locked = PrintedReceipts.objects.select_for_update(of=("self",)).get(pk=printed.pk)
    if locked.posted_at:
        raise ReceiptError(_("These receipts have been posted already."))
    locked.posted_at, locked.posted_by = clock.now(), by
    locked.save(update_fields=["posted_at", "posted_by"])
    audit.record("receipts.posted", locked, by=by, new={"year": locked.year, "count": locked.count})
    return locked


@transaction.atomic
def discard_print(printed: PrintedReceipts, *, by: User | None) -> None:
    """Throw a file away that was not posted: its receipts wait again. Raises ReceiptError when it was."""
    locked = PrintedReceipts.objects.select_for_update(of=("self",)).get(pk=printed.pk)
    if locked.posted_at:
        raise ReceiptError(_("These receipts have been posted already."))
    audit.record("receipts.print_discarded", locked, by=by, old={"year": locked.year, "count": locked.count})
    path, storage = locked.file.name, locked.file.storage
    locked.delete()
    if path:
        transaction.on_commit(lambda: storage.delete(path), robust=True)


def progress_of(year: int) -> dict[str, int]:
    """Return how many of the year's receipts there are, and how they were or can be handed out."""
    handed = ReceiptDelivery.objects.filter(receipt__in=receipts_of(year))
    return {
        "issued": receipts_of(year).count(),
        "emailed": handed.filter(way=Way.EMAIL).count(),
        "posted": handed.filter(way=Way.POST, printed__posted_at__isnull=False).count(),
        "printed": handed.filter(way=Way.POST, printed__posted_at__isnull=True).count(),
        "to_email": to_email(year).count(),
        "to_print": to_print(year).order_by().count(),
    }
