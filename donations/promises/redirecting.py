"""A fund closes: what would still go to it again and again goes to another."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from core import audit, clock
from donations.models import ChangeKind, Fund, RecurringAllocation, RecurringGift
from donations.models.recurring import EXPECTING, LIVE
from donations.promises.refreshing import add_change


def recurring_to(fund: Fund) -> int:
    """Return how many recurring gifts that may still go on are for the fund."""
    return RecurringGift.objects.live().filter(allocations__fund=fund).count()


@transaction.atomic
def redirect(fund: Fund, to: Fund, *, by: User | None) -> None:
    """Point them to the other fund; one that was for both gives both parts to it."""
    rows = RecurringAllocation.objects.filter(fund=fund, recurring__status__in=LIVE).select_related("recurring__donor")
    today = clock.today()
    for row in rows.order_by("pk"):
        recurring = row.recurring
        other = recurring.allocations.filter(fund=to).first()
        if other is None:
            row.fund = to
            row.save(update_fields=["fund"])
        else:
            other.amount += row.amount
            row.delete()
            other.save(update_fields=["amount"])
        day = max(today, recurring.starts_on)
        is_expected = recurring.status in EXPECTING
        add_change(recurring, ChangeKind.REDIRECTED, day, by=by, is_expected=is_expected, reason=f"{fund} → {to}")
        audit.record(
            "recurring.changed",
            recurring,
            by=by,
            old={"fund": fund.code},
            new={"fund": to.code},
            about=recurring.donor,
        )
