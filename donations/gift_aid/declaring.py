"""Record what donors declare, confirm it in writing, mend the address, cancel it, and note who pays too little tax."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Address, Constituent
from constituents.services.addresses import address_on
from core import audit, clock
from core.files import check_content
from donations.errors import GiftAidError
from donations.gift_aid import postcodes
from donations.gift_aid.eligibility import gift_aid_is_on
from donations.models import (
    CancelReason,
    DeclarationMethod,
    Gift,
    GiftAidDeclaration,
    NotEnoughTax,
)
from donations.signals import declaration_cancelled, declaration_made

UNITED_KINGDOM = "GB"


@transaction.atomic
def declare(
    donor: Constituent,
    *,
    by: User | None,
    declared_on: dt.date,
    wording: str,
    house: str,
    postcode: str = "",
    is_abroad: bool = False,
    covers_past: bool = True,
    covers_this: bool = True,
    covers_future: bool = True,
    gift: Gift | None = None,
    method: str = DeclarationMethod.WRITTEN,
    written_record_sent_on: dt.date | None = None,
    evidence: UploadedFile | None = None,
    source: str = "on paper",
) -> GiftAidDeclaration:
    """Record a declaration of one person, word for word.

    Raises GiftAidError for an organisation, for a day to come, for a gift of somebody else and for an address HMRC does
    not take; FileRefusedError for evidence of a kind we do not keep; ValidationError naming the field.
    """
    if not gift_aid_is_on():
        raise GiftAidError(_("Gift Aid is for organisations in the United Kingdom that keep their books in pounds."))
    donor = standing(donor)
    if not donor.is_person:
        raise GiftAidError(_("Gift Aid is for people: an organisation pays no income tax."))
    if declared_on > clock.today():
        raise GiftAidError(_("A declaration cannot be dated in the future."), "declared_on")
    if gift is not None and not _may_speak_of(donor, gift):
        raise GiftAidError(_("This gift is not theirs."), "gift")
    declaration = GiftAidDeclaration(
        donor=donor,
        declared_on=declared_on,
        covers_past=covers_past,
        covers_this=covers_this,
        covers_future=covers_future,
        gift=gift,
        wording=wording.strip(),
        method=method,
        written_record_sent_on=written_record_sent_on,
        source=source,
        recorded_by=by,
        **home_as_declared(house, postcode, is_abroad),
    )
    if evidence is not None:
        _keep(declaration, evidence)
    declaration.full_clean()
    declaration.save()
    audit.record("gift_aid.declared", declaration, by=by, new=_facts(declaration), about=donor)
    declaration_made.send(GiftAidDeclaration, declaration=declaration, by=by)
    return declaration


def _may_speak_of(donor: Constituent, gift: Gift) -> bool:
    return gift.donor_id in donor.lineage_ids or gift.gift_aid_shares.filter(person=donor).exists()


def home_as_declared(house: str, postcode: str, is_abroad: bool) -> dict[str, Any]:
    """Return the address as the schedule will want it. Raises GiftAidError naming the field that is not right."""
    house = " ".join(house.split())
    if not house:
        raise GiftAidError(_("Give the name or number of their house."), "house")
    if is_abroad:
        return {"house": house, "postcode": "", "is_abroad": True}
    if not postcodes.is_valid(postcode):
        raise GiftAidError(
            _("“%(postcode)s” is not a postcode. Write it such as SW1A 1AA, or tick that they live abroad.")
            % {"postcode": postcode},
            "postcode",
        )
    if postcodes.is_of_the_islands(postcode):
        raise GiftAidError(
            _("Man and the Channel Islands are outside the United Kingdom: tick that they live abroad."), "is_abroad"
        )
    return {"house": house, "postcode": postcodes.written(postcode), "is_abroad": False}


def _keep(declaration: GiftAidDeclaration, evidence: UploadedFile) -> None:
    found = check_content(evidence)
    declaration.evidence_name = str(evidence.name)[:255]
    declaration.evidence_type = found.content_type
    evidence.name = f"evidence{found.extension}"
    declaration.evidence = evidence


def _facts(declaration: GiftAidDeclaration) -> dict[str, Any]:
    return {
        "declared_on": declaration.declared_on,
        "scope": declaration.scope,
        "method": declaration.method,
        "house": declaration.house,
        "postcode": declaration.postcode,
        "is_abroad": declaration.is_abroad,
        "gift": declaration.gift_id,
    }


def home_on_record(donor: Constituent, on: dt.date) -> dict[str, Any]:
    """Return house, postcode and whether it is abroad, from the address on record: what a form starts with."""
    address = address_on(donor, on)
    if address is None or not address.street.strip():
        return {}
    if _is_abroad(address):
        return {"house": ", ".join(address.lines), "postcode": "", "is_abroad": True}
    postcode = address.postal_code
    return {
        "house": postcodes.house_of(address.street),
        "postcode": postcodes.written(postcode) if postcodes.is_valid(postcode) else postcode,
        "is_abroad": False,
    }


def _is_abroad(address: Address) -> bool:
    if address.country and str(address.country) != UNITED_KINGDOM:
        return True
    return postcodes.is_of_the_islands(address.postal_code)


@transaction.atomic
def confirm_in_writing(declaration: GiftAidDeclaration, *, by: User | None, sent_on: dt.date) -> GiftAidDeclaration:
    """Note the day on which the written record of what was said by word of mouth went to the donor.

    Raises GiftAidError when it was not made by word of mouth, or the day is before it or still to come.
    """
    locked = _locked(declaration)
    if locked.method != DeclarationMethod.ORAL:
        raise GiftAidError(_("It was not made by word of mouth: there is nothing to confirm."))
    if not locked.declared_on <= sent_on <= clock.today():
        raise GiftAidError(_("The letter goes out between the day they told us and today."), "sent_on")
    old = locked.written_record_sent_on
    locked.written_record_sent_on = sent_on
    locked.full_clean()
    locked.save(update_fields=["written_record_sent_on"])
    _note(locked, "gift_aid.confirmed", by, old={"sent_on": old}, new={"sent_on": sent_on})
    return locked


@transaction.atomic
def mend_address(
    declaration: GiftAidDeclaration, *, by: User | None, house: str, postcode: str = "", is_abroad: bool = False
) -> GiftAidDeclaration:
    """Complete or correct the donor's home, such as after they moved. Raises GiftAidError naming the field."""
    locked = _locked(declaration)
    home = home_as_declared(house, postcode, is_abroad)
    old = {name: getattr(locked, name) for name in home}
    for name, value in home.items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.save(update_fields=list(home))
    _note(locked, "gift_aid.mended", by, old=old, new=home)
    return locked


