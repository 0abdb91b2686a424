"""Who could be asked for a declaration, and what it would bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from constituents.models import Kind
from constituents.segments.criteria import Criterion
from constituents.segments.families import FactCriterion, NumberCriterion, Numbers
from constituents.segments.registry import register_criteria
from constituents.segments.sets import Found, Keys
from constituents.segments.shapes import Amount
from donations.gift_aid.eligibility import gift_aid_is_on
from donations.gift_aid.years import first_claimable_day, first_covered_before
from donations.models import Gift, GiftAidDeclaration, GiftAidSettings, Method, NotEnoughTax

SEE = "donations.view_giftaiddeclaration"
GROUP = _("Gift Aid")
_NEVER = (Method.IN_KIND, Method.SECURITIES, Method.PAYROLL, Method.DONOR_ADVISED_FUND)
_QUARTER = Decimal("0.25")


def missed_gifts(today: dt.date) -> QuerySet[Gift]:
    """Return the gifts of people without a declaration that one made today would let us claim on.

    Told by the database alone, so not to the penny: of gifts with something in return only those are counted whose
    return is worth a twentieth at most, which no limit forbids.
    """
    since = max(first_covered_before(today), first_claimable_day(today, GiftAidSettings.load().period))
    declared = GiftAidDeclaration.objects.standing().filter(donor=OuterRef("donor"))
    told = NotEnoughTax.objects.filter(Q(until__isnull=True) | Q(until__gte=today), donor=OuterRef("donor"))
    return (
        Gift.objects.counted(dues=True)
        .between(since, today)
        .filter(donor__kind=Kind.PERSON, donor__is_deceased=False, donor__merged_into__isnull=True)
        .filter(~Exists(declared), ~Exists(told), advantage_amount__lte=F("amount") * Decimal("0.05"))
        .exclude(method__in=_NEVER)
        .order_by()
    )


def _missed(where: Mapping[str, Any], today: dt.date) -> Numbers:
    # Multiplied, not divided: SQLite would divide whole pounds as whole numbers.
    tax = Round(Sum("net_base_amount") * _QUARTER, 3)
    return Numbers(missed_gifts(today).values("donor").annotate(number=tax), "donor")


def _could_ask(where: Mapping[str, Any], today: dt.date) -> Found:
    return Keys(missed_gifts(today), "donor")


def _declared(where: Mapping[str, Any], today: dt.date) -> Found:
    return Keys(GiftAidDeclaration.objects.standing().order_by(), "donor")


def register() -> None:
    """Offer them for segments, lists and rules, where Gift Aid is claimed."""
    register_criteria("gift_aid", lambda: _criteria() if gift_aid_is_on() else ())


def _criteria() -> Iterable[Criterion]:
    common: dict[str, Any] = {"group": GROUP, "permission": SEE}
    return (
        FactCriterion(
            key="gift_aid.declared",
            label=_("Gift Aid declared"),
            fact=_declared,
            says=_("declared Gift Aid"),
            says_not=_("did not declare Gift Aid"),
            **common,
        ),
        FactCriterion(
            key="gift_aid.could_ask",
            label=_("Could be asked for a Gift Aid declaration"),
            fact=_could_ask,
            says=_("could be asked for a Gift Aid declaration"),
            says_not=_("need not be asked for a Gift Aid declaration"),
            **common,
        ),
        NumberCriterion(
            key="gift_aid.missed",
            label=_("Gift Aid a declaration would bring"),
            numbers=_missed,
            shape=Amount(),
            phrases={
                "at_least": _("would bring %(value)s or more of Gift Aid%(where)s"),
                "at_most": _("would bring %(value)s of Gift Aid at most%(where)s"),
                "between": _("would bring between %(value)s of Gift Aid%(where)s"),
            },
            **common,
        ),
    )
