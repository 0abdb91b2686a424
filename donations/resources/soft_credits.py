"""Soft credits in files: who is recognised for a gift on record, in which role, for how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.folding import fold
from constituents.models import Constituent
from constituents.resources.formats import party_draft
from constituents.resources.matching import as_uuid
from core.imports.drafts import Change, Context, Creation, Draft, Item
from core.imports.formats import Field, Format, Setup, Values
from core.imports.models import ImportRecord
from core.money import Money
from donations.models import Gift, SoftCredit, SoftCreditRole
from donations.resources.formats import DONOR_FIELDS, DONOR_NEEDS
from donations.resources.gifts import GONE
from donations.resources.kept import KeptType
from donations.services.recognition import credit, withdraw_credit

_ROLES = {
    "spouse": SoftCreditRole.SPOUSE,
    "partner": SoftCreditRole.SPOUSE,
    "household member": SoftCreditRole.HOUSEHOLD,
    "solicitor": SoftCreditRole.SOLICITOR,
    "fundraiser": SoftCreditRole.SOLICITOR,
    "influencer": SoftCreditRole.SOLICITOR,
    "donor advised fund": SoftCreditRole.DAF_ADVISER,
    "daf adviser": SoftCreditRole.DAF_ADVISER,
    "daf advisor": SoftCreditRole.DAF_ADVISER,
    "matched donor": SoftCreditRole.MATCHED_EMPLOYEE,
    "matched employee": SoftCreditRole.MATCHED_EMPLOYEE,
    "honoree": SoftCreditRole.HONOUREE,
    "honouree": SoftCreditRole.HONOUREE,
}


class SoftCreditType(KeptType):
    """Recognition for a gift that is on record; whoever is recognised is linked in the role `donor`."""

    name = "soft_credit"
    label = gettext_lazy("Soft credit")
    label_plural = gettext_lazy("Soft credits")
    order = 60
    shown = ("gift", "note")
    facts = ("gift", "role", "amount")
    field_labels = {"gift": gettext_lazy("Gift"), "role": gettext_lazy("Role"), "amount": gettext_lazy("Amount")}

    def check(self, items: Sequence[Item], context: Context) -> None:
        """Refuse what names no gift on record, or more than it."""
        gifts = _gifts([item.values["gift"] for item in items], context)
        for item in items:
            gift = gifts.get(item.values["gift"])
            if gift is None:
                words = _("There is no gift “%(id)s” of %(system)s on record: import the gifts first.")
                item.row.wrong(item.draft.column, words % {"id": item.values["gift"], "system": context.system})
            elif item.values.get("amount") and Decimal(item.values["amount"]) > gift.amount:
                item.row.wrong(item.draft.column, _("Recognise for %(gift)s at most.") % {"gift": gift.money})

    def on_record(self, rows: Sequence[tuple[dict[str, Any], int | None]], context: Context) -> dict[int, int]:
        """Somebody is recognised once for a gift in a role."""
        gifts = _gifts([values["gift"] for values, _donor in rows], context)
        credits = SoftCredit.objects.filter(gift__in=gifts.values())
        known = {
            (gift, who, role): pk for pk, gift, who, role in credits.values_list("pk", "gift", "constituent", "role")
        }
        asked = {
            at: (gifts[values["gift"]].pk, donor, values["role"])
            for at, (values, donor) in enumerate(rows)
            if values["gift"] in gifts
        }
        return {at: known[key] for at, key in asked.items() if key in known}

    def states(self, pks: Iterable[int], context: Context) -> dict[int, dict[str, Any]]:
        """For which gift, as what, for how much."""
        rows = SoftCredit.objects.filter(pk__in=list(pks)).select_related("gift")
        return {
            row.pk: {"gift": row.gift.external_id or str(row.gift.uuid), "role": row.role, "amount": row.money.plain}
            for row in rows
        }

    def describe(self, state: dict[str, Any]) -> str:
        """As what."""
        return f"{SoftCreditRole(state['role']).label}: {state['gift']}"

    def merge(self, item: Item, record: ImportRecord, context: Context) -> list[Change]:
        """No amount means the whole gift, whatever that is."""
        if not item.values.get("amount") and not item.creates:
            return []
        return super().merge(item, record, context)

    def write(self, creation: Creation, donor: Constituent, context: Context) -> int:
        """Recognise them."""
        values = creation.values
        gift = _gifts([values["gift"]], context)[values["gift"]]
        money = Money(Decimal(values["amount"]), gift.currency) if values.get("amount") else None
        given = credit(
            gift, constituent=donor, role=values["role"], money=money, note=values.get("note", ""), by=context.by
        )
        return given.pk

    def take_back(self, pk: int, context: Context) -> str:
        """Take the recognition back."""
        given = SoftCredit.objects.filter(pk=pk).first()
        if given is not None:
            withdraw_credit(given, by=context.by, reason=_("Import undone"))
        return ""


def _gifts(names: Sequence[str], context: Context) -> dict[str, Gift]:
    """Return the gifts that count today by what the file calls them: an id of its system, or our own UUID."""
    live = Gift.objects.filter(external_system=context.system, external_id__in=set(names)).exclude(status__in=GONE)
    found = {gift.external_id: gift for gift in live}
    if ours := {uuid: name for name in names if (uuid := as_uuid(name))}:
        found |= {ours[gift.uuid]: gift.current for gift in Gift.objects.filter(uuid__in=ours)}
    return found


_CREDIT = (
    Field(
        "soft_credit.gift",
        gettext_lazy("Gift id"),
        headers=("gift id", "donation id", "credited gift", "gift", "contribution id", "opportunity id"),
    ),
    Field(
        "soft_credit.role",
        gettext_lazy("Role"),
        headers=("soft credit role", "soft credit type", "credit type", "recognition", "role"),
        most=60,
    ),
    Field(
        "soft_credit.amount",
        gettext_lazy("Recognised for"),
        kind="amount",
        headers=("soft credit amount", "credit amount", "recognised for", "recognized for", "amount"),
    ),
    Field("soft_credit.note", gettext_lazy("Note"), headers=("soft credit note", "note", "notes")),
)


def _build(values: Values, setup: Setup) -> list[Draft]:
    who = party_draft(values, setup, prefix="donor", org="organisation", address="address")
    if who is None:
        values.wrong("", _("Nothing in this row says who is recognised."))
        return []
    gift, amount = values.get("soft_credit.gift"), values.get("soft_credit.amount", None)
    if not gift:
        values.refuse("soft_credit.gift", _("Say for which gift."))
        return []
    if amount is not None and amount <= 0:
        values.refuse("soft_credit.amount", _("Recognise for more than nothing."))
        return []
    said = {
        "gift": gift,
        "role": _role(values.get("soft_credit.role")),
        "amount": Money(amount, setup.currency).plain if amount is not None else "",
        "note": values.get("soft_credit.note"),
    }
    said = {name: value for name, value in said.items() if value}
    column = values.column("soft_credit.gift")
    return [who, Draft("soft_credit", "soft_credit", said, {"donor": [who.ref]}, column=column)]


def _role(text: str) -> str:
    """Return the role a word means; what nobody knows is some other role."""
    word = fold(text).replace("-", " ")
    known = {fold(str(role.label)): role for role in SoftCreditRole} | {role.value: role for role in SoftCreditRole}
    return (_ROLES | known).get(word, SoftCreditRole.OTHER).value


SOFT_CREDITS = Format(
    name="soft_credits",
    label=gettext_lazy("Soft credits"),
    fields=(*_CREDIT, *DONOR_FIELDS),
    build=_build,
    needs=(("soft_credit.gift",), ("soft_credit.role",), DONOR_NEEDS),
)
