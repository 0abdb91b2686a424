"""A plain list of gifts, one a row, each with enough about its donor to find or to add them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.resources.formats import party_draft, party_fields
from core.imports.drafts import Draft
from core.imports.formats import Field, Format, Setup, Values
from donations.resources.building import gift_drafts

#: What says who gave, promised, declared or is recognised, in every file about giving.
DONOR_FIELDS = tuple(
    Field(
        each.path,
        each.label,
        each.kind,
        tuple(header for header in each.headers if header not in ("id", "record id")),
        each.most,
    )
    for each in party_fields("donor", "organisation", "address")
)

DONOR_NEEDS = (
    "donor.external_id",
    "donor.email",
    "donor.family_name",
    "donor.name",
    "organisation.organisation_name",
)

_GIFT = (
    Field(
        "gift.external_id",
        gettext_lazy("Gift id"),
        headers=("gift id", "donation id", "transaction id", "contribution id", "id", "payment id", "lgl gift id"),
    ),
    Field(
        "gift.amount",
        gettext_lazy("Amount"),
        kind="amount",
        headers=("amount", "gift amount", "donation amount", "total amount", "total", "betrag", "montant", "gross"),
    ),
    Field("gift.currency", gettext_lazy("Currency"), headers=("currency", "währung", "devise"), most=3),
    Field(
        "gift.received_on",
        gettext_lazy("Date"),
        kind="date",
        headers=(
            "date",
            "gift date",
            "donation date",
            "date received",
            "received",
            "received on",
            "datum",
            "gift_date",
        ),
    ),
    Field(
        "gift.method",
        gettext_lazy("Method"),
        headers=("method", "payment method", "payment type", "paid by", "gift type", "payment methods"),
    ),
    Field(
        "gift.reference",
        gettext_lazy("Reference"),
        headers=("reference", "check number", "cheque number", "check/reference no.", "ref", "check no", "check #"),
        most=120,
    ),
    Field("gift.status", gettext_lazy("Status"), headers=("status", "stage", "contribution status", "donation status")),
    Field(
        "gift.fund",
        gettext_lazy("Fund"),
        headers=("fund", "designation", "fund name", "financial type", "purpose", "gl code"),
        most=120,
    ),
    Field("gift.campaign", gettext_lazy("Campaign"), headers=("campaign", "campaign name", "campaign title"), most=120),
    Field(
        "gift.note",
        gettext_lazy("Note"),
        headers=("note", "notes", "comment", "comments", "description", "contribution note", "gift narrative"),
        most=10_000,
    ),
    Field("gift.tribute", gettext_lazy("In honour or memory of"), headers=("tribute", "in memory of", "in honor of")),
    Field(
        "gift.is_anonymous",
        gettext_lazy("Anonymous"),
        kind="boolean",
        headers=("anonymous", "anonymous gift?", "is anonymous"),
    ),
)


def _build(values: Values, setup: Setup) -> list[Draft]:
    donor = party_draft(values, setup, prefix="donor", org="organisation", address="address")
    if donor is None:
        values.wrong("", _("Nothing in this row says who gave."))
        return []
    fund = values.get("gift.fund")
    parts = [("gift.fund", fund, None, None)] if fund else []
    return [donor, *gift_drafts(values, setup, donor=donor.ref, parts=parts)]


GIFTS = Format(
    name="gifts",
    label=gettext_lazy("Gifts"),
    fields=(*_GIFT, *DONOR_FIELDS),
    build=_build,
    needs=(
        ("gift.amount",),
        ("gift.received_on",),
        DONOR_NEEDS,
    ),
)
