"""Thank-you receipts in the United Kingdom.

The law asks for no receipt: the donor's relief hangs on the Gift Aid declaration. What donors and their accountants
need is the date and amount of each gift, whether Gift Aid was or can be claimed on it, and what they got in return;
with it those who pay tax above the basic rate claim theirs (Income Tax Act 2007, section 414; gov.uk, Tax relief when
you donate to a charity). A yearly one covers the tax year, 6 April to 5 April, named by the year it ends in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from core.money import Money
from donations.gift_aid.tax import tax_on
from donations.gift_aid.years import tax_year_bounds, tax_year_name
from donations.models.gift import Method
from donations.receipts.regimes.base import CLAIMABLE, CLAIMED, OF, Facts, Issuer, Line, Occasion, Wording, said_goods
from donations.receipts.saying import within


class UnitedKingdom:
    """A receipt that says of each gift how it stands with Gift Aid."""

    code = "uk"
    layout = "letter"
    languages = ("en-gb",)
    asks = ()
    needs_address = False

    def lacking(self, issuer: Issuer, on: dt.date) -> list[str]:
        """Nothing: a receipt needs no authority's word."""
        return []

    def shelf(self, facts: Facts) -> str:
        """Any gifts of a donor may stand on one receipt."""
        return ""

    def year_bounds(self, year: int) -> tuple[dt.date, dt.date]:
        """Return 6 April of the year before and 5 April of the year."""
        return tax_year_bounds(year)

    def refusal(self, facts: Facts) -> str:
        """Return why the gift cannot be receipted, or an empty string."""
        if facts.method == Method.DONOR_ADVISED_FUND and facts.donor_is_person:
            return _("It came from a donor-advised fund or charity account, which has receipted its donor already.")
        if facts.is_goods and not facts.description:
            return _("The goods given are not described; a receipt names them, never a value.")
        return ""

    def assess(self, facts: Facts) -> Line:
        """Return the amount given, in full: within the limits, what came back takes nothing from a gift."""
        zero = Money.zero(facts.left.currency)
        amount = zero if facts.is_goods else facts.left
        return Line(
            gift_id=facts.gift_id,
            received_on=facts.received_on,
            amount=amount,
            advantage=zero,
            eligible=amount,
            description=said_goods(facts, OF) if facts.is_goods else "",
            purpose=facts.purpose,
            advantage_description=_in_return(facts),
            advantage_kind=facts.advantage_kind,
            is_described=facts.is_goods,
            is_dues=facts.is_dues,
            is_goods=facts.is_goods,
            gift_aid=facts.gift_aid,
        )

    def wording(self, lines: Sequence[Line], occasion: Occasion) -> Wording:
        """Return the words: thanks, how each gift stands with Gift Aid, what came back, what the donor may claim."""
        named = {"organisation": occasion.issuer.name}
        if occasion.year:
            first, last = tax_year_bounds(occasion.year)
            named |= {"year": tax_year_name(occasion.year), "first": _day(first), "last": _day(last)}
            title = _("Your giving in the tax year %(year)s") % named
            opening = (
                _("Thank you. From %(first)s to %(last)s %(organisation)s received these donations from you.") % named
            )
        elif len(lines) > 1:
            title = _("Receipt for your donations")
            opening = _("Thank you. %(organisation)s received these donations from you.") % named
        else:
            title = _("Receipt for your donation")
            what = within(lines[0].description) if lines[0].is_described else lines[0].amount
            named |= {"what": str(what), "date": _day(lines[0].received_on)}
            opening = _("Thank you. %(organisation)s received your donation of %(what)s on %(date)s.") % named
        return Wording(
            title=title,
            opening=opening,
            statements=(*_about_gift_aid(lines), *_about_returns(lines)),
            registration=_("%(organisation)s is a charity registered in the United Kingdom.") % named,
            registration_label=_("Charity number"),
            closing=_("Please keep this receipt for your tax records."),
            items=tuple(_item(line) for line in lines),
        )


def _about_gift_aid(lines: Sequence[Line]) -> list[str]:
    """Return how the gifts of money stand with Gift Aid, and what that means to whoever pays more than basic rate."""
    money = [line for line in lines if not line.is_goods]
    claimed = [line for line in money if line.gift_aid == CLAIMED]
    claimable = [line for line in money if line.gift_aid == CLAIMABLE]
    sentences = []
    if claimed:
        sentences.append(
            _("We have claimed Gift Aid of %(tax)s on donations of %(given)s.")
            % {"tax": _tax(claimed), "given": _given(claimed)}
        )
    if claimable:
        sentences.append(
            _("Your declaration lets us claim Gift Aid of %(tax)s on donations of %(given)s.")
            % {"tax": _tax(claimable), "given": _given(claimable)}
        )
    if money and not claimed and not claimable:
        sentences.append(_("No Gift Aid is claimed on it."))
    elif len(claimed) + len(claimable) < len(money):
        rest = [line for line in money if line.gift_aid not in (CLAIMED, CLAIMABLE)]
        sentences.append(_("No Gift Aid is claimed on donations of %(given)s.") % {"given": _given(rest)})
    if claimed or claimable:
        sentences.append(
            _(
                "If you pay tax above the basic rate you can claim the difference: name Gift Aid donations of "
                "%(given)s in your Self Assessment tax return, or ask HMRC to change your tax code."
            )
            % {"given": _given([*claimed, *claimable])}
        )
    return sentences


def _about_returns(lines: Sequence[Line]) -> list[str]:
    return [
        _("In return for your donation of %(date)s you received %(what)s.")
        % {"date": _day(line.received_on), "what": within(line.advantage_description)}
        for line in lines
        if line.advantage_description
    ]


def _in_return(facts: Facts) -> str:
    if not facts.advantage:
        return ""
    value = Money(facts.advantage, facts.left.currency)
    return _("%(what)s worth %(value)s") % {"what": facts.advantage_description or _("a benefit"), "value": value}


def _given(lines: Sequence[Line]) -> Money:
    return sum((line.amount for line in lines), Money.zero(lines[0].amount.currency))


def _tax(lines: Sequence[Line]) -> Money:
    total = sum((tax_on(line.amount.amount, line.received_on) for line in lines), Decimal(0))
    return Money(total, lines[0].amount.currency)


def _item(line: Line) -> str:
    """Goods are named and carry no amount."""
    words = _("Membership subscription: %(purpose)s") if line.is_dues else _("Donation: %(purpose)s")
    return line.description if line.is_described else words % {"purpose": line.purpose}


def _day(day: dt.date) -> str:
    return formats.date_format(day, "j F Y")
