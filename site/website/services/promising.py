"""Promise a gift by transfer or cheque, or one again and again by standing order; staff mark what comes as received."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock, mail
from donations.gift_aid.public import declare_from
from donations.models import Appeal, Campaign, DedicationKind, Gift, GiftSource, Method, RecurringGift
from donations.models.recurring import LIVE
from donations.promises.schedule import first_on_or_after
from donations.promises.setting_up import promised, promised_id
from donations.promises.standing import start_recurring
from donations.services.gifts import default_fund, record_gift
from donations.services.tributes import dedicate_as_asked
from donations.stripe.donors import Giver, donor_for
from website.services.consenting import note_consents

FORM = "giving-form"
DECLARED_AT = "giving page"
#: A bank needs some days to set a standing order up.
_DAYS_FOR_THE_BANK = dt.timedelta(days=5)


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


@transaction.atomic
def promise_regularly(
    form: dict[str, Any], *, user: User | None, campaign: Campaign | None, appeal: Appeal | None, how: Sequence[str]
) -> RecurringGift:
    """Expect a gift again and again by standing order, once for each form token, and write how to set it up.

    The first is expected on the first of the month to come, and found on the bank's statement by its reference. To whom
    it is dedicated, and that it is not to be named, stands in its note: each gift is recorded when it comes.
    """
    token = form["token"].uuid
    known = promised(token).filter(status__in=LIVE).first()
    if known is not None:
        return known
    donor = donor_for(giver_of(form, user=user))
    money = form["money"]
    recurring = start_recurring(
        donor=donor,
        money=money,
        frequency=form["frequency"].frequency,
        starts_on=first_on_or_after(clock.today() + _DAYS_FOR_THE_BANK, 1),
        day=1,
        by=user,
        allocations=[(form.get("fund") or default_fund(), money.amount)],
        method=Method.TRANSFER,
        campaign=appeal.campaign if appeal else campaign,
        appeal=appeal,
        note="\n".join(_remarks(form)),
        external_system=FORM,
        external_id=f"{promised_id(token)}-{promised(token).count() + 1}",
    )
    recurring.reference = f"R{recurring.pk:05d}"
    recurring.save(update_fields=["reference"])
    note_consents(donor, form.get("consents", ()), by=user)
    declare_from(form, donor=donor, by=user, source=DECLARED_AT, this=True)
    if address := form.get("email") or donor.primary_email:
        context = {"recurring": recurring, "how": list(how)}
        mail.send(to=address, template="recurring_promised", context=context, about=donor, by=user)
    return recurring


def _remarks(form: dict[str, Any]) -> list[str]:
    """Return what the form says that a standing order has no place for."""
    remarks = [_("Not to be named in public.")] if form.get("is_anonymous") else []
    if tribute := form.get("tribute"):
        kind = DedicationKind(tribute["kind"]).label
        remarks.append(_("Dedicated: %(kind)s %(name)s.") % {"kind": kind, "name": tribute["name"]})
        if notice := tribute.get("notice"):
            remarks.append(_("To be told of it with the first gift: %(name)s.") % {"name": notice["name"]})
    return remarks


def giver_of(form: dict[str, Any], *, user: User | None) -> Giver:
    """Return who gives, as the form says."""
    return Giver(
        user=user,
        given_name=form.get("given_name", ""),
        family_name=form.get("family_name", ""),
        email=form.get("email", ""),
        address=form.get("address") or {},
        language=get_language() or "",
    )
