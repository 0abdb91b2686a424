"""Matching gifts: expect what an employer adds, claim it, and link it to the gift that came."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent, Relationship
from core import audit, clock
from core.money import Money, quantize
from donations.errors import MatchError
from donations.models import Gift, GiftKind, Match, MatchingRule, MatchState, SoftCredit, SoftCreditRole
from donations.models.gift import COUNTED_STATUSES
from donations.services.rollups import recompute_totals

EMPLOYEE = "employee"
_CHUNK = 500


def expect_matches(gifts: Sequence[Gift], *, by: User | None) -> list[Match]:
    """Expect a match for each of these gifts whose donor works, on its day, for an employer with a rule.

    A year's limit is used up gift by gift, in the order given. Gifts that have a match already are left alone.
    """
    return _expect_matches(gifts, by=by) if MatchingRule.objects.exists() else []


@transaction.atomic
def _expect_matches(gifts: Sequence[Gift], *, by: User | None) -> list[Match]:
    made: list[Match] = []
    for start in range(0, len(gifts), _CHUNK):
        chunk = [gift for gift in gifts[start : start + _CHUNK] if gift.kind == GiftKind.GIFT and gift.is_counted]
        made += [match for gift, rule in _with_rules(chunk) if (match := _expect(gift, rule)) is not None]
    audit.record_many(
        audit.Draft(verb="match.expected", obj=match, by=by, new={"amount": match.amount}, about=match.gift.donor)
        for match in made
    )
    return made


def _with_rules(gifts: Sequence[Gift]) -> Iterable[tuple[Gift, MatchingRule]]:
    """Pair each gift with the rule that holds for it: of the main affiliation first, else of the latest."""
    has_match = set(Match.objects.filter(gift__in=[gift.pk for gift in gifts]).values_list("gift", flat=True))
    jobs = Relationship.objects.filter(
        type__key=EMPLOYEE, first__in={gift.donor_id for gift in gifts}, second__matching_rule__isnull=False
    )
    by_donor: dict[int, list[Relationship]] = defaultdict(list)
    for job in jobs.select_related("second__matching_rule__employer").order_by("-is_primary", "-since", "-pk"):
        by_donor[job.first_id].append(job)
    for gift in gifts:
        if gift.pk in has_match:
            continue
        rules = [job.second.matching_rule for job in by_donor.get(gift.donor_id, ()) if _holds(job, gift.received_on)]
        if rule := next((rule for rule in rules if rule.holds_on(gift.received_on)), None):
            yield gift, rule


def _holds(job: Relationship, date: dt.date) -> bool:
    return (job.since is None or job.since <= date) and (job.until is None or date <= job.until)


def _expect(gift: Gift, rule: MatchingRule) -> Match | None:
    money = _due(gift, rule)
    if not money:
        return None
    return Match.objects.create(
        gift=gift,
        rule=rule,
        amount=money.amount,
        currency=money.currency,
        claim_by=_deadline(gift, rule),
    )


def _deadline(gift: Gift, rule: MatchingRule) -> dt.date | None:
    days = rule.claim_within_days
    return gift.received_on + dt.timedelta(days=days) if days is not None else None


def _due(gift: Gift, rule: MatchingRule) -> Money:
    """Return what the rule adds to what is left of the gift, after what it adds to the donor's others of the year."""
    first, last = clock.calendar_year_bounds(gift.received_on.year)
    others = Match.objects.filter(rule=rule, gift__donor=gift.donor_id, gift__received_on__range=(first, last))
    others = others.exclude(state=MatchState.CLOSED).exclude(gift=gift.pk)
    matched = quantize(others.aggregate(total=Sum("amount"))["total"] or Decimal(0), rule.currency)
    return rule.match_for(gift.left, matched_this_year=matched)


@transaction.atomic
def reassess(gift: Gift, *, by: User | None, reason: str) -> None:
    """Bring the open match of a gift, or of the gift that replaced it, to what the rule says of it today."""
    match = Match.objects.select_for_update(of=("self",)).select_related("rule").filter(gift=gift).first()
    if match is None:
        expect_matches([gift], by=by)
    elif match.is_open:
        _reassess_open(match, gift, by=by, reason=reason)


def _reassess_open(match: Match, gift: Gift, *, by: User | None, reason: str) -> None:
    due = _due(gift, match.rule) if gift.is_counted else Money.zero(match.currency)
    if not due:
        _change(match, by=by, verb="match.closed", reason=reason, state=MatchState.CLOSED, closed_reason=reason)
    elif due != match.money:
        deadline = _deadline(gift, match.rule)
        _change(match, by=by, verb="match.changed", reason=reason, amount=due.amount, claim_by=deadline)


