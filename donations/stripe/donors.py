"""Whose gift a form or a payment is: the signed-in supporter, a customer we know, somebody known by e-mail, or new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Address, Constituent, FollowUpKind, Priority
from constituents.models.contact import e164
from constituents.services.people import add_address, add_phone, change_constituent
from constituents.services.supporters import supporter_for
from constituents.work.follow_ups import add_follow_up
from constituents.work.responsible import responsible_for
from core import clock
from core.organisation import current_organisation
from donations.models import StripeCustomer

#: As the source of what is new on a record.
GIVING_PAGE = "giving page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Giver:
    """What a form says of whoever gives. `address` has the parts of an address, as `postal_code`; empty when none."""

    user: User | None = None
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""
    address: Mapping[str, Any] = field(default_factory=dict)
    #: What they read the form in.
    language: str = ""
    #: Who it is at Stripe, where the payment says so.
    customer_id: str = ""


@transaction.atomic
def donor_for(giver: Giver, *, source: str = GIVING_PAGE) -> Constituent:
    """Return the constituent a gift is from.

    The signed-in user's record, else that of the Stripe customer, else a record with this e-mail address and a name
    that fits, else a new one. What staff know is never overwritten: what the form says differently becomes a follow-up.
    """
    donor = _own(giver) or _customer(giver)
    if donor is None:
        donor = supporter_for(
            user=None,
            given_name=giver.given_name,
            family_name=giver.family_name,
            email=giver.email,
            phone=giver.phone,
            language=_worth_noting(giver.language),
            source=source,
        )
    donor = standing(donor)
    _take_over(donor, giver, source)
    return donor


def _own(giver: Giver) -> Constituent | None:
    if giver.user is None or not giver.user.is_authenticated:
        return None
    return Constituent.objects.filter(user=giver.user).first()


def _customer(giver: Giver) -> Constituent | None:
    if not giver.customer_id:
        return None
    known = StripeCustomer.objects.select_related("constituent").filter(customer_id=giver.customer_id).first()
    return known.constituent if known else None


def _take_over(donor: Constituent, giver: Giver, source: str) -> None:
    """Add what the record has none of; ask somebody to look at what it has differently."""
    differs = []
    if any(giver.address.get(part) for part in ("street", "city", "postal_code")):
        known = list(Address.objects.filter(Q(constituent=donor) | Q(household__memberships__person=donor)).distinct())
        if not known:
            add_address(constituent=donor, source=source, **giver.address)
        elif not _is_one_of(known, giver.address):
            parts = ("street", "extra", "postal_code", "city", "region", "country")
            written = ", ".join(str(giver.address[part]) for part in parts if giver.address.get(part))
            differs.append(_("Address: %(address)s") % {"address": written})
    if giver.phone and not donor.phones.exists():
        add_phone(donor, number=giver.phone, source=source)
    elif giver.phone and not donor.phones.filter(Q(number=giver.phone) | Q(e164=_international(giver.phone))).exists():
        differs.append(_("Telephone: %(phone)s") % {"phone": giver.phone})
    if not donor.language and (language := _worth_noting(giver.language)):
        reason = _("The form was filled in in this language.")
        donor.language = change_constituent(donor, by=None, reason=reason, language=language).language
    if giver.email and not donor.emails.filter(address__iexact=giver.email).exists():
        differs.append(_("E-mail: %(email)s") % {"email": giver.email})
    if differs:
        _ask_to_look(donor, differs)


def _worth_noting(language: str) -> str:
    """Return a language that is to stand on the record: none of our own, which is meant where none stands."""
    return "" if language == settings.LANGUAGE_CODE else language


def _international(phone: str) -> str:
    return e164(phone, str(current_organisation().country)) or phone


def _is_one_of(known: list[Address], address: Mapping[str, Any]) -> bool:
    """Compare street and postal code, without regard to spaces, marks and capitals."""

    def plain(street: object, code: object) -> str:
        return "".join(character for character in f"{street}{code}".casefold() if character.isalnum())

    given = plain(address.get("street", ""), address.get("postal_code", ""))
    return any(plain(one.street, one.postal_code) == given for one in known)


def _ask_to_look(donor: Constituent, differs: list[str]) -> None:
    """Leave a step for whoever looks after the donor, unless the same one is open already."""
    subject, note = _("The giving page says other details: check the record"), "\n".join(differs)
    if donor.follow_ups.open().filter(subject=subject, note=note).exists():
        return
    add_follow_up(
        constituent=donor,
        subject=subject,
        note=note,
        due_on=clock.today(),
        kind=FollowUpKind.TASK,
        priority=Priority.LOW,
        owner=responsible_for(donor),
        by=None,
        reason=_("A form on the giving page was sent."),
    )
