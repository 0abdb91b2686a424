"""NPSP Data Import: two people, an organisation or two, an address and a donation in one row.

The columns are those of Salesforce's Nonprofit Success Pack template, by label or by API name; its three lines of
instructions above the header are skipped like any preamble. A person or gift is known by the Salesforce id in the
"Imported" columns where NPSP has filled them, else by the general rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.folding import fold
from constituents.resources.building import (
    HOME,
    MOBILE,
    OTHER,
    WORK,
    address_values,
    organisation_draft,
    person_draft,
    preferred_first,
)
from constituents.resources.reaching import postal_hint
from core.imports.drafts import Draft
from core.imports.formats import Field, Format, Setup, Values
from donations.models import GiftKind
from donations.resources.building import gift_drafts

_ALLOCATIONS = range(1, 6)


def _headers(*labels: str) -> tuple[str, ...]:
    """Return each label, and the API name Salesforce makes of it, with and without the package's prefix."""
    names = []
    for label in labels:
        api = label.replace("First Name", "Firstname").replace("Last Name", "Lastname").replace("/", "_")
        names += [label, f"{api} c", f"npsp {api} c"]
    return tuple(names)


def _field(path: str, *labels: str, kind: str = "text", most: int = 255) -> Field:
    return Field(path, labels[0], kind=kind, headers=_headers(*labels), most=most)


def _person_fields(who: str) -> Iterator[Field]:
    prefix = who.lower()
    yield _field(
        f"{prefix}.external_id",
        f"{who} Imported",
        f"{who} ID",
        f"{who} Import ID",
        f"{who} External ID",
        f"{who} Salesforce ID",
    )
    yield _field(f"{prefix}.title", f"{who} Salutation", most=60)
    yield _field(f"{prefix}.given_name", f"{who} First Name")
    yield _field(f"{prefix}.middle_name", f"{who} Middle Name")
    yield _field(f"{prefix}.family_name", f"{who} Last Name")
    yield _field(f"{prefix}.suffix", f"{who} Suffix", most=60)
    yield _field(f"{prefix}.birthdate", f"{who} Birthdate", kind="date")
    yield _field(f"{prefix}.occupation", f"{who} Title")
    yield _field(f"{prefix}.email_personal", f"{who} Personal Email", f"{who} Email", kind="email")
    yield _field(f"{prefix}.email_work", f"{who} Work Email", kind="email")
    yield _field(f"{prefix}.email_alternate", f"{who} Alternate Email", kind="email")
    yield _field(f"{prefix}.email_preferred", f"{who} Preferred Email")
    yield _field(f"{prefix}.phone_home", f"{who} Home Phone", kind="phone")
    yield _field(f"{prefix}.phone_work", f"{who} Work Phone", kind="phone")
    yield _field(f"{prefix}.phone_mobile", f"{who} Mobile Phone", kind="phone")
    yield _field(f"{prefix}.phone_other", f"{who} Other Phone", kind="phone")
    yield _field(f"{prefix}.phone_preferred", f"{who} Preferred Phone")


def _address_fields(prefix: str, who: str) -> Iterator[Field]:
    yield _field(f"{prefix}.street", f"{who} Street")
    yield _field(f"{prefix}.city", f"{who} City", most=120)
    yield _field(f"{prefix}.region", f"{who} State/Province", most=120)
    yield _field(f"{prefix}.postal_code", f"{who} Zip/Postal Code", most=20)
    yield _field(f"{prefix}.country", f"{who} Country", kind="country")


def _organisation_fields(who: str) -> Iterator[Field]:
    prefix = who.lower()
    yield _field(f"{prefix}.external_id", f"{who} Imported", f"{who} ID", f"{who} Import ID", f"{who} External ID")
    yield _field(f"{prefix}.organisation_name", f"{who} Name")
    yield from _address_fields(prefix, who)
    yield _field(f"{prefix}.phone", f"{who} Phone", kind="phone")
    yield _field(f"{prefix}.website", f"{who} Website", kind="url")


def _gift_fields() -> Iterator[Field]:
    yield _field("gift.external_id", "Donation Imported", "Donation ID", "Donation Import ID", "Donation External ID")
    yield _field("gift.payment_id", "Payment Imported", "Payment ID", "Payment Import ID")
    yield _field("gift.donor", "Donation Donor")
    yield _field("gift.amount", "Donation Amount", kind="amount")
    yield _field("gift.currency", "Donation Currency", "Currency ISO Code", most=3)
    yield _field("gift.received_on", "Donation Date", kind="date")
    yield _field("gift.name", "Donation Name")
    yield _field("gift.record_type", "Donation Record Type Name")
    yield _field("gift.status", "Donation Stage")
    yield _field("gift.type", "Donation Type")
    yield _field("gift.description", "Donation Description", most=10_000)
    yield _field("gift.member_level", "Donation Member Level")
    yield _field("gift.campaign", "Campaign Name", "Donation Campaign Name", most=120)
    yield _field("gift.reference", "Payment Check/Reference Number", most=120)
    yield _field("gift.method", "Payment Method")
    for number in _ALLOCATIONS:
        yield _field(f"gau{number}.name", f"GAU Allocation {number} GAU", f"GAU Allocation {number} Name", most=120)
        yield _field(f"gau{number}.amount", f"GAU Allocation {number} Amount", kind="amount")
        yield _field(f"gau{number}.percent", f"GAU Allocation {number} Percent", kind="amount")


