"""Pledges in files: a total, when it was promised, and the schedule it comes by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.folding import fold
from constituents.models import Constituent
from constituents.resources.formats import party_draft
from core.imports.drafts import Context, Creation, Draft, Item, hashed
from core.imports.formats import Field, Format, Setup, Values
from core.money import Money, currency_places
from core.money.fields import known_currencies
from donations.models import Fund, Pledge
from donations.promises.errors import ScheduleError
from donations.promises.pledging import even_instalments, pledge_gift
from donations.promises.schedule import Frequency, Unit
from donations.promises.writing_off import write_off
from donations.resources.building import default_fund_name
from donations.resources.formats import DONOR_FIELDS, DONOR_NEEDS
from donations.resources.kept import DERIVED, KeptType

_OFTEN = {
    "": (1, Unit.MONTH),
    "once": (1, Unit.YEAR),
    "one time": (1, Unit.YEAR),
    "weekly": (1, Unit.WEEK),
    "monthly": (1, Unit.MONTH),
    "quarterly": (1, Unit.QUARTER),
    "every six months": (2, Unit.QUARTER),
    "semi annually": (2, Unit.QUARTER),
    "half yearly": (2, Unit.QUARTER),
    "yearly": (1, Unit.YEAR),
    "annually": (1, Unit.YEAR),
    "annual": (1, Unit.YEAR),
}


class PledgeType(KeptType):
    """A pledge, linked in the roles `donor`, `funds` (one) and `campaign`."""

    name = "pledge"
    label = gettext_lazy("Pledge")
    label_plural = gettext_lazy("Pledges")
    order = 48
    shown = ("number", "every", "unit", "first_due", "reference", "note")
    facts = ("amount", "currency", "pledged_on")
    field_labels = {
        "amount": gettext_lazy("Total"),
        "currency": gettext_lazy("Currency"),
        "pledged_on": gettext_lazy("Promised on"),
        "number": gettext_lazy("Instalments"),
        "first_due": gettext_lazy("First due on"),
    }

    def check(self, items: Sequence[Item], context: Context) -> None:
        """Refuse schedules that cannot be, funds that took nothing that day, and references others have."""
        funds = {fold(fund.name): fund for fund in Fund.objects.all()} | {f.code: f for f in Fund.objects.all()}
        asked = {item.values["reference"] for item in items if item.values.get("reference")}
        others = Pledge.objects.filter(reference__in=asked).exclude(external_system=context.system)
        taken = set(others.values_list("reference", flat=True))
        for item in items:
            try:
                _schedule(item.values)
            except ScheduleError as error:
                item.row.wrong(item.draft.column, str(error))
            if item.values.get("reference") in taken:
                item.row.wrong(item.draft.column, _("Another pledge has this payment reference already."))
            day = dt.date.fromisoformat(item.values["pledged_on"])
            for linked in item.links.get("funds", ()):
                fund = funds.get(fold(linked.values["name"]))
                if fund is not None and not fund.is_open_on(day):
                    item.row.wrong(
                        linked.draft.column, _("The fund “%(fund)s” took no gifts on that day.") % {"fund": fund}
                    )

    def on_record(self, rows: Sequence[tuple[dict[str, Any], int | None]], context: Context) -> dict[int, int]:
        """By id in the same system, or by the id made up for what it says."""
        ids = {at: self._id(values, donor) for at, (values, donor) in enumerate(rows)}
        known = dict(
            Pledge.objects.filter(external_system=context.system, external_id__in=set(ids.values()) - {""})
            .values_list("external_id", "pk")
        )  # fmt: skip
        return {at: known[asked] for at, asked in ids.items() if asked in known}

    def _id(self, values: dict[str, Any], donor: int | None) -> str:
        if values.get("external_id"):
            return str(values["external_id"])
        return DERIVED + hashed(str(donor), *self._said(values)) if donor else ""

    def states(self, pks: Iterable[int], context: Context) -> dict[int, dict[str, Any]]:
        """What was promised."""
        rows = Pledge.objects.filter(pk__in=list(pks)).values_list("pk", "amount", "currency", "pledged_on")
        return {
            pk: {"amount": Money(amount, currency).plain, "currency": currency, "pledged_on": day.isoformat()}
            for pk, amount, currency, day in rows
        }

    def describe(self, state: dict[str, Any]) -> str:
        """How much, and when."""
        return f"{state['amount']} {state['currency']}, {state['pledged_on']}"

    def write(self, creation: Creation, donor: Constituent, context: Context) -> int:
        """Pledge it."""
        values = creation.values
        money = Money(Decimal(values["amount"]), values["currency"])
        (fund,) = Fund.objects.filter(pk__in=creation.links["funds"])
        pledge = pledge_gift(
            donor=donor,
            money=money,
            pledged_on=dt.date.fromisoformat(values["pledged_on"]),
            instalments=_schedule(values),
            by=context.by,
            allocations=[(fund, money.amount)],
            campaign_id=next(iter(creation.links.get("campaign", ())), None),
            reference=values.get("reference", ""),
            note=values.get("note", ""),
            external_system=context.system,
            external_id=self._id(values, donor.pk),
        )
        return pledge.pk

    def take_back(self, pk: int, context: Context) -> str:
        """Write off what is still to come and free the id: a pledge is never deleted."""
        pledge = Pledge.objects.filter(pk=pk).first()
        if pledge is None:
            return ""
        if pledge.paid_amount:
            return _("Gifts have been paid on it.")
        if pledge.is_open:
            write_off(pledge, by=context.by, reason=_("Import undone"))
        Pledge.objects.filter(pk=pk).update(external_id="")
        return ""


def _schedule(values: dict[str, Any]) -> Any:
    return even_instalments(
        Money(Decimal(values["amount"]), values["currency"]),
        first=dt.date.fromisoformat(values["first_due"]),
        frequency=Frequency(values["every"], Unit(values["unit"])),
        number=values["number"],
    )


_PLEDGE = (
    Field("pledge.external_id", gettext_lazy("Pledge id"), headers=("pledge id", "pledge number", "commitment id")),
    Field(
        "pledge.amount",
        gettext_lazy("Total promised"),
        kind="amount",
        headers=("pledge amount", "amount pledged", "total pledged", "pledged", "amount", "total amount"),
    ),
    Field("pledge.currency", gettext_lazy("Currency"), headers=("currency", "währung", "devise"), most=3),
    Field(
        "pledge.pledged_on",
        gettext_lazy("Promised on"),
        kind="date",
        headers=("pledge date", "date pledged", "pledged on", "promised on", "commitment date"),
    ),
    Field(
        "pledge.first_due",
        gettext_lazy("First due on"),
        kind="date",
        headers=("first due", "first due on", "first payment date", "first instalment", "pledge start date"),
    ),
    Field(
        "pledge.number",
        gettext_lazy("Instalments"),
        kind="number",
        headers=("instalments", "installments", "number of instalments", "number of installments", "payments"),
    ),
    Field("pledge.often", gettext_lazy("How often"), headers=("frequency", "how often", "installment frequency")),
    Field("pledge.reference", gettext_lazy("Payment reference"), headers=("reference", "payment reference"), most=60),
    Field("pledge.fund", gettext_lazy("Fund"), headers=("fund", "designation", "fund name"), most=120),
    Field("pledge.campaign", gettext_lazy("Campaign"), headers=("campaign", "campaign name"), most=120),
    Field("pledge.note", gettext_lazy("Note"), headers=("note", "notes", "comment", "comments"), most=10_000),
)


def _build(values: Values, setup: Setup) -> list[Draft]:
    donor = party_draft(values, setup, prefix="donor", org="organisation", address="address")
    if donor is None:
        values.wrong("", _("Nothing in this row says who promised."))
        return []
    amount, pledged_on = values.get("pledge.amount", None), values.get("pledge.pledged_on", None)
    currency = (values.get("pledge.currency") or setup.currency).upper()
    often = _OFTEN.get(fold(values.get("pledge.often")).replace("-", " "))
    number = Decimal(values.get("pledge.number", None) or 1)
    if currency not in known_currencies():
        values.refuse("pledge.currency", _("“%(code)s” is not the code of a currency.") % {"code": currency})
    elif amount is None or amount <= 0 or amount != round(amount, currency_places(currency)):
        values.refuse("pledge.amount", _("Say how much was promised, in whole units of the currency."))
    elif pledged_on is None:
        values.refuse("pledge.pledged_on", _("There is no date."))
    elif often is None:
        values.refuse("pledge.often", _("“%(text)s” is no frequency.") % {"text": values.get("pledge.often")[:60]})
    elif number != int(number):
        values.refuse("pledge.number", _("A pledge has a whole number of instalments."))
    else:
        said = {
            "external_id": values.get("pledge.external_id"),
            "amount": Money(amount, currency).plain,
            "currency": currency,
            "pledged_on": pledged_on.isoformat(),
            "first_due": (values.get("pledge.first_due", None) or pledged_on).isoformat(),
            "number": int(number),
            "every": often[0],
            "unit": often[1].value,
            "reference": " ".join(values.get("pledge.reference").upper().split()),
            "note": values.get("pledge.note"),
        }
        return _drafts(values, setup, donor, {name: value for name, value in said.items() if value != ""})
    return []


def _drafts(values: Values, setup: Setup, donor: Draft, said: dict[str, Any]) -> list[Draft]:
    fund = values.get("pledge.fund") or default_fund_name(setup)
    drafts = [donor, Draft("fund", "fund", {"name": fund}, column=values.column("pledge.fund"))]
    links = {"donor": [donor.ref], "funds": ["fund"]}
    if campaign := values.get("pledge.campaign"):
        drafts.append(Draft("campaign", "campaign", {"name": campaign}, column=values.column("pledge.campaign")))
        links["campaign"] = ["campaign"]
    return [*drafts, Draft("pledge", "pledge", said, links, column=values.column("pledge.amount"))]


PLEDGES = Format(
    name="pledges",
    label=gettext_lazy("Pledges"),
    fields=(*_PLEDGE, *DONOR_FIELDS),
    build=_build,
    needs=(("pledge.amount",), ("pledge.pledged_on",), DONOR_NEEDS),
)
