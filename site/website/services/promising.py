"""Promise a gift by transfer or cheque; staff mark it as received when it comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from constituents.models import Channel, ConsentRecord, Constituent, Decision
from constituents.services.supporters import supporter_for
from core import clock, mail
from donations.gift_aid.public import declare_from
from donations.models import Appeal, Campaign, Gift, GiftSource
from donations.services.gifts import default_fund, record_gift

FORM = "giving-form"
DECLARED_AT = "giving page"
WORDING = "What may we write to you about by e-mail?"


@transaction.atomic
def promise_gift(
    form: dict[str, Any], *, user: User | None, campaign: Campaign | None, appeal: Appeal | None, how: Sequence[str]
) -> Gift:
    """Record an expected gift once for each form token, note consents given, and write how to send the money."""
    token = str(form["token"])
    known = Gift.objects.filter(external_system=FORM, external_id=token).first()
    if known is not None:
        return known
    donor = supporter_for(
        user=user,
        given_name=form.get("given_name", ""),
        family_name=form.get("family_name", ""),
        email=form.get("email", ""),
        source="giving page",
    )
    money = form["money"]
    gift = record_gift(
        donor=donor,
        money=money,
        received_on=clock.today(),
        by=user,
        allocations=[(form.get("fund") or default_fund(), money.amount)],
        post=False,
        method=form["method"],
        source=GiftSource.ONLINE,
        campaign=appeal.campaign if appeal else campaign,
        appeal=appeal,
        tribute=form.get("tribute", ""),
        is_anonymous=form.get("is_anonymous", False),
        external_system=FORM,
        external_id=token,
    )
    _note_consents(donor, form.get("consents", ()), user)
    declare_from(form, donor=donor, by=user, source=DECLARED_AT, gift=gift)
    if address := form.get("email") or donor.primary_email:
        mail.send(to=address, template="gift_promised", context={"gift": gift, "how": list(how)}, about=donor, by=user)
    return gift


def _note_consents(donor: Constituent, purposes: Sequence[str], user: User | None) -> None:
    ConsentRecord.objects.bulk_create(
        ConsentRecord(
            constituent=donor,
            channel=Channel.EMAIL,
            purpose=purpose,
            decision=Decision.GIVEN,
            wording=WORDING,
            where="giving page",
            at=clock.now(),
            recorded_by=user,
        )
        for purpose in purposes
    )