def _emails(values: Values, prefix: str) -> list[tuple[str, str]]:
    kinds = [("personal", HOME), ("work", WORK), ("alternate", OTHER)]
    words = {word: f"{prefix}.email_{word}" for word, _kind in kinds}
    fields = [(words[word], kind) for word, kind in kinds]
    return list(preferred_first(fields, values.get(f"{prefix}.email_preferred"), words))


def _phones(values: Values, prefix: str) -> list[tuple[str, str]]:
    kinds = [("home", HOME), ("work", WORK), ("mobile", MOBILE), ("other", OTHER)]
    words = {word: f"{prefix}.phone_{word}" for word, _kind in kinds}
    fields = [(words[word], kind) for word, kind in kinds]
    return list(preferred_first(fields, values.get(f"{prefix}.phone_preferred"), words))


def _build(values: Values, setup: Setup) -> list[Draft]:
    home = address_values(values, "home", setup)
    people = []
    for prefix in ("contact1", "contact2"):
        person = person_draft(
            values,
            prefix,
            setup,
            emails=_emails(values, prefix),
            phones=_phones(values, prefix),
            postal=postal_hint(home),
        )
        if person:
            people.append(person)
    organisations = []
    for prefix in ("account1", "account2"):
        organisation = organisation_draft(
            values,
            prefix,
            setup,
            phones=[(f"{prefix}.phone", WORK)],
            address=address_values(values, prefix, setup),
        )
        if organisation:
            organisations.append(organisation)
    drafts = [*people, *organisations]
    if len(people) == 2:
        address = {"address": home} if home else {}
        drafts.append(Draft("household", "household", address, {"members": [person.ref for person in people]}))
    elif people and home:
        people[0].values["address"] = home
    elif home:
        values.refuse("home.street", _("There is a home address here, but nobody who lives there."))
    if values.get("gift.amount", None) is not None or values.get("gift.received_on", None):
        drafts += _gift(values, setup, [draft.ref for draft in drafts])
    return drafts


def _gift(values: Values, setup: Setup, parties: list[str]) -> list[Draft]:
    donor = fold(values.get("gift.donor")).replace(" ", "")
    if not donor:
        donor = next((ref for ref in ("contact1", "account1", "contact2", "account2") if ref in parties), "")
    if donor not in parties:
        column = "gift.donor" if values.get("gift.donor") else "gift.amount"
        values.refuse(column, _("There is a donation here, but its donor is not in the row."))
        return []
    if not values.get("gift.external_id") and values.get("gift.payment_id"):
        values = _with(values, "gift.external_id", values.get("gift.payment_id"))
    if values.get("gift.reference"):
        values = _with(values, "gift.is_cheque_number", True)
    parts = [
        (
            f"gau{number}.name",
            values.get(f"gau{number}.name"),
            _positive(values, f"gau{number}.amount"),
            _positive(values, f"gau{number}.percent"),
        )
        for number in _ALLOCATIONS
        if values.get(f"gau{number}.name")
    ]
    is_dues = "member" in fold(values.get("gift.record_type")) or bool(values.get("gift.member_level"))
    note = "\n".join(part for part in [values.get("gift.name"), values.get("gift.description")] if part)
    return gift_drafts(
        values, setup, donor=donor, parts=parts, kind=GiftKind.DUES if is_dues else GiftKind.GIFT, note=note
    )


def _positive(values: Values, path: str) -> Decimal | None:
    amount = values.get(path, None)
    if amount is not None and amount < 0:
        values.refuse(path, _("A part of a gift is more than nothing."))
    return amount


def _with(values: Values, path: str, value: object) -> Values:
    return Values({**values.cleaned, path: value}, values.column_of, values.wrong, values.cells)


_LATER = gettext_lazy("Memberships are brought in by files of their own.")

NPSP = Format(
    name="npsp",
    label=gettext_lazy("NPSP Data Import"),
    system="npsp",
    fields=(
        *_person_fields("Contact1"),
        *_person_fields("Contact2"),
        *_organisation_fields("Account1"),
        *_organisation_fields("Account2"),
        *_address_fields("home", "Home"),
        *_gift_fields(),
    ),
    build=_build,
    needs=(("contact1.family_name", "contact1.given_name", "account1.organisation_name"),),
    ignored={
        "Donation Membership Start Date": _LATER,
        "Donation Membership End Date": _LATER,
        "Donation Membership Origin": _LATER,
        "Campaign Member Status": gettext_lazy("Who was asked in a campaign is not kept."),
        "Household Account Imported": gettext_lazy("Households are formed from the people in a row."),
        "Status": gettext_lazy("What NPSP made of the row."),
        "Failure Information": gettext_lazy("What NPSP made of the row."),
        "Imported Date": gettext_lazy("What NPSP made of the row."),
    },
)
