"""What leaves about gifts: columns that an import of `gifts` reads back unchanged."""

from __future__ import annotations

from django.db.models import QuerySet
from import_export.fields import Field
from import_export.resources import ModelResource

from donations.models import Gift


class GiftResource(ModelResource):
    """Gifts as they stand, one a row, with their funds in one cell."""

    id = Field(column_name="Gift id")
    donor_id = Field(column_name="Donor id")
    given_name = Field(attribute="donor__given_name", column_name="First name")
    family_name = Field(attribute="donor__family_name", column_name="Last name")
    organisation = Field(attribute="donor__organisation_name", column_name="Organisation")
    amount = Field(column_name="Amount")
    currency = Field(attribute="currency", column_name="Currency")
    received_on = Field(column_name="Date")
    method = Field(attribute="method", column_name="Method")
    reference = Field(attribute="reference", column_name="Reference")
    status = Field(attribute="status", column_name="Status")
    refunded_amount = Field(column_name="Refunded")
    funds = Field(column_name="Funds")
    campaign = Field(column_name="Campaign")
    note = Field(attribute="note", column_name="Note")

    class Meta:
        model = Gift
        fields = (
            "id",
            "donor_id",
            "given_name",
            "family_name",
            "organisation",
            "amount",
            "currency",
            "received_on",
            "method",
            "reference",
            "status",
            "refunded_amount",
            "funds",
            "campaign",
            "note",
        )
        export_order = fields

    def rows(self) -> QuerySet[Gift]:
        """Every gift with what a row needs."""
        return Gift.objects.order_by("pk").for_list()

    def dehydrate_id(self, gift: Gift) -> str:
        """What the outside knows the gift by."""
        return str(gift.uuid)

    def dehydrate_donor_id(self, gift: Gift) -> str:
        """What the outside knows the donor by."""
        return str(gift.donor.uuid)

    def dehydrate_amount(self, gift: Gift) -> str:
        """The amount in the gift's own currency."""
        return gift.money.plain

    def dehydrate_refunded_amount(self, gift: Gift) -> str:
        """What went back."""
        return str(gift.refunded_amount)

    def dehydrate_received_on(self, gift: Gift) -> str:
        """The local date."""
        return gift.received_on.isoformat()

    def dehydrate_funds(self, gift: Gift) -> str:
        """Each fund's code with its part."""
        return "; ".join(f"{part.fund.code} {part.amount}" for part in gift.allocations.all())

    def dehydrate_campaign(self, gift: Gift) -> str:
        """The campaign's name."""
        return gift.campaign.name if gift.campaign else ""
