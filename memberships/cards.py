"""Member cards: who holds one, until when, and the signed code by which a doorkeeper checks it.

The code names a membership, the series of its cards and the person, signed with the site's key. Looking it up says only
"valid until" or "not valid". A new series (`services.cards.revoke_cards`) makes every card printed before worthless.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import qrcode
from django.conf import settings
from django.core import signing
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from qrcode.constants import ERROR_CORRECT_M

from constituents.models import Constituent
from core import clock
from memberships.models import Membership, MembershipPerson

_signer = signing.Signer(salt="memberships.card")


@dataclass(frozen=True, slots=True)
class Card:
    """What one card shows."""

    name: str
    level: str
    number: str
    since: dt.date | None
    until: dt.date | None
    is_valid: bool
    url: str


def cards_of(membership: Membership, *, on: dt.date | None = None) -> list[Card]:
    """Return the cards of a membership: of the member, or of each person its plan names."""
    on = on or clock.today()
    places = [place.person for place in membership.people.all() if _is_there(place, on)]
    holder = [membership.constituent] if membership.constituent is not None else []
    return [card_for(membership, person, on=on) for person in [*holder, *places]]


def card_for(membership: Membership, person: Constituent, *, on: dt.date | None = None) -> Card:
    """Return the card of one person of a membership."""
    on = on or clock.today()
    return Card(
        name=person.full_name,
        level=membership.level.name if membership.level else "",
        number=membership.number,
        since=membership.member_since,
        until=valid_until(membership, on),
        is_valid=membership.is_member_on(on) and _belongs(membership, person, on),
        url=settings.BASE_URL + reverse("verify_card", args=[token_of(membership, person)]),
    )


def for_cards(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Return memberships with all that their cards need, in a constant number of queries."""
    people = MembershipPerson.objects.select_related("person")
    return memberships.select_related("constituent", "household", "level").prefetch_related(
        "terms", "standings", Prefetch("people", people)
    )


def valid_until(membership: Membership, on: dt.date) -> dt.date | None:
    """Return the last day a card is good for: the end of the terms that follow each other; None for life."""
    last = membership.latest_term
    return last.ends_on if last is not None else None


def token_of(membership: Membership, person: Constituent) -> str:
    """Return the signed code of a card."""
    value = f"{_short(membership.uuid)}.{membership.card_series}.{_short(person.uuid)}"
    return _signer.sign(value)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a doorkeeper learns: valid until a day, or for life, or not valid; and the initial of the name."""

    is_valid: bool
    until: dt.date | None = None
    initial: str = ""


NOT_VALID = Verdict(is_valid=False)


def verify(token: str) -> Verdict:
    """Return what a card's code is worth today. A forged, revoked or unknown one is simply not valid."""
    try:
        membership_id, series, person_id = _signer.unsign(token).split(".")
        found = {"uuid": _long(membership_id), "card_series": int(series)}
        person_uuid = _long(person_id)
    except (signing.BadSignature, ValueError, binascii.Error):
        return NOT_VALID
    membership = _standing_membership(found)
    person = _standing_person(person_uuid)
    today = clock.today()
    if membership is None or person is None or person.is_deceased or not _belongs(membership, person, today):
        return NOT_VALID
    if not membership.is_member_on(today):
        return NOT_VALID
    return Verdict(is_valid=True, until=valid_until(membership, today), initial=person.informal_name[:1])


def _standing_person(which: uuid.UUID) -> Constituent | None:
    """Return the person a card was made for; after a merge, the record that stands for theirs."""
    found = Constituent.objects.select_related("merged_into").filter(uuid=which).first()
    return found.stands_as if found is not None else None


def _standing_membership(which: dict[str, Any]) -> Membership | None:
    """Return the membership a card was made for; after a merge of two members, the one that took its terms over."""
    found = for_cards(Membership.objects.filter(**which)).first()
    if found is None or found.constituent is None or found.constituent.merged_into_id is None:
        return found
    return for_cards(Membership.objects.filter(constituent=found.constituent.merged_into_id)).first()


def qr_rows(url: str) -> list[list[bool]]:
    """Return the squares of the QR code of an address, row by row, without its quiet border."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(url)
    code.make()
    return code.get_matrix()


def qr_svg(url: str) -> SafeString:
    """Return the QR code as an inline picture, in the colour of the words around it."""
    rows = qr_rows(url)
    squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return format_html(
        '<svg viewBox="-2 -2 {0} {0}" role="img" aria-label="QR" fill="currentColor" shape-rendering="crispEdges">'
        '<path d="{1}"/></svg>',
        len(rows) + 4,
        squares,
    )


def _is_there(place: MembershipPerson, on: dt.date) -> bool:
    return place.since <= on and (place.until is None or on <= place.until)


def _belongs(membership: Membership, person: Constituent, on: dt.date) -> bool:
    return membership.constituent_id == person.pk or any(
        place.person_id == person.pk and _is_there(place, on) for place in membership.people.all()
    )


def _short(value: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(value.bytes).decode().rstrip("=")


def _long(value: Any) -> uuid.UUID:
    return uuid.UUID(bytes=base64.urlsafe_b64decode(f"{value}=="))
