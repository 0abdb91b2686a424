"""From a valid form to a promise, or to the payment page at Stripe."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from donations.errors import OnlineGivingError
from donations.gift_aid.public import declare_from
from donations.models import Appeal, Campaign, Checkout, Gift
from donations.services.gifts import default_fund
from donations.services.tributes import dedicate_as_asked
from donations.stripe import checkout as checkouts
from website.giving import keeping
from website.giving.form import ONLINE, GivingForm
from website.services.consenting import note_consents
from website.services.promising import DECLARED_AT, giver_of, promise_gift, promise_regularly

if TYPE_CHECKING:
    from website.models import GivingPage

#: Says on the return page that the donor turned back, and that the payment page could not be had.
CANCELLED, UNREACHED = "cancelled", "unreached"


def take(
    page: GivingPage,
    request: HttpRequest,
    form: GivingForm,
    *,
    campaign: Campaign | None,
    appeal: Appeal | None,
    language: str,
) -> HttpResponse:
    """Write the gift down, and lead on: to the payment page, or to how a promise is kept."""
    cleaned = form.cleaned_data | {"fund": form.cleaned_data.get("fund") or form.fund_for_the_rest}
    user = request.user if request.user.is_authenticated else None
    if cleaned["method"] != ONLINE:
        promise = promise_gift if cleaned["frequency"].frequency is None else promise_regularly
        promised = promise(cleaned, user=user, campaign=campaign, appeal=appeal, how=page.how(cleaned["method"]))
        _give_up_what_was_begun(request, cleaned)
        keeping.forget(request)
        return _see(_return_address(page, request, promised.uuid, language))
    checkout = prepare(cleaned, user=user, campaign=campaign, appeal=appeal, language=language)
    if cleaned["instead"] != checkout.uuid:
        _give_up_what_was_begun(request, cleaned)
    keeping.keep(request, checkout.uuid, request.POST)
    return _lead_to_payment(page, request, checkout, language)


@transaction.atomic
def prepare(
    cleaned: dict[str, Any], *, user: User | None, campaign: Campaign | None, appeal: Appeal | None, language: str
) -> Checkout:
    """Write down what will be paid online, once for each form: the gift, its dedication, what was agreed to."""
    token, money, often = cleaned["token"].uuid, cleaned["money"], cleaned["frequency"]
    before = checkouts.whose(token)
    facts = {
        "language": language,
        "net": cleaned["net"].plain,
        "fee_cover": (money - cleaned["net"]).plain,
        "is_anonymous": cleaned.get("is_anonymous", False),
        "tribute": cleaned.get("tribute"),
    }
    common: dict[str, Any] = {
        "token": token,
        "giver": giver_of(cleaned, user=user),
        "money": money,
        "by": user,
        "allocations": [(cleaned["fund"] or default_fund(), money.amount)],
        "campaign": appeal.campaign if appeal else campaign,
        "appeal": appeal,
        "facts": facts,
    }
    if often.frequency is None:
        checkout = checkouts.prepare_gift(**common, is_anonymous=facts["is_anonymous"])
    else:
        checkout = checkouts.prepare_recurring(**common, frequency=often.frequency)
    gift: Gift | None = checkout.gift
    if gift is not None:
        dedicate_as_asked(gift, asked=cleaned.get("tribute"), by=user)
    if before != checkout.donor_id:
        note_consents(checkout.donor, cleaned.get("consents", ()), by=user)
        declare_from(cleaned, donor=checkout.donor, by=user, source=DECLARED_AT, gift=gift, this=True)
    return checkout


def pay_again(page: GivingPage, request: HttpRequest, which: uuid.UUID, language: str) -> HttpResponse:
    """Lead to the payment page of a gift that was begun: the one there is, or a new one when it has expired."""
    checkout = Checkout.objects.for_settling().filter(uuid=which).first()
    if checkout is None:
        raise Http404
    return _lead_to_payment(page, request, checkout, language)


def _lead_to_payment(page: GivingPage, request: HttpRequest, checkout: Checkout, language: str) -> HttpResponse:
    """Ask for the payment page. When Stripe does not answer the gift is kept, and the return page says what to do."""
    back = _return_address(page, request, checkout.uuid, language)
    try:
        address = checkouts.begin(
            checkout,
            return_url=request.build_absolute_uri(back),
            cancel_url=request.build_absolute_uri(f"{back}&{urlencode({'state': CANCELLED})}"),
            is_signed_in=_is_own(request, checkout),
        )
    except OnlineGivingError:  # logged where it happened, in Stripe's words
        return _see(f"{back}&{urlencode({'state': UNREACHED})}")
    return _see(address)


def _is_own(request: HttpRequest, checkout: Checkout) -> bool:
    """Whether the donor is who is signed in: only they are led to Stripe as the customer they are there."""
    return request.user.is_authenticated and checkout.donor.user_id == request.user.pk


def _give_up_what_was_begun(request: HttpRequest, cleaned: dict[str, Any]) -> None:
    """Give up the gift that this one takes the place of, when it was begun by this very visitor and is not paid."""
    begun = cleaned.get("instead")
    if begun is None or str(begun) != keeping.recall(request, str(begun))[0]:
        return
    checkout = Checkout.objects.for_settling().filter(uuid=begun).first()
    if checkout is not None:
        checkouts.give_up(checkout, reason=_("The donor sent another form instead."))


def _return_address(page: GivingPage, request: HttpRequest, which: uuid.UUID, language: str) -> str:
    return f"{page.address_of(request, 'thanks', which)}?{urlencode({'lang': language})}"


def _see(address: str) -> HttpResponse:
    """Send the donor on by GET, so that reloading sends no form again."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
