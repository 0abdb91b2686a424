"""Gift Aid declarations in files: who declared, when, for which gifts, from which home."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.folding import fold
from constituents.models import Constituent
from constituents.resources.formats import party_draft
from core import clock
from core.imports.drafts import Context, Creation, Draft, Item
from core.imports.formats import Field, Format, Setup, Values
from donations.errors import GiftAidError
from donations.gift_aid.declaring import cancel_declaration, declare, home_as_declared
from donations.gift_aid.eligibility import gift_aid_is_on
from donations.gift_aid.wording import wording_for
from donations.models import CancelReason, ClaimLine, DeclarationMethod, GiftAidDeclaration
from donations.resources.formats import DONOR_FIELDS
from donations.resources.kept import KeptType

_METHODS = {
    "": DeclarationMethod.WRITTEN,
    "written": DeclarationMethod.WRITTEN,
    "in writing": DeclarationMethod.WRITTEN,
    "paper": DeclarationMethod.WRITTEN,
    "form": DeclarationMethod.WRITTEN,
    "online": DeclarationMethod.ONLINE,
    "electronic": DeclarationMethod.ONLINE,
    "email": DeclarationMethod.ONLINE,
    "oral": DeclarationMethod.ORAL,
    "verbal": DeclarationMethod.ORAL,
    "telephone": DeclarationMethod.ORAL,
    "phone": DeclarationMethod.ORAL,
}


class DeclarationType(KeptType):
    """A declaration of one person, linked in the role `donor`."""

    name = "gift_aid_declaration"
    label = gettext_lazy("Gift Aid declaration")
    label_plural = gettext_lazy("Gift Aid declarations")
    order = 55
    shown = ("scope", "house", "postcode", "method")
    facts = ("declared_on",)
    field_labels = {"declared_on": gettext_lazy("Declared on")}

    def check(self, items: Sequence[Item], context: Context) -> None:
        """Refuse what the verb would: another country's charity, days to come, homes HMRC does not take."""
        today = clock.today().isoformat()
        for item in items:
            values, column = item.values, item.draft.column
            if not gift_aid_is_on():
                item.row.wrong(column, _("Gift Aid is for organisations in the United Kingdom."))
            elif values["declared_on"] > today:
                item.row.wrong(column, _("A declaration cannot be dated in the future."))
            elif any(linked.draft.type == "organisation" for linked in item.links.get("donor", ())):
                item.row.wrong(column, _("Gift Aid is for people: an organisation pays no income tax."))
            else:
                try:
                    home_as_declared(values.get("house", ""), values.get("postcode", ""), "is_abroad" in values)
                except GiftAidError as error:
                    item.row.wrong(column, str(error))

    def on_record(self, rows: Sequence[tuple[dict[str, Any], int | None]], context: Context) -> dict[int, int]:
        """One of the same day that was not recorded by mistake."""
        donors = {donor for _values, donor in rows if donor}
        standing = GiftAidDeclaration.objects.filter(donor__in=donors).exclude(cancel_reason=CancelReason.MISTAKE)
        known = {(who, day.isoformat()): pk for pk, who, day in standing.values_list("pk", "donor", "declared_on")}
        asked = {at: (donor, values["declared_on"]) for at, (values, donor) in enumerate(rows)}
        return {at: known[key] for at, key in asked.items() if key in known}

    def states(self, pks: Iterable[int], context: Context) -> dict[int, dict[str, Any]]:
        """When."""
        rows = GiftAidDeclaration.objects.filter(pk__in=list(pks)).values_list("pk", "declared_on")
        return {pk: {"declared_on": day.isoformat()} for pk, day in rows}

    def describe(self, state: dict[str, Any]) -> str:
        """When."""
        return _("Declaration of %(day)s") % {"day": state["declared_on"]}

    def write(self, creation: Creation, donor: Constituent, context: Context) -> int:
        """Record it with the wording the file has, or ours."""
        values = creation.values
        scope = {name: name in values["scope"] for name in ("past", "this", "future")}
        declared_on = dt.date.fromisoformat(values["declared_on"])
        declaration = declare(
            donor,
            by=context.by,
            declared_on=declared_on,
            wording=values.get("wording") or wording_for(**scope),
            house=values.get("house", ""),
            postcode=values.get("postcode", ""),
            is_abroad="is_abroad" in values,
            method=values["method"],
            source=_("import from %(system)s")[:60] % {"system": context.system},
            covers_past=scope["past"],
            covers_this=scope["this"],
            covers_future=scope["future"],
        )
        return declaration.pk

    def take_back(self, pk: int, context: Context) -> str:
        """Cancel it as recorded by mistake, unless tax was claimed under it."""
        declaration = GiftAidDeclaration.objects.filter(pk=pk).first()
        if declaration is None or declaration.is_cancelled:
            return ""
        if ClaimLine.objects.filter(declaration=declaration, is_live=True).exists():
            return _("Gift Aid was claimed under it.")
        cancel_declaration(
            declaration,
            by=context.by,
            cancelled_from=declaration.declared_on,
            why=CancelReason.MISTAKE,
            note=_("Import undone"),
        )
        return ""


