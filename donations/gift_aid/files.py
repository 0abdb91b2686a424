"""The files of a claim: drawn from its rows once, kept with their hash, handed out as they were sent."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from functools import partial
from itertools import groupby

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.files import private_storage
from donations.errors import GiftAidError
from donations.gift_aid.schedule import ScheduleRow
from donations.gift_aid.spreadsheet import as_csv, as_spreadsheet
from donations.models import ClaimFile, ClaimRow, ClaimState, FileFormat, GiftAidClaim
from donations.models.gift_aid_claim import claim_file_path


def finish_after_commit(claim: GiftAidClaim) -> GiftAidClaim:
    """Have the files drawn once the caller's transaction is through; should that be lost, the clock draws them."""
    transaction.on_commit(partial(finish_files, claim), robust=True)
    return claim


def finish_files(claim: GiftAidClaim) -> list[ClaimFile]:
    """Draw and keep the files of a claim that was sent, in both forms. Safe to run twice, or at once."""
    known = set(claim.files.values_list("number", "format"))
    for number, group in groupby(claim.rows.order_by("file_number", "item"), key=lambda row: row.file_number):
        rows = [_as_sent(row) for row in group]
        for form in FileFormat:
            if (number, form.value) not in known:
                _keep(claim, number, form, rows)
    return list(claim.files.all())


def _as_sent(row: ClaimRow) -> ScheduleRow:
    return ScheduleRow(
        donated_on=row.donated_on,
        amount=row.amount,
        title=row.title,
        first_name=row.first_name,
        last_name=row.last_name,
        house=row.house,
        postcode=row.postcode,
        aggregated=row.aggregated,
        file_number=row.file_number,
        item=row.item,
    )


def _keep(claim: GiftAidClaim, number: int, form: FileFormat, rows: list[ScheduleRow]) -> None:
    if form is FileFormat.ODS:
        # What is given back stands in the first file alone: each file is a claim of its own to HMRC.
        over_claimed = claim.owed_back if number == 1 else Decimal(0)
        earliest = claim.earliest_on if len(rows) == claim.rows.count() else min(row.donated_on for row in rows)
        content = as_spreadsheet(rows, earliest_on=earliest or rows[0].donated_on, over_claimed=over_claimed)
    else:
        content = as_csv(rows)
    file = ClaimFile(
        claim=claim,
        number=number,
        format=form,
        sha256=hashlib.sha256(content).hexdigest(),
        byte_count=len(content),
        row_count=len(rows),
        amount=sum((row.amount for row in rows), Decimal(0)),
    )
    with transaction.atomic():
        GiftAidClaim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
        if ClaimFile.objects.filter(claim=claim, number=number, format=form).exists():
            return  # somebody else was quicker: theirs is the one that may have been sent
        storage, path = private_storage(), claim_file_path(file)
        storage.delete(path)  # what an attempt killed half-way left
        file.file.name = storage.save(path, ContentFile(content))
        file.save()


def finish_left_over(*, now: dt.datetime) -> int:
    """Draw what was sent and has no files yet, such as after a kill; run by the clock."""
    unfinished = list(GiftAidClaim.objects.exclude(state=ClaimState.DRAFT).filter(rows__isnull=False, files=None))
    for claim in {claim.pk: claim for claim in unfinished}.values():
        finish_files(claim)
    return len(unfinished)


def file_bytes(file: ClaimFile) -> bytes:
    """Return the file as it was kept. Raises GiftAidError when it is not the one that was hashed."""
    with file.file.open("rb") as kept:
        content = kept.read()
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise GiftAidError(_("“%(name)s” is not the file that was kept.") % {"name": file.file_name})
    return content
