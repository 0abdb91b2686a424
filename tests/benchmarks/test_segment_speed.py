"""How fast a segment of ten conditions answers its count, beside a bare sum over the same gifts. GIFTS=1000000 chooses
how many; there are ten to a person. The rows are made by the database itself: each has what the conditions read."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models
from django.db.models import Sum

from constituents.models import ConsentRecord, Constituent, ConstituentTag, EmailAddress, Tag
from constituents.segments import holds, matching, sentence
from donations.models import Fund, Gift, GiftAllocation, GivingTotals, LedgerEntry
from memberships.models import Level, Membership, Term
from tests.factories.donations import make_campaign, make_fund
from tests.factories.memberships import make_level
from tests.factories.volunteers import make_opportunity
from volunteers.models import HoursEntry

pytestmark = pytest.mark.django_db(transaction=True)
GIFTS = int(os.environ.get("GIFTS", "20000"))
PEOPLE = GIFTS // 10
ROUNDS = 5


def test_ten_conditions() -> None:
    criteria = _a_world_and_ten_conditions()
    print(f"\n\n{connection.vendor}, {PEOPLE:,} people, {GIFTS:,} gifts\n{sentence(criteria)}")
    found = matching(criteria)
    count = found.count()
    ours = _median(found.count)
    page = _median(lambda: list(found.order_by("sort_name", "pk")[:50]))
    someone = Constituent.objects.get(pk=PEOPLE // 2)
    one = _median(lambda: holds(criteria, someone))
    bare = _median(lambda: Gift.objects.order_by().values("donor").annotate(s=Sum("net_base_amount")).count())
    print(f"{count:,} found; count {ours:.0f} ms, a page of 50 {page:.0f} ms, one person {one:.0f} ms")
    print(f"bare sum by donor over all gifts {bare:.0f} ms; ratio {ours / bare:.2f}")


def _median(func: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        func()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def _a_world_and_ten_conditions() -> dict[str, Any]:
    tag, other = Tag.objects.create(name="Press"), Tag.objects.create(name="Board")
    general, roof = make_fund("General", is_default=True), make_fund("Roof")
    campaign, level, opportunity = make_campaign(), make_level(), make_opportunity()
    _people(tag, other)
    _gifts(general, roof, campaign)
    _members(level)
    _fill(
        HoursEntry,
        PEOPLE,
        volunteer_id="n.i",
        opportunity_id=str(opportunity.pk),
        worked_on=_days_ago("n.i % 1500"),
        hours="1 + n.i % 5",
        status="'approved'",
    )
    with connection.cursor() as cursor:
        # As autovacuum leaves tables: indexes answer without a look at the rows.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    last = {"operator": "in_last", "value": {"count": "36", "unit": "months"}}
    return {
        "match": "all",
        "of": [
            _is("kind", "any_of", ["person"]),
            _is("giving.total", "at_least", "500"),
            _is("giving.total", "at_least", "50", period={"operator": "last_fiscal_year"}),
            _is("giving.count", "at_least", "2", period=last, campaigns=[campaign.pk]),
            _is("giving.total", "at_least", "20", funds=[roof.pk]),
            _is("giving.gave", "no", period={"operator": "this_fiscal_year"}, methods=["card"]),
            {
                "match": "any",
                "of": [
                    _is("membership.is_member", "no"),
                    _is("volunteering.hours", "at_least", "3", period=last),
                    _is("tag", "any_of", [tag.pk]),
                ],
            },
            {"match": "none", "of": [_is("consent", "refused", {"purpose": "appeals", "channel": "email"})]},
        ],
    }


def _is(criterion: str, operator: str, value: Any = None, **where: Any) -> dict[str, Any]:
    return {"criterion": criterion, "operator": operator, "value": value, "where": where}


def _people(tag: Tag, other: Tag) -> None:
    names = {"given_name": "'Ann'", "display_name": "'Ann ' || n.i", "sort_name": "'ann ' || n.i"}
    _fill(Constituent, PEOPLE, id="n.i", kind="CASE WHEN n.i % 10 = 0 THEN 'organisation' ELSE 'person' END",
          organisation_name="'Trust'", **names)  # fmt: skip
    _fill(EmailAddress, PEOPLE, constituent_id="n.i", address="'p' || n.i || '@example.org'")
    _fill(
        ConstituentTag, PEOPLE, constituent_id="n.i", tag_id=f"CASE WHEN n.i % 7 = 0 THEN {tag.pk} ELSE {other.pk} END"
    )
    _fill(
        ConsentRecord,
        PEOPLE,
        constituent_id="n.i",
        channel="'email'",
        purpose="'appeals'",
        decision="CASE WHEN n.i % 4 = 0 THEN 'refused' ELSE 'given' END",
    )


def _gifts(general: Fund, roof: Fund, campaign: Any) -> None:
    amount = "(5 + n.i % 96)"
    money = {"amount": amount, "base_amount": amount, "currency": "'USD'"}
    _fill(
        Gift,
        GIFTS,
        id="n.i",
        donor_id=f"1 + (n.i * CAST(7919 AS bigint)) % {PEOPLE}",
        net_base_amount=amount,
        exchange_rate="1",
        received_on=_days_ago("n.i % 3000"),
        method="CASE WHEN n.i % 3 = 0 THEN 'card' ELSE 'cheque' END",
        kind="'gift'",
        status="'posted'",
        posted_at=_NOW(),
        campaign_id=f"CASE WHEN n.i % 3 = 0 THEN {campaign.pk} END",
        advantage_kind="'goods'",
        source="'staff'",
        **money,
    )
    fund = f"CASE WHEN n.i % 5 = 0 THEN {roof.pk} ELSE {general.pk} END"
    _fill(GiftAllocation, GIFTS, gift_id="n.i", fund_id=fund, amount=amount)
    _fill(
        LedgerEntry,
        GIFTS,
        gift_id="n.i",
        fund_id=fund,
        donor_id=f"1 + (n.i * CAST(7919 AS bigint)) % {PEOPLE}",
        kind="'posted'",
        effective_on=_days_ago("n.i % 3000"),
        **money,
    )
    columns = "constituent_id, gift_count, lifetime, largest, first_gift_on, last_gift_on, last_amount"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {GivingTotals._meta.db_table} ({columns}) SELECT donor_id, count(*), sum(net_base_amount),"
            f" max(net_base_amount), min(received_on), max(received_on), 5 FROM {Gift._meta.db_table} GROUP BY donor_id"
        )


def _members(level: Level) -> None:
    members = PEOPLE // 3
    _fill(Membership, members, id="n.i", constituent_id="n.i * 3", number="'M' || n.i", level_id=str(level.pk))
    _fill(
        Term,
        members,
        membership_id="n.i",
        level_id=str(level.pk),
        kind="'join'",
        currency="'USD'",
        price="60",
        starts_on=_days_ago("n.i % 730"),
        ends_on=_days_ago("(n.i % 730) - 364"),
        sold_until=_days_ago("(n.i % 730) - 364"),
    )


def _NOW() -> str:  # noqa: N802
    return "'2026-11-22 00:00:00+00'" if connection.vendor == "postgresql" else "'2026-11-22 00:00:00'"


def _days_ago(days: str) -> str:
    if connection.vendor == "postgresql":
        return f"(CURRENT_DATE - ({days})::int)"
    return f"date('now', (-({days})) || ' days')"


def _uuid() -> str:
    return "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"


def _fill(model: type[models.Model], count: int, **expressions: str) -> None:
    """Write rows numbered from 1; columns that are not named get the emptiest value they take."""
    columns, values = [], []
    for field in model._meta.concrete_fields:
        if field.primary_key and field.column not in expressions:
            continue
        columns.append(connection.ops.quote_name(field.column))
        values.append(expressions.get(field.column) or _emptiest(field))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
            f"SELECT {', '.join(values)} FROM n"
        )


def _emptiest(field: Any) -> str:
    if field.null:
        return "NULL"
    match field:
        case models.UUIDField():
            return _uuid()
        case models.BooleanField():
            return "FALSE" if connection.vendor == "postgresql" else "0"
        case models.DateTimeField():
            return _NOW()
        case models.JSONField():
            return "'{}'"
        case models.CharField() | models.TextField():
            return "''"
    return "1" if field.name == "card_series" else "0"