@transaction.atomic
def claim_match(match: Match, *, claimed_on: dt.date, by: User | None, claim_reference: str = "") -> Match:
    """Note that the employer was asked for it. Raises MatchError unless it waits to be claimed."""
    locked = _locked(match)
    if locked.state != MatchState.EXPECTED:
        raise MatchError(_("This match does not wait to be claimed."))
    if claimed_on > clock.today():
        raise MatchError(_("This day is still to come."))
    return _change(
        locked,
        by=by,
        verb="match.claimed",
        state=MatchState.CLAIMED,
        claimed_on=claimed_on,
        claim_reference=claim_reference,
    )


@transaction.atomic
def receive_match(match: Match, *, gift: Gift, by: User | None, money: Money | None = None) -> Match:
    """Link a match to the employer's gift it came with; `money` is the part of it that came for this match.

    The employee is recognised for it. Raises MatchError when the match is not open, the gift is not the employer's, or
    more of it is named than other matches leave.
    """
    locked = _locked(match)
    if not locked.is_open:
        raise MatchError(_("This match is not open any more."))
    came = Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk).current
    if came.donor_id != standing(locked.rule.employer).pk or came.status not in COUNTED_STATUSES:
        raise MatchError(_("Choose a gift of %(employer)s that is here.") % {"employer": locked.rule.employer})
    money = money or locked.money
    left = came.left - _settled_by(came)
    if money.currency != came.currency or not Money.zero(came.currency) < money <= left:
        raise MatchError(_("Of that gift, %(left)s is left for matches.") % {"left": left})
    _recognise(locked.gift.donor_id, came, money)
    return _change(
        locked, by=by, verb="match.received", state=MatchState.RECEIVED, received_gift=came, amount=money.amount
    )


def _settled_by(gift: Gift) -> Money:
    settled = gift.settled_matches.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return Money(quantize(settled, gift.currency), gift.currency)


def _recognise(employee: int, gift: Gift, money: Money) -> None:
    """Give, or enlarge, the employee's recognition for their employer's gift."""
    role = SoftCreditRole.MATCHED_EMPLOYEE
    soft_credit = SoftCredit.objects.filter(gift=gift, constituent=employee, role=role).first()
    if soft_credit is None:
        soft_credit = SoftCredit(gift=gift, constituent_id=employee, role=role, amount=Decimal(0))
    soft_credit.amount = min(soft_credit.amount + money.amount, gift.amount)
    soft_credit.save()
    recompute_totals([employee])


@transaction.atomic
def close_match(match: Match, *, reason: str, by: User | None) -> Match:
    """Give up a match that will not come. Raises MatchError unless it is open."""
    locked = _locked(match)
    if not locked.is_open:
        raise MatchError(_("This match is not open any more."))
    return _change(locked, by=by, verb="match.closed", reason=reason, state=MatchState.CLOSED, closed_reason=reason)


@transaction.atomic
def reopen_match(match: Match, *, by: User | None) -> Match:
    """Expect a match again that was given up. Raises MatchError unless it was, or when its gift is not here."""
    locked = _locked(match)
    if locked.state != MatchState.CLOSED or not locked.gift.is_counted:
        raise MatchError(_("Only a match that was given up, of a gift that is here, can be expected again."))
    due = _due(locked.gift, locked.rule) or locked.money
    state = MatchState.CLAIMED if locked.claimed_on else MatchState.EXPECTED
    return _change(locked, by=by, verb="match.reopened", state=state, closed_reason="", amount=due.amount)


@transaction.atomic
def unsettle(gift: Gift, *, by: User | None, reason: str) -> None:
    """The employer's gift went back: what it had settled is open again."""
    for match in gift.settled_matches.select_for_update(of=("self",)).select_related("gift"):
        state = MatchState.CLAIMED if match.claimed_on else MatchState.EXPECTED
        _change(match, by=by, verb="match.reopened", reason=reason, state=state, received_gift=None)
        role = SoftCreditRole.MATCHED_EMPLOYEE
        gift.soft_credits.filter(role=role, constituent=match.gift.donor_id).delete()
        recompute_totals([match.gift.donor_id])


def _locked(match: Match) -> Match:
    return Match.objects.select_for_update(of=("self",)).select_related("rule__employer", "gift").get(pk=match.pk)


def _change(match: Match, *, by: User | None, verb: str, reason: str = "", **values: Any) -> Match:
    before = audit.snapshot(match)
    for name, value in values.items():
        setattr(match, name, value)
    match.changed_by = by if by is not None and by.pk else None
    match.full_clean()
    match.save()
    old, new = audit.changes(before, audit.snapshot(match))
    about = Constituent.objects.get(pk=match.gift.donor_id)
    audit.record(verb, match, by=by, old=old, new=new, reason=reason, about=about)
    return match
