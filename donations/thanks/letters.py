"""From gifts to letters: which gifts share one, to whom and where it goes, in the order the post office wants them.

Planning looks at keys and addresses only and holds thousands; what a letter says is loaded some at a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from constituents.models import Address, Constituent, Household
from constituents.naming import names_of
from constituents.services.addresses import addresses_on
from constituents.services.household_naming import NamingStyle, as_named, naming_style
from core import clock
from core.organisation import current_organisation
from core.postal import postal_order
from donations.events import is_first_gift
from donations.models import Acknowledgement, Gift, ThankYouTemplate, Together
from donations.models.gift import COUNTED_STATUSES, parts_with_funds
from donations.thanks.choosing import Facts, Templates, language_of
from donations.thanks.phrases import phrases

_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter or e-mail of thanks: for which gifts, to whom, by which template."""

    gifts: tuple[Gift, ...]
    addressee: str
    salutation: str
    formal_salutation: str
    lines: tuple[str, ...]
    template: ThankYouTemplate

    @property
    def language(self) -> str:
        """The language it is written in: its template's."""
        return self.template.language

    @property
    def donor(self) -> Constituent:
        """Who gave, of several the one who gave most."""
        return leading(self.gifts).donor


@dataclass(slots=True)
class Plan:
    """The letters to be: for each the gifts that share it, in postal order; and which gifts get none, and why."""

    letters: list[list[int]] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)

    @property
    def gifts(self) -> int:
        """How many gifts the letters thank for."""
        return sum(len(gifts) for gifts in self.letters)


def gifts_to_thank(gifts: QuerySet[Gift]) -> QuerySet[Gift]:
    """Load with each gift what words and templates ask of it, in a constant number of queries."""
    return (
        gifts.select_related("donor", "campaign")
        .prefetch_related(parts_with_funds(), "receipt_lines__receipt", "donor__emails")
        .annotate(is_first=is_first_gift())
    )


def leading(gifts: Sequence[Gift]) -> Gift:
    """Return the gift that decides on the words where several share a letter: the largest."""
    return max(gifts, key=lambda gift: (gift.base_amount, -gift.pk))


def why_not_thank(gift: Gift) -> str:
    """Return why neither letter nor e-mail may go out for a gift, in words for staff; empty when one may."""
    return _why_not(gift.status, gift.donor.is_deceased, gift.donor.do_not_contact)


def _why_not(status: str, is_deceased: bool, do_not_contact: bool) -> str:
    if status not in COUNTED_STATUSES:
        return _("nothing of the gift is left.")
    if is_deceased:
        return _("the donor is deceased. Write to the family by hand.")
    if do_not_contact:
        return _("the donor asked not to be contacted.")
    return ""


def plan_letters(gift_ids: Iterable[int], *, together: str, on: dt.date) -> Plan:
    """Say which of the gifts share a letter, in postal order. An anonymous gift shares none with the household."""
    keys, found = sorted(set(gift_ids)), Plan()
    ours = str(current_organisation().country)
    shared: dict[tuple[str, int], tuple[tuple[Any, ...], list[int]]] = {}
    for start in range(0, len(keys), _CHUNK):
        rows = list(
            Gift.objects.filter(pk__in=keys[start : start + _CHUNK])
            .order_by("pk")
            .values_list(
                "pk",
                "donor",
                "status",
                "is_anonymous",
                "donor__is_deceased",
                "donor__do_not_contact",
                "donor__sort_name",
            )
        )
        donors = {row[1] for row in rows}
        addresses = addresses_on(Constituent.objects.filter(pk__in=donors), on)
        for pk, donor, status, is_anonymous, is_deceased, do_not_contact, sort_name in rows:
            address = addresses.get(donor)
            if why := _why_not(status, is_deceased, do_not_contact):
                found.left_out.append((pk, why))
            elif address is None:
                found.left_out.append((pk, _("there is no address to write to.")))
            else:
                key = _sharing(pk, donor, address, "donor" if is_anonymous and together != "gift" else together)
                place = (*postal_order(address, from_country=ours), sort_name, donor)
                kept, gifts = shared.setdefault(key, (place, []))
                shared[key] = (min(kept, place), [*gifts, pk])
    found.letters = [gifts for _place, gifts in sorted(shared.values())]
    return found


