"""What counted gifts brought, beside each fund, campaign or appeal of a list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from core.money import Money
from core.organisation import current_organisation
from core.staff.columns import AmountColumn
from donations.models import Gift

_AMOUNT = DecimalField(max_digits=18, decimal_places=3)


def in_base(amount: Decimal | None) -> Money:
    """Return an amount of the base currency; nothing is nought."""
    return Money(amount or Decimal(0), current_organisation().base_currency)


def with_results(queryset: QuerySet, pointer: str) -> QuerySet:
    """Add what counted gifts brought (`raised`, base currency) and how many there were, for each row pointed at."""
    gifts = Gift.objects.counted().filter(**{pointer: OuterRef("pk")}).order_by().values(pointer)
    return queryset.annotate(
        raised=Coalesce(
            Subquery(gifts.annotate(t=Sum("net_base_amount")).values("t")), Decimal(0), output_field=_AMOUNT
        ),
        gift_count=Coalesce(Subquery(gifts.annotate(n=Count("pk")).values("n")), 0),
    )


class ResultColumn(AmountColumn):
    """An amount of an annotation, in base currency."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, accessor=lambda row: in_base(getattr(row, name)), currency=None, **kwargs)