@transaction.atomic
def add_evidence(declaration: GiftAidDeclaration, *, by: User | None, evidence: UploadedFile) -> GiftAidDeclaration:
    """Keep the signed form or the recording with the declaration. Raises GiftAidError when there is one already."""
    locked = _locked(declaration)
    if locked.evidence:
        raise GiftAidError(_("There is a file with it already, and it stays."), "evidence")
    _keep(locked, evidence)
    locked.full_clean()
    locked.save(update_fields=["evidence", "evidence_name", "evidence_type"])
    _note(locked, "gift_aid.evidence_added", by, old={}, new={"name": locked.evidence_name})
    return locked


@transaction.atomic
def cancel_declaration(
    declaration: GiftAidDeclaration,
    *,
    by: User | None,
    cancelled_from: dt.date,
    why: str = CancelReason.DONOR_ASKED,
    note: str = "",
) -> GiftAidDeclaration:
    """End a declaration: gifts of that day and later are not covered any more; earlier ones stay claimed.

    One recorded by mistake, or taken back within 30 days of our letter, covers nothing at all. Raises GiftAidError when
    it is cancelled already.
    """
    locked = _locked(declaration)
    if locked.is_cancelled:
        raise GiftAidError(_("It is cancelled already, from %(day)s.") % {"day": locked.cancelled_from})
    if why == CancelReason.NEVER_MADE and locked.method != DeclarationMethod.ORAL:
        raise GiftAidError(_("Only one by word of mouth can be taken back from the beginning."), "why")
    locked.cancelled_from = cancelled_from
    locked.cancel_reason = why
    locked.cancel_note = note.strip()
    locked.full_clean()
    locked.save(update_fields=["cancelled_from", "cancel_reason", "cancel_note"])
    _note(locked, "gift_aid.cancelled", by, old={}, new={"from": cancelled_from, "why": why}, reason=note)
    declaration_cancelled.send(GiftAidDeclaration, declaration=locked, by=by)
    return locked


@transaction.atomic
def note_not_enough_tax(
    donor: Constituent,
    *,
    by: User | None,
    since: dt.date,
    until: dt.date | None = None,
    told_on: dt.date | None = None,
    note: str = "",
) -> NotEnoughTax:
    """Keep that a donor told us they pay too little tax: nothing is claimed on gifts of that time.

    Raises GiftAidError for an organisation.
    """
    donor = standing(donor)
    if not donor.is_person:
        raise GiftAidError(_("Gift Aid is for people: an organisation pays no income tax."))
    told = NotEnoughTax(
        donor=donor, since=since, until=until, told_on=told_on or clock.today(), note=note.strip(), recorded_by=by
    )
    told.full_clean()
    told.save()
    audit.record("gift_aid.not_enough_tax", told, by=by, new={"since": since, "until": until}, reason=note, about=donor)
    return told


@transaction.atomic
def end_not_enough_tax(told: NotEnoughTax, *, by: User | None, until: dt.date) -> NotEnoughTax:
    """Note that a donor pays enough tax again: `until` is the last day they did not."""
    locked = NotEnoughTax.objects.select_for_update().get(pk=told.pk)
    old = locked.until
    locked.until = until
    locked.full_clean()
    locked.save(update_fields=["until"])
    audit.record(
        "gift_aid.enough_tax_again", locked, by=by, old={"until": old}, new={"until": until}, about=locked.donor
    )
    return locked


def _locked(declaration: GiftAidDeclaration) -> GiftAidDeclaration:
    return GiftAidDeclaration.objects.select_for_update(of=("self",)).select_related("donor").get(pk=declaration.pk)


def _note(
    declaration: GiftAidDeclaration,
    verb: str,
    by: User | None,
    *,
    old: dict[str, Any],
    new: dict[str, Any],
    reason: str = "",
) -> None:
    audit.record(verb, declaration, by=by, old=old, new=new, reason=reason, about=declaration.donor)
