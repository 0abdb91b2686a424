"""Receipts in the United States.

Sources: IRC section 170(f)(8) and Treas. Reg. 1.170A-13(f) (acknowledgement of a single gift of $250 or more), IRC
section 6115 (disclosure when a payment above $75 is partly for goods or services), Rev. Proc. 90-12 (benefits so small
that they count as nothing) with the limits of each year's revenue procedure on inflation, IRS Publication 1771.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils import formats
from django.utils.translation import gettext as _

from core.clock import calendar_year_bounds
from core.money import Money
from donations.models.gift import AdvantageKind, Method
from donations.receipts.regimes.base import OF, Facts, Issuer, Line, Occasion, Wording, said_goods
from donations.receipts.saying import within

# A payment above this that is partly for goods or services needs the disclosure; not indexed.
DISCLOSURE_ABOVE = Decimal("75.00")
# Benefits worth no more than this share of the payment count as nothing, up to the year's limit.
INSUBSTANTIAL_SHARE = Decimal("0.02")


class TokenLimits(NamedTuple):
    """What counts as nothing in one year, in dollars."""

    article: Decimal  # what a small item with the charity's name on it may cost at most
    payment: Decimal  # what has to be given for such an item to count as nothing
    benefits: Decimal  # the most that two percent of the payment may come to


def _limits(article: str, payment: str, benefits: str) -> TokenLimits:
    return TokenLimits(Decimal(article), Decimal(payment), Decimal(benefits))


# By the calendar year of the gift, from each year's revenue procedure (2019: Rev. Proc. 2018-57; 2025: 2024-40).
# Compared with what nonprofit advisers published of them: all but 2016 and 2026. A year not yet here
# takes the last one known, which never allows too much.
TOKEN_LIMITS: dict[int, TokenLimits] = {
    2015: _limits("10.50", "52.50", "105.00"),
    2016: _limits("10.60", "53.00", "106.00"),
    2017: _limits("10.70", "53.50", "107.00"),
    2018: _limits("10.90", "54.50", "109.00"),
    2019: _limits("11.10", "55.50", "111.00"),
    2020: _limits("11.20", "56.00", "112.00"),
    2021: _limits("11.30", "56.50", "113.00"),
    2022: _limits("11.70", "58.50", "117.00"),
    2023: _limits("12.50", "62.50", "125.00"),
    2024: _limits("13.20", "66.00", "132.00"),
    2025: _limits("13.60", "68.00", "136.00"),
    2026: _limits("13.90", "69.50", "139.00"),
}


def token_limits(date: dt.date) -> TokenLimits | None:
    """Return the limits for a gift of that day, or None before the first year on file (then nothing is disregarded)."""
    known = [year for year in TOKEN_LIMITS if year <= date.year]
    return TOKEN_LIMITS[max(known)] if known else None


class UnitedStates:
    """A contemporaneous written acknowledgement, with the quid pro quo disclosure where one is due."""

    code = "us"
    layout = "letter"
    languages = ("en",)
    asks = ()
    needs_address = False

    def lacking(self, issuer: Issuer, on: dt.date) -> list[str]:
        """Nothing: an acknowledgement needs no number and no authority's word, only who received what."""
        return []

    def shelf(self, facts: Facts) -> str:
        """Any gifts of a donor may stand on one acknowledgement."""
        return ""

    def year_bounds(self, year: int) -> tuple[dt.date, dt.date]:
        """Return the calendar year: the tax year of people."""
        return calendar_year_bounds(year)

    def refusal(self, facts: Facts) -> str:
        """Return why the gift cannot be receipted, or an empty string."""
        if facts.method == Method.DONOR_ADVISED_FUND and facts.donor_is_person:
            return _("It came from a donor-advised fund: the fund has receipted its adviser already.")
        if facts.is_goods:
            return (
                ""
                if facts.description
                else _("The goods given are not described; a receipt names them, never a value.")
            )
        if not self.assess(facts).eligible:
            return _("What the donor got in return is worth the whole gift.")
        return ""

    def assess(self, facts: Facts) -> Line:
        """Return amount, advantage and the eligible part; goods come at zero, described and never valued."""
        zero = Money.zero(facts.left.currency)
        amount = zero if facts.is_goods else facts.left
        counts = not (facts.is_goods or is_insubstantial(facts))
        advantage = min(Money(facts.advantage, amount.currency), amount) if counts else zero
        return Line(
            gift_id=facts.gift_id,
            received_on=facts.received_on,
            amount=amount,
            advantage=advantage,
            eligible=amount - advantage,
            description=said_goods(facts, OF) if facts.is_goods else "",
            purpose=facts.purpose,
            advantage_description=facts.advantage_description,
            advantage_kind=facts.advantage_kind,
            is_described=facts.is_goods,
            is_dues=facts.is_dues,
            is_goods=facts.is_goods,
        )

    def wording(self, lines: Sequence[Line], occasion: Occasion) -> Wording:
        """Return the words; for one gift exactly one sentence says whether goods or services were given in return."""
        year = occasion.year
        named = {"organisation": occasion.issuer.name, "year": year}
        if year:
            title = _("Your giving in %(year)s") % named
            opening = _("Thank you. In %(year)s %(organisation)s received these gifts from you.") % named
        elif len(lines) > 1:
            title = _("Receipt for your gifts")
            opening = _("Thank you. %(organisation)s received these gifts from you.") % named
        else:
            title = _("Receipt for your gift")
            what = within(lines[0].description) if lines[0].is_described else lines[0].amount
            given = {"what": what, "date": _date(lines[0])}
            opening = _("Thank you. %(organisation)s received your gift of %(what)s on %(date)s.") % (named | given)
        statements = _goods_or_services(lines)
        if any(line.advantage and line.amount.amount > DISCLOSURE_ABOVE for line in lines):
            statements.append(
                _(
                    "The amount of a contribution that is deductible for federal income tax purposes is limited to the "
                    "excess of the money contributed over the value of the goods or services provided in return."
                )
            )
        if any(line.is_described for line in lines):
            statements.append(_("The value of goods given is for you to establish; it is not stated here."))
        registration = (
            _("%(organisation)s is a tax-exempt organization under section 501(c)(3) of the Internal Revenue Code.")
            % named
        )
        return Wording(
            title=title,
            opening=opening,
            statements=tuple(statements),
            registration=registration,
            registration_label=_("Tax ID (EIN)"),
            closing=_("Please keep this receipt for your tax records."),
            items=tuple(_item(line) for line in lines),
        )


