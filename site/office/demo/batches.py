"""Batches: the last weeks' cheques as they were entered, one pile half-typed on the desk, one given up."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import uuid
from collections.abc import Iterator
from decimal import Decimal

from accounts.models import User
from constituents.models import Constituent
from core import clock
from core.demo import DemoPlan
from donations.batches.expecting import offer_for
from donations.batches.opening import discard_batch, open_batch
from donations.batches.rows import save_row
from donations.models import Batch, BatchRow, BatchState, BatchTemplate, Fund, Gift, GiftStatus, Method, Pledge
from office.demo.setting import currency

_PROCESSOR = "gifts@example.org"
_ACCOUNT = "Portbury Savings Bank · 4021 8876"
_WEEKS = 6
_MOST = 45


def add_batches(plan: DemoPlan) -> dict[str, int]:
    """Gather the cheques of the last weeks into the batches they were entered with, and open one more."""
    rng = plan.random("batches")
    by = User.objects.filter(email=_PROCESSOR).first()
    posted = [_posted(week, gifts, by) for week, gifts in _weeks(plan)]
    _half_typed(rng, plan, by)
    _given_up(plan, by)
    return {"batches": len(posted) + 2, "batch templates": _templates()}


def _templates() -> int:
    """Keep what the piles share that come again."""
    kitchen = Fund.objects.filter(code="kitchen").first()
    shared = {"bank_account": _ACCOUNT}
    post = BatchTemplate(name="The week’s post", title="The week’s post", method=Method.CHEQUE, **shared)
    supper = BatchTemplate(name="Supper plate", title="Supper plate", method=Method.CASH, fund=kitchen, **shared)
    return len(BatchTemplate.objects.bulk_create([post, supper]))


def _weeks(plan: DemoPlan) -> Iterator[tuple[dt.date, list[Gift]]]:
    """Yield the Monday of each of the last weeks with the cheques that came in it."""
    monday = plan.today - dt.timedelta(days=plan.today.weekday())
    first = monday - dt.timedelta(weeks=_WEEKS)
    cheques = Gift.objects.filter(method=Method.CHEQUE, status=GiftStatus.POSTED, received_on__gte=first)
    cheques = cheques.filter(received_on__lt=monday).prefetch_related("allocations").order_by("received_on", "pk")
    for week, gifts in itertools.groupby(cheques, key=lambda gift: (gift.received_on - first).days // 7):
        yield first + dt.timedelta(weeks=week), list(gifts)[:_MOST]


def _posted(monday: dt.date, gifts: list[Gift], by: User | None) -> Batch:
    """Return a batch as it was posted on the Monday after the week its gifts came in."""
    at = clock.start_of_day(monday + dt.timedelta(days=7)) + dt.timedelta(hours=10)
    total = sum((gift.amount for gift in gifts), Decimal(0))
    batch = Batch.objects.create(
        title="The week’s post",
        state=BatchState.POSTED,
        expected_count=len(gifts),
        expected_total=total,
        posted_count=len(gifts),
        posted_total=total,
        currency=currency(),
        received_on=monday,
        fund=Fund.objects.order_by("pk")[0],
        bank_account=_ACCOUNT,
        opened_at=at,
        opened_by=by,
        closed_at=at + dt.timedelta(minutes=20),
        closed_by=by,
    )
    BatchRow.objects.bulk_create(
        BatchRow(
            batch=batch,
            position=position,
            donor_id=gift.donor_id,
            amount=gift.amount,
            reference=gift.reference,
            method=gift.method,
            received_on=gift.received_on,
            fund_id=gift.allocations.all()[0].fund_id,
            appeal_id=gift.appeal_id,
            gift=gift,
            changed_at=at,
            changed_by=by,
        )
        for position, gift in enumerate(gifts, start=1)
    )
    Gift.objects.filter(pk__in=[gift.pk for gift in gifts]).update(batch=batch)
    return batch


def _half_typed(rng: random.Random, plan: DemoPlan, by: User | None) -> None:
    """Leave a pile of twelve on the desk: seven typed, one of them twice, one for a pledge, one only begun."""
    donors = list(Constituent.objects.people().living().current().order_by("pk")[:200])
    chosen = rng.sample(donors, min(len(donors), 7))
    amounts = [rng.choice([25, 40, 50, 75, 100, 150]) for _donor in chosen]
    batch = _open(plan, by, title="Monday’s post", count=12, total=Decimal(sum(amounts)) + 260)
    _for_a_pledge(rng, batch, by)
    for number, (donor, amount) in enumerate(zip(chosen, amounts, strict=True)):
        said = {"donor": donor.pk, "amount": str(amount), "reference": str(2210 + number * 7)}
        save_row(batch, said, key=_key(rng), version=0, by=by)
    if chosen:
        again = {"donor": chosen[0].pk, "amount": str(amounts[0]), "reference": "2210"}
        save_row(batch, again, key=_key(rng), version=0, by=by)
    save_row(batch, {"donor_typed": "Hallo", "amount": "60"}, key=_key(rng), version=0, by=by)


def _for_a_pledge(rng: random.Random, batch: Batch, by: User | None) -> None:
    """Type a cheque that keeps an instalment, small enough for the pile."""
    due = Pledge.objects.open().filter(next_due_on__lte=batch.received_on + dt.timedelta(days=30))
    for pledge in due.select_related("donor").order_by("-next_due_on", "pk")[:20]:
        offer = offer_for(batch, pledge.donor)
        if offer is not None and offer.money.amount <= 150:
            said = {"donor": pledge.donor_id, "amount": str(offer.money.amount), "promise": offer.key}
            save_row(batch, said | {"fund": offer.funds[0][0].pk}, key=_key(rng), version=0, by=by)
            return


def _given_up(plan: DemoPlan, by: User | None) -> None:
    """Keep a batch that somebody opened twice."""
    batch = _open(plan, by, title="Harvest supper", count=18, total=Decimal(412))
    discard_batch(batch, by=by, reason="Opened twice: the supper’s takings stand in the week’s post.")


def _open(plan: DemoPlan, by: User | None, *, title: str, count: int, total: Decimal) -> Batch:
    return open_batch(
        by=by,
        title=title,
        expected_count=count,
        expected_total=total,
        currency=currency(),
        received_on=plan.today,
        fund=Fund.objects.order_by("pk")[0],
        bank_account=_ACCOUNT,
    )


def _key(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)
