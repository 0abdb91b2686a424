"""Ready-made segments: those a fundraiser asks for in the first week."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from constituents.models import Segment
from constituents.services.segments import make_segment, take_snapshot
from core.demo import DemoPlan
from office.demo.setting import STAFF


def _is(criterion: str, operator: str, value: Any = None, **where: Any) -> dict[str, Any]:
    condition = {"criterion": criterion, "operator": operator}
    return condition | ({"value": value} if value is not None else {}) | ({"where": where} if where else {})


def _all(*of: dict[str, Any]) -> dict[str, Any]:
    return {"match": "all", "of": list(of)}


_LAST_YEAR, _THIS_YEAR = {"operator": "last_fiscal_year"}, {"operator": "this_fiscal_year"}
_A_YEAR = {"operator": "in_last", "value": {"count": "12", "unit": "months"}}
_NEWS_BY_EMAIL = {"purpose": "newsletter", "channel": "email"}
_APPEALS_BY_POST = {"purpose": "appeals", "channel": "post"}
_MAY_BE_ASKED = (_is("deceased", "no"), _is("do_not_contact", "no"))

SEGMENTS: tuple[tuple[str, str, dict[str, Any], bool], ...] = (
    (
        "Lapsed donors",
        "Gave last year and not yet this year: call the largest first.",
        _all(_is("giving.gave", "yes", period=_LAST_YEAR), _is("giving.gave", "no", period=_THIS_YEAR), *_MAY_BE_ASKED),
        False,
    ),
    (
        "Members without consent for e-mail",
        "Ask them at the next renewal.",
        _all(_is("membership.is_member", "yes"), _is("consent", "may_not", _NEWS_BY_EMAIL)),
        False,
    ),
    (
        "Donors of 100 or more this year",
        "For the invitation to the autumn evening.",
        _all(_is("giving.total", "at_least", "100", period=_A_YEAR), *_MAY_BE_ASKED),
        True,
    ),
    (
        "Volunteers who never gave",
        "They know us well. Thank them first, then ask.",
        _all(_is("volunteering.hours", "at_least", "4", period=_A_YEAR), _is("giving.last", "unknown"), *_MAY_BE_ASKED),
        False,
    ),
    (
        "Membership ends within 60 days",
        "For the renewal letters.",
        _all(_is("membership.ends", "in_next", {"count": "60", "unit": "days"}), _is("deceased", "no")),
        True,
    ),
    (
        "Appeal by post",
        "Everyone who may be asked by post, one letter a household.",
        _all(
            _is("has_address", "yes"),
            {
                "match": "any",
                "of": [_is("consent", "may", _APPEALS_BY_POST), _is("giving.gave", "yes", period=_A_YEAR)],
            },
            *_MAY_BE_ASKED,
        ),
        True,
    ),
)


def add_segments(plan: DemoPlan) -> dict[str, int]:
    """Make them, shared with everyone, and take one list."""
    maker = User.objects.filter(email=STAFF[2][0]).first()
    for name, description, criteria, one_per_household in SEGMENTS:
        make_segment(
            by=maker,
            name=name,
            description=description,
            criteria=criteria,
            one_per_household=one_per_household,
            is_shared=True,
        )
    take_snapshot(Segment.objects.get(name="Lapsed donors"), by=maker, name="Lapsed donors, called in November")
    return {"segments": len(SEGMENTS)}
