"""What leaves about people, organisations and households: columns that an import of `people` reads back unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from import_export.fields import Field
from import_export.resources import ModelResource

from constituents.models import Constituent, CustomField, Household, Kind
from constituents.resources.custom_fields import with_custom_values
from constituents.services.addresses import address_on
from core import clock


class PartyResource(ModelResource):
    """Constituents of one kind, with the contact points used first."""

    id = Field(column_name="Id")
    email = Field(column_name="Email")
    phone = Field(column_name="Phone")
    street = Field(column_name="Street")
    extra = Field(column_name="Address 2")
    city = Field(column_name="City")
    region = Field(column_name="State")
    postal_code = Field(column_name="Postal code")
    country = Field(column_name="Country")
    website = Field(attribute="website", column_name="Website")

    kind: str

    def rows(self) -> QuerySet[Constituent]:
        """Current records with what a row needs, in a constant number of queries a chunk."""
        people = Constituent.objects.current().filter(kind=self.kind).order_by("pk")
        return people.prefetch_related("emails", "phones", "addresses", "household_memberships__household__addresses")

    def dehydrate_id(self, party: Constituent) -> str:
        """What the outside knows the record by."""
        return str(party.uuid)

    def dehydrate_email(self, party: Constituent) -> str:
        """The address used first."""
        return party.primary_email

    def dehydrate_phone(self, party: Constituent) -> str:
        """The number used first."""
        return party.primary_phone

    def _address(self, party: Constituent) -> Any:
        if (address := address_on(party, clock.today())) is not None:
            return address
        household = party.household
        every = [*party.addresses.all(), *(household.addresses.all() if household else ())]
        return next(iter(every), None)

    def _part(self, party: Constituent, name: str) -> str:
        address = self._address(party)
        return str(getattr(address, name)) if address is not None else ""

    def dehydrate_street(self, party: Constituent) -> str:
        """Their own address, or the household's."""
        return self._part(party, "street")

    def dehydrate_extra(self, party: Constituent) -> str:
        """The second line."""
        return self._part(party, "extra")

    def dehydrate_city(self, party: Constituent) -> str:
        """The town."""
        return self._part(party, "city")

    def dehydrate_region(self, party: Constituent) -> str:
        """The state or region."""
        return self._part(party, "region")

    def dehydrate_postal_code(self, party: Constituent) -> str:
        """The postal code."""
        return self._part(party, "postal_code")

    def dehydrate_country(self, party: Constituent) -> str:
        """The country's two letters."""
        return self._part(party, "country")


_REACH = ("email", "phone", "street", "extra", "city", "region", "postal_code", "country", "website")


class PersonResource(PartyResource):
    """People."""

    kind = Kind.PERSON
    title = Field(attribute="title", column_name="Title")
    given_name = Field(attribute="given_name", column_name="First name")
    middle_name = Field(attribute="middle_name", column_name="Middle name")
    family_name = Field(attribute="family_name", column_name="Last name")
    suffix = Field(attribute="suffix", column_name="Suffix")
    preferred_name = Field(attribute="preferred_name", column_name="Preferred name")
    occupation = Field(attribute="occupation", column_name="Occupation")

    class Meta:
        model = Constituent
        fields = (
            *("id", "title", "given_name", "middle_name", "family_name", "suffix", "preferred_name", "occupation"),
            *_REACH,
        )
        export_order = fields


class OrganisationResource(PartyResource):
    """Organisations."""

    kind = Kind.ORGANISATION
    organisation_name = Field(attribute="organisation_name", column_name="Organisation")
    registration_number = Field(attribute="registration_number", column_name="Registration number")

    class Meta:
        model = Constituent
        fields = ("id", "organisation_name", "registration_number", *_REACH)
        export_order = fields


class HouseholdResource(ModelResource):
    """Households with their names and who lives there."""

    id = Field(column_name="Id")
    name = Field(attribute="name", column_name="Household")
    formal_salutation = Field(attribute="formal_salutation", column_name="Formal salutation")
    informal_salutation = Field(attribute="informal_salutation", column_name="Informal salutation")
    addressee = Field(attribute="addressee", column_name="Addressee")
    members = Field(column_name="Members")

    class Meta:
        model = Household
        fields = ("id", "name", "formal_salutation", "informal_salutation", "addressee", "members")
        export_order = fields

    def rows(self) -> QuerySet[Household]:
        """Every household with its members."""
        return Household.objects.order_by("pk").prefetch_related("memberships__person")

    def dehydrate_id(self, household: Household) -> str:
        """What the outside knows the record by."""
        return str(household.uuid)

    def dehydrate_members(self, household: Household) -> str:
        """The ids of those who live there today."""
        return "; ".join(str(person.uuid) for person in household.members)


def columns_of(resource: ModelResource) -> list[str]:
    """Return the headers: the resource's own, then the custom fields, by their labels."""
    return [*(str(header) for header in resource.get_export_headers()), *(f.label for f in _custom_fields(resource))]


def rows_of(resource: ModelResource, rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield each row's values, a set at a time."""
    fields = _custom_fields(resource)
    if not fields:
        yield from (list(resource.export_resource(row)) for row in rows)
        return
    for row, values in with_custom_values(rows, fields):
        yield [*resource.export_resource(row), *values]


def _custom_fields(resource: ModelResource) -> list[CustomField]:
    """The custom fields of the kind of record a resource writes; whoever runs the command may see them all."""
    kind = getattr(resource, "kind", None)
    return list(CustomField.objects.active().of_kind(kind)) if kind else []