_DECLARATION = (
    Field(
        "declaration.declared_on",
        gettext_lazy("Declared on"),
        kind="date",
        headers=("declaration date", "declared on", "date of declaration", "gift aid declaration date", "gad date"),
    ),
    Field(
        "declaration.past",
        gettext_lazy("Covers the past four years"),
        kind="boolean",
        headers=("past donations", "covers past", "past 4 years", "past four years"),
    ),
    Field(
        "declaration.future",
        gettext_lazy("Covers gifts to come"),
        kind="boolean",
        headers=("future donations", "covers future", "future"),
    ),
    Field(
        "declaration.house",
        gettext_lazy("House name or number"),
        headers=("house name or number", "house number", "house", "house name"),
        most=40,
    ),
    Field(
        "declaration.method",
        gettext_lazy("How it was declared"),
        headers=("declaration method", "declaration type", "how declared"),
    ),
    Field("declaration.wording", gettext_lazy("Wording"), headers=("wording", "declaration wording"), most=4_000),
    Field("declaration.abroad", gettext_lazy("Lives abroad"), kind="boolean", headers=("lives abroad", "overseas")),
)


def _build(values: Values, setup: Setup) -> list[Draft]:
    donor = party_draft(values, setup, prefix="donor", org="organisation", address="address")
    declared_on = values.get("declaration.declared_on", None)
    method = _METHODS.get(fold(values.get("declaration.method")))
    if donor is None:
        values.wrong("", _("Nothing in this row says who declared."))
    elif declared_on is None:
        values.refuse("declaration.declared_on", _("There is no date."))
    elif method is None:
        text = values.get("declaration.method")[:60]
        values.refuse("declaration.method", _("“%(text)s” is not how one declares.") % {"text": text})
    else:
        scope = [
            name
            for name, covered in (
                ("past", values.get("declaration.past", False)),
                ("this", True),
                ("future", values.get("declaration.future", True)),
            )
            if covered
        ]
        said: dict[str, Any] = {
            "declared_on": declared_on.isoformat(),
            "scope": scope,
            "method": method.value,
            # Without a column of its own the house is what the street begins with.
            "house": values.get("declaration.house") or values.get("address.street")[:40],
            "postcode": values.get("address.postal_code"),
            "wording": values.get("declaration.wording"),
        }
        said = {name: value for name, value in said.items() if value}
        if values.get("declaration.abroad", False):
            said["is_abroad"] = True
        column = values.column("declaration.declared_on")
        return [donor, Draft("gift_aid_declaration", "declaration", said, {"donor": [donor.ref]}, column=column)]
    return []


DECLARATIONS = Format(
    name="gift_aid_declarations",
    label=gettext_lazy("Gift Aid declarations"),
    fields=(*_DECLARATION, *DONOR_FIELDS),
    build=_build,
    needs=(
        ("declaration.declared_on",),
        ("donor.external_id", "donor.email", "donor.family_name", "donor.name"),
    ),
)