def is_insubstantial(facts: Facts) -> bool:
    """Return whether what the donor got counts as nothing (Rev. Proc. 90-12, section 3.01).

    Either it is worth no more than two percent of the payment and the year's limit, or it is a small item with the
    charity's name on it for a payment large enough.
    """
    if not facts.advantage:
        return True
    limits = token_limits(facts.received_on)
    if limits is None or facts.left.currency != "USD":
        return False
    payment = facts.left.amount
    if facts.advantage <= min(payment * INSUBSTANTIAL_SHARE, limits.benefits):
        return True
    is_token = facts.advantage_kind == AdvantageKind.TOKEN
    return is_token and payment >= limits.payment and facts.advantage <= limits.article


def _goods_or_services(lines: Sequence[Line]) -> list[str]:
    """Return the sentences of section 170(f)(8)(B)(ii) and (iii)."""
    returned = [line for line in lines if line.advantage]
    religious = [line for line in lines if line.advantage_kind == AdvantageKind.RELIGIOUS and not line.advantage]
    rest = len(lines) - len(returned) - len(religious)
    if len(lines) == 1:
        return [_only_sentence(lines[0])]
    if rest == len(lines):
        return [_("No goods or services were provided in return for these contributions.")]
    if len(religious) == len(lines):
        return [_("You received intangible religious benefits only in return for these contributions.")]
    sentences = [
        _("In return for your gift of %(date)s you received %(what)s, which we estimate in good faith at %(value)s.")
        % {"date": _date(line), "what": _what(line), "value": line.advantage}
        for line in returned
    ]
    sentences += [
        _("In return for your gift of %(date)s you received intangible religious benefits only.")
        % {"date": _date(line)}
        for line in religious
    ]
    if rest:
        sentences.append(_("No goods or services were provided in return for the other gifts."))
    return sentences


def _only_sentence(line: Line) -> str:
    if line.advantage:
        return _("In return you received %(what)s, which we estimate in good faith at %(value)s.") % {
            "what": _what(line),
            "value": line.advantage,
        }
    if line.advantage_kind == AdvantageKind.RELIGIOUS:
        return _("You received intangible religious benefits only in return for this contribution.")
    return _("No goods or services were provided in return for this contribution.")


def _what(line: Line) -> str:
    return within(line.advantage_description) or _("goods or services")


def _item(line: Line) -> str:
    """Goods are named and carry no amount: their value is not ours to state."""
    words = _("Membership dues: %(purpose)s") if line.is_dues else _("Gift of money: %(purpose)s")
    return line.description if line.is_described else words % {"purpose": line.purpose}


def _date(line: Line) -> str:
    return formats.date_format(line.received_on, "N j, Y")