def _sharing(gift: int, donor: int, address: Address, together: str) -> tuple[str, int]:
    if together == Together.GIFT:
        return ("gift", gift)
    if together == Together.HOUSEHOLD and address.household_id:
        return ("household", address.household_id)
    return ("donor", donor)


class Writer:
    """Makes letters of gifts; loads templates and the rules of names once for however many."""

    def __init__(self, *, template: ThankYouTemplate | None = None, templates: Templates | None = None) -> None:
        self.template = template
        self.templates = templates or Templates()
        self._style: NamingStyle | None = None

    @property
    def style(self) -> NamingStyle:
        """How people are named."""
        if self._style is None:
            self._style = naming_style()
        return self._style

    def letters(self, groups: Sequence[Sequence[int]], *, together: str, on: dt.date) -> Iterator[Letter]:
        """Load some letters of a plan, in its order."""
        keys = [gift for group in groups for gift in group]
        gifts = gifts_to_thank(Gift.objects.all()).in_bulk(keys)
        donors = {gift.donor_id for gift in gifts.values()}
        addresses = addresses_on(Constituent.objects.filter(pk__in=donors), on)
        homes = Household.objects.in_bulk({a.household_id for a in addresses.values() if a.household_id})
        for group in groups:
            mine = [gifts[key] for key in group]
            address = addresses.get(leading(mine).donor_id)
            shares = together == Together.HOUSEHOLD and address is not None and address.household_id
            alone = any(gift.is_anonymous for gift in mine)
            household = homes.get(address.household_id) if shares and not alone and address is not None else None
            yield self.letter(mine, address=address, household=household)

    def letter(
        self, gifts: Sequence[Gift], *, address: Address | None = None, household: Household | None = None
    ) -> Letter:
        """Return the letter for gifts that were loaded by `gifts_to_thank`, to their donor or the household."""
        lead = leading(gifts)
        template = self.template or self.templates.choose(Facts.of(lead))
        names = self._names(lead.donor, household, template.language)
        return Letter(
            gifts=tuple(sorted(gifts, key=lambda gift: (gift.received_on, gift.pk))),
            addressee=names["addressee"],
            salutation=names["informal"],
            formal_salutation=names["formal"],
            lines=tuple(address.envelope_lines) if address is not None else (),
            template=template,
        )

    def _names(self, donor: Constituent, household: Household | None, language: str) -> Mapping[str, str]:
        if household is not None:
            return {
                "addressee": household.addressee or household.name,
                "formal": household.formal_salutation or household.name,
                "informal": household.informal_salutation or household.name,
            }
        if not donor.is_person:
            everyone = phrases(language).everyone_at % {"organisation": donor.organisation_name}
            return {"addressee": donor.organisation_name, "formal": everyone, "informal": everyone}
        names = names_of([as_named(donor)], self.style.formats(language_of(donor)))
        return {
            "addressee": names.addressee or donor.formal_name,
            "formal": names.formal_salutation,
            "informal": names.informal_salutation,
        }


def letter_for(gift: Gift, *, together: str = Together.DONOR, template: ThankYouTemplate | None = None) -> Letter:
    """Return the letter for one gift as it would be printed today, with whatever address there is: to look at."""
    return next(Writer(template=template).letters([[gift.pk]], together=together, on=clock.today()))


def waiting_gifts(rows: QuerySet[Acknowledgement]) -> list[int]:
    """Return the keys of the gifts of acknowledgements that still wait and are not being printed."""
    return list(rows.waiting().filter(run=None).order_by("pk").values_list("gift_id", flat=True))  # type: ignore[attr-defined]
