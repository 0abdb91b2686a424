"""Promise a gift by transfer or cheque; staff mark it as received when it comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from core import clock, mail
from donations.gift_aid.public import declare_from
from donations.models import Appeal, Campaign, Gift, GiftSource
from donations.services.gifts import default_fund, record_gift
from donations.services.tributes import dedicate_as_asked
from donations.stripe.donors import Giver, donor_for
from website.services.consenting import note_consents

FORM = "giving-form"
DECLARED_AT = "giving page"


@transaction.atomic
def promise_gift(
    form: dict[str, Any], *, user: User | None, campaign: Campaign | None, appeal: Appeal | None, how: Sequence[str]
) -> Gift:
    """Record an expected gift once for each form token, note consents given, and write how to send the money.

    `form` is what `GivingForm` cleaned. A signed-in `user` is who gives.
    """
    token = str(form["token"].uuid)
    known = Gift.objects.filter(external_system=FORM, external_id=token).first()
    if known is not None:
        return known
    donor = donor_for(giver_of(form, user=user))
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
        is_anonymous=form.get("is_anonymous", False),
        external_system=FORM,
        external_id=token,
    )
    dedicate_as_asked(gift, asked=form.get("tribute"), by=user)
    note_consents(donor, form.get("consents", ()), by=user)
    declare_from(form, donor=donor, by=user, source=DECLARED_AT, gift=gift)
    if address := form.get("email") or donor.primary_email:
        mail.send(to=address, template="gift_promised", context={"gift": gift, "how": list(how)}, about=donor, by=user)
    return gift


def giver_of(form: dict[str, Any], *, user: User | None) -> Giver:
    """Return who gives, as the form says."""
    return Giver(
        user=user,
        given_name=form.get("given_name", ""),
        family_name=form.get("family_name", ""),
        email=form.get("email", ""),
        address=form.get("address") or {},
    )
