"""Gifts in files. Posted money never changes by an import: what differs is listed for somebody to look at."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.folding import fold
from constituents.models import Constituent
from constituents.resources.matching import as_uuid
from core import audit, clock
from core.imports.drafts import Change, Context, Creation, Item, Update, hashed
from core.imports.models import ImportRecord, Outcome
from core.imports.records import RecordType
from core.money import Money, quantize
from core.organisation import current_organisation
from donations.accounting.periods import closed_through
from donations.errors import ClosedPeriodError, DonationsError, FutureGiftError, MissingRateError
from donations.models import Fund, Gift, GiftAllocation, GiftSource, GiftStatus
from donations.models.gift import COUNTED_STATUSES
from donations.models.rate import rate_on
from donations.services.bulk import NewGift, post_gifts
from donations.services.gifts import cancel_gift, check_allocations, post_gift, void_gift

DERIVED = "~"
"""Begins an id made up for a gift whose file has none, so that a second run finds it."""

_FACTS = ("amount", "currency", "received_on", "method")

# Such a gift does not stand for the row of a file any more.
GONE = (GiftStatus.VOIDED, GiftStatus.ADJUSTED)


class GiftType(RecordType):
    """A gift; linked in the roles `donor` (one), `funds` (as many as it has parts) and `campaign`."""

    name = "gift"
    label = gettext_lazy("Gift")
    label_plural = gettext_lazy("Gifts")
    order = 50
    shown = ("method", "reference", "status", "note")
    field_labels = {
        "status": gettext_lazy("Status"),
        "amount": gettext_lazy("Amount"),
        "currency": gettext_lazy("Currency"),
        "received_on": gettext_lazy("Date"),
        "method": gettext_lazy("Method"),
    }

    def check(self, items: Sequence[Item], context: Context) -> None:
        """Refuse amounts that are no gift, currencies without a rate, closed funds and periods, one id on two gifts."""
        self._check_periods(items, context)
        funds = {fold(fund.name): fund for fund in Fund.objects.all()} | {f.code: f for f in Fund.objects.all()}
        rates: dict[tuple[str, str], str] = {}
        today = clock.today()
        for item in items:
            values = item.values
            received_on = dt.date.fromisoformat(values["received_on"])
            key = (values["currency"], values["received_on"])
            if key not in rates:
                rates[key] = _rate_problem(values["currency"], received_on)
            if rates[key]:
                item.row.wrong(item.draft.column, rates[key])
            if received_on > today and values["status"] == GiftStatus.POSTED:
                item.row.wrong(item.draft.column, str(FutureGiftError(values["received_on"])))
            for linked in item.links.get("funds", ()):
                fund = funds.get(fold(linked.values["name"]))
                if fund is not None and not fund.is_open_on(received_on):
                    item.row.wrong(
                        linked.draft.column, _("The fund “%(fund)s” took no gifts on that day.") % {"fund": fund}
                    )

    def _check_periods(self, items: Sequence[Item], context: Context) -> None:
        """Refuse what would be new in closed books; a gift that is on record already may stand in the file again.

        Without an id that is known only when its donor is: then the plan says so, and the database refuses it.
        """
        closed = closed_through()
        if closed is None:
            return
        dated = [
            item
            for item in items
            if item.values["status"] == GiftStatus.POSTED and item.values["received_on"] <= closed.isoformat()
        ]
        on_record = self._find([(item.values, None) for item in dated], context)
        for at, item in enumerate(dated):
            words = str(ClosedPeriodError(dt.date.fromisoformat(item.values["received_on"]), closed))
            if not item.values.get("external_id"):
                item.draft.hints["closed"] = words
            elif at not in on_record:
                item.row.wrong(item.draft.column, words)

    def marks(self, item: Item) -> list[str]:
        """Count gifts without an id that look alike: the second such gift of a file is a second gift."""
        if item.values.get("external_id"):
            return []
        return [self._likeness(item)]

    def _likeness(self, item: Item) -> str:
        donors = item.linked("donor")
        values = item.values
        donor = str(donors[0].number) if donors else ""
        return hashed(self.name, donor, *(values[fact] for fact in _FACTS[:3]), values.get("reference", ""))

    def keys(self, item: Item, context: Context) -> list[str]:
        """The id; without one, what the gift looks like and which of its kind it is."""
        if item.values.get("external_id"):
            return [hashed(self.name, "id", context.system, item.values["external_id"])]
        likeness = self._likeness(item)
        item.values["occurrence"] = int(item.draft.hints.get(likeness, "0"))
        return [hashed(likeness, str(item.values["occurrence"]))]

    def same(self, item: Item, record: ImportRecord, context: Context) -> bool:
        """One id is one gift; what differs on a later row is listed by `merge`."""
        return True

    def find(self, items: Sequence[Item], context: Context) -> dict[int, int]:
        """By id; without one, among what came from the same system: the same donor, day, amount and reference."""
        parties = []
        for item in items:
            donors = item.linked("donor")
            parties.append((item.values, donors[0].object_id if donors else None))
        return self._find(parties, context)

    def find_again(self, creations: Sequence[Creation], context: Context) -> dict[int, int]:
        """Another import may have brought it since."""
        return self._find([(creation.values, creation.links["donor"][0]) for creation in creations], context)

    def _find(self, gifts: Sequence[tuple[dict[str, Any], int | None]], context: Context) -> dict[int, int]:
        ids = {values["external_id"] for values, _donor in gifts if values.get("external_id")}
        live = Gift.objects.filter(external_system=context.system).exclude(external_id="").exclude(status__in=GONE)
        by_id = dict(live.filter(external_id__in=ids).values_list("external_id", "pk")) if ids else {}
        if ours := {uuid: value for value in ids if (uuid := as_uuid(value))}:
            # Our own export names gifts by their UUID.
            by_id |= {ours[gift.uuid]: gift.current.pk for gift in Gift.objects.filter(uuid__in=ours)}
        without = [(values, donor) for values, donor in gifts if not values.get("external_id") and donor]
        alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        if without:
            days = [values["received_on"] for values, _donor in without]
            rows = live.filter(
                external_id__startswith=DERIVED,
                donor__in={donor for _values, donor in without},
                received_on__range=(min(days), max(days)),
            ).order_by("pk")
            for pk, giver, day, amount, currency, reference in rows.values_list(
                "pk", "donor_id", "received_on", "amount", "currency", "reference"
            ):
                alike[giver, day.isoformat(), Decimal(amount).normalize(), currency, reference].append(pk)
        found = {}
        for at, (values, donor) in enumerate(gifts):
            if values.get("external_id"):
                if known := by_id.get(values["external_id"]):
                    found[at] = known
            elif donor:
                amount = Decimal(values["amount"]).normalize()
                key = (donor, values["received_on"], amount, values["currency"], values.get("reference", ""))
                several = alike.get(key, [])
                if values["occurrence"] < len(several):
                    found[at] = several[values["occurrence"]]
        return found

    def suspect(self, items: Sequence[Item], context: Context) -> None:
        """New gifts of an amount the same donor gave on the same day, by another way."""
        donors = {item.linked("donor")[0].object_id: item for item in items if item.linked("donor")[0].object_id}
        if not donors:
            return
        days = Gift.objects.filter(donor__in=donors).aggregate(first=Min("received_on"), last=Max("received_on"))
        if not days["first"]:
            return
        known = {
            (donor, day.isoformat(), Decimal(amount).normalize(), currency): pk
            for pk, donor, day, amount, currency in Gift.objects.filter(
                donor__in=donors, received_on__in={item.values["received_on"] for item in items}
            )
            .exclude(status__in=[*GONE, GiftStatus.CANCELLED])
            .exclude(external_system=context.system)
            .values_list("pk", "donor_id", "received_on", "amount", "currency")
        }
        for item in items:
            values, giver = item.values, item.linked("donor")[0].object_id
            key = (giver, values["received_on"], Decimal(values["amount"]).normalize(), values["currency"])
            if key in known and item.record is not None:
                item.record.unsure = _("A gift of this amount on this day is on record already (no. %(number)s).") % {
                    "number": known[key]
                }

    def states(self, pks: Iterable[int], context: Context) -> dict[int, dict[str, Any]]:
        """The facts of gifts, as a file would say them."""
        rows = Gift.objects.filter(pk__in=list(pks)).values(
            "pk", "amount", "currency", "received_on", "method", "status", "kind", "reference", "external_id"
        )
        return {
            row["pk"]: {
                **{name: value for name, value in row.items() if name != "pk"},
                "amount": Money(row["amount"], row["currency"]).plain,
                "received_on": row["received_on"].isoformat(),
            }
            for row in rows
        }

    def describe(self, state: dict[str, Any]) -> str:
        """Amount and day."""
        return f"{state['amount']} {state['currency']}, {state['received_on']}"

    def merge(self, item: Item, record: ImportRecord, context: Context) -> list[Change]:
        """An expected gift may be posted; any other difference of a fact is left and listed."""
        if item.creates:
            record.unsure = item.draft.hints.get("closed", record.unsure)
            return []
        values, state = item.values, record.state
        differing = [
            fact
            for fact in _FACTS
            if fact in values and values[fact] != state.get(fact) and not (fact == "method" and values.get("guessed"))
        ]
        if differing:
            record.unsure = _("The file says %(file)s, on record is %(record)s; posted money was left alone.") % {
                "file": ", ".join(str(values[fact]) for fact in differing),
                "record": ", ".join(str(state.get(fact, "")) for fact in differing),
            }
            return []
        if (
            record.outcome != Outcome.CREATE
            and values["status"] == GiftStatus.POSTED
            and state.get("status") == GiftStatus.PENDING
        ):
            state["status"] = GiftStatus.POSTED.value
            return [["status", GiftStatus.PENDING.value, GiftStatus.POSTED.value]]
        return []

    def create(self, creations: Sequence[Creation], context: Context) -> None:
        """Post what has come, record what is expected."""
        funds = Fund.objects.in_bulk({pk for creation in creations for pk in creation.links["funds"]})
        to_post: list[tuple[Creation, NewGift]] = []
        expected: list[tuple[Creation, NewGift]] = []
        for creation in creations:
            new = NewGift(self._gift(creation, context), _allocations(creation, funds))
            (to_post if creation.values["status"] == GiftStatus.POSTED else expected).append((creation, new))
        if to_post:
            post_gifts([new for _creation, new in to_post], by=context.by)
        if expected:
            _record_expected([new for _creation, new in expected], context)
        for creation, new in (*to_post, *expected):
            creation.record.object_id = new.gift.pk

    def _gift(self, creation: Creation, context: Context) -> Gift:
        values = creation.values
        donor = creation.links["donor"][0]
        derived = ""
        if not values.get("external_id"):
            facts = [values[fact] for fact in _FACTS[:3]]
            derived = DERIVED + hashed(str(donor), *facts, values.get("reference", ""), str(values["occurrence"]))
        return Gift(
            # The donor is on file; only the key is needed, and nothing is fetched for it.
            donor=Constituent(pk=donor),
            amount=Decimal(values["amount"]),
            currency=values["currency"],
            received_on=dt.date.fromisoformat(values["received_on"]),
            kind=values["kind"],
            method=values["method"],
            reference=values.get("reference", ""),
            campaign_id=next(iter(creation.links.get("campaign", ())), None),
            note=values.get("note", ""),
            tribute=values.get("tribute", ""),
            is_anonymous=values.get("is_anonymous", False),
            source=GiftSource.IMPORT,
            external_system=context.system,
            external_id=values.get("external_id") or derived,
        )

    def update(self, updates: Sequence[Update], context: Context) -> None:
        """Post expected gifts that have come."""
        gifts = Gift.objects.in_bulk({update.record.object_id for update in updates})
        for update in updates:
            post_gift(gifts[update.record.object_id or 0], by=context.by)

    def remove(self, records: Sequence[ImportRecord], context: Context) -> dict[int, str]:
        """Void posted gifts and cancel expected ones; both free their ids."""
        gifts = Gift.objects.in_bulk([record.object_id for record in records if record.object_id])
        outcome = {}
        for at, record in enumerate(records):
            gift = gifts.get(record.object_id or 0)
            outcome[at] = "" if gift is None else _remove_one(gift, context)
        return outcome

    def restore(self, records: Sequence[ImportRecord], context: Context) -> dict[int, str]:
        """A gift the import posted is void; the promise it fulfilled does not come back by itself."""
        gifts = Gift.objects.in_bulk([record.object_id for record in records if record.object_id])
        outcome = {}
        for at, record in enumerate(records):
            gift = gifts.get(record.object_id or 0)
            if gift is not None and gift.status in COUNTED_STATUSES:
                void_gift(gift, by=context.by, reason=_("Import undone"))
            outcome[at] = _("It was expected before; its posting is void. Enter it again if it is still to come.")
        return outcome


def _rate_problem(currency: str, date: dt.date) -> str:
    try:
        rate_on(currency, date)
    except MissingRateError as error:
        return str(error)
    return ""


def _allocations(creation: Creation, funds: dict[int, Fund]) -> list[tuple[Fund, Decimal]]:
    """The parts of the gift; two parts for one fund are one."""
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    for pk, part in zip(creation.links["funds"], creation.values["parts"], strict=True):
        amounts[pk] += Decimal(part)
    return [(funds[pk], amount) for pk, amount in amounts.items()]


def _record_expected(new_gifts: Sequence[NewGift], context: Context) -> None:
    base_currency = current_organisation().base_currency
    for new in new_gifts:
        gift = new.gift
        check_allocations(gift.money, new.allocations, gift.received_on)
        gift.exchange_rate = rate_on(gift.currency, gift.received_on)
        gift.base_amount = quantize(gift.amount * gift.exchange_rate, base_currency)
        gift.status = GiftStatus.PENDING
    Gift.objects.bulk_create(new.gift for new in new_gifts)
    GiftAllocation.objects.bulk_create(
        GiftAllocation(gift=new.gift, fund=fund, amount=amount) for new in new_gifts for fund, amount in new.allocations
    )
    audit.record_many(
        audit.Draft(
            verb="gift.recorded",
            obj=new.gift,
            by=context.by,
            new={"amount": new.gift.money.plain, "currency": new.gift.currency, "import": context.run.pk},
            about=new.gift.donor,
            label=f"{new.gift.money.plain} {new.gift.currency}",
        )
        for new in new_gifts
    )


def _remove_one(gift: Gift, context: Context) -> str:
    if gift.status in (GiftStatus.VOIDED, GiftStatus.CANCELLED):
        return ""
    if gift.status == GiftStatus.PENDING:
        cancelled = cancel_gift(gift, by=context.by, reason=_("Import undone"))
        # A voided gift frees its id by itself; a cancelled one keeps it unless it is taken away.
        Gift.objects.filter(pk=cancelled.pk).update(external_id="")
        return ""
    if gift.status not in COUNTED_STATUSES:
        return _("It is %(status)s.") % {"status": gift.get_status_display()}
    try:
        void_gift(gift, by=context.by, reason=_("Import undone"))
    except DonationsError as error:
        return str(error)
    return ""
