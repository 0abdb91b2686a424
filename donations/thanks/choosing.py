"""Which words thank for a gift: of the templates that fit the first in the list; the donor's own language comes first.

Each template says for which gifts it is. Those in the donor's language are asked first, from the top of the list; then
those that are also for readers of other languages, from the top. Where none fits, our own words stand in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from constituents.models import Constituent
from core.money import Money
from core.organisation import current_organisation
from donations.models import Gift, GiftNumber, Method, ReceiptWith, ThankYouTemplate, TributeKind
from donations.thanks.phrases import phrases


@dataclass(frozen=True, slots=True)
class Facts:
    """What templates ask about a gift."""

    amount: Decimal
    funds: frozenset[int]
    method: str
    is_first: bool
    is_tribute: bool
    language: str

    @classmethod
    def of(cls, gift: Gift) -> Facts:
        """Return the facts of a gift that was loaded by `gifts_to_thank`."""
        return cls(
            amount=gift.base_amount,
            funds=frozenset(part.fund_id for part in gift.allocations.all()),
            method=gift.method,
            is_first=gift.is_first,  # type: ignore[attr-defined]
            is_tribute=bool(gift.tribute),
            language=language_of(gift.donor),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a template says to a gift."""

    template: ThankYouTemplate
    misfit: str
    is_chosen: bool


def language_of(donor: Constituent) -> str:
    """Return the language we write to a donor in: theirs, where we write letters in it."""
    known = {code for code, _name in settings.LANGUAGES}
    for code in (donor.language, donor.language.partition("-")[0]):
        if code in known:
            return code
    return settings.LANGUAGE_CODE


def misfit(template: ThankYouTemplate, facts: Facts) -> str:
    """Return why a template is not for a gift, in words for staff; empty when it is. Asks the database nothing."""
    funds = {fund.pk: fund.name for fund in template.funds.all()}
    currency = current_organisation().base_currency
    if not template.is_active:
        return _("It is not in use.")
    if funds and not facts.funds & funds.keys():
        return _("It is for gifts to %(funds)s.") % {"funds": ", ".join(sorted(funds.values()))}
    if template.amount_from is not None and facts.amount < template.amount_from:
        return _("It is for gifts from %(amount)s on.") % {"amount": Money(template.amount_from, currency)}
    if template.amount_below is not None and facts.amount >= template.amount_below:
        return _("It is for gifts below %(amount)s.") % {"amount": Money(template.amount_below, currency)}
    if template.number == GiftNumber.FIRST and not facts.is_first:
        return _("It is for first gifts.")
    if template.number == GiftNumber.FURTHER and facts.is_first:
        return _("It is for second and later gifts.")
    if template.tribute == TributeKind.WITH and not facts.is_tribute:
        return _("It is for gifts in somebody’s honour or memory.")
    if template.tribute == TributeKind.WITHOUT and facts.is_tribute:
        return _("It is not for gifts in somebody’s honour or memory.")
    if template.method and template.method != facts.method:
        return _("It is for gifts by %(method)s.") % {"method": Method(template.method).label.lower()}
    if template.language != facts.language and not template.other_languages:
        return _("It is for who reads %(language)s.") % {"language": _language_name(template.language)}
    return ""


def _language_name(code: str) -> str:
    return str(get_language_info(code)["name_translated"])


class Templates:
    """The templates in use, loaded once for however many gifts."""

    def __init__(self, templates: Sequence[ThankYouTemplate] | None = None) -> None:
        self.all = list(ThankYouTemplate.objects.in_use()) if templates is None else list(templates)

    def choose(self, facts: Facts) -> ThankYouTemplate:
        """Return the template for a gift, or our own words in the donor's language."""
        fitting = [template for template in self.all if not misfit(template, facts)]
        own = [template for template in fitting if template.language == facts.language]
        return next(iter([*own, *fitting]), None) or own_words(facts.language)

    def explain(self, facts: Facts) -> Iterator[Answer]:
        """Return what every template says to a gift, in the order of the list."""
        chosen = self.choose(facts)
        for template in self.all:
            yield Answer(template, misfit(template, facts), template is chosen)


def own_words(language: str) -> ThankYouTemplate:
    """Return a template, not saved, of the words we bring along; with them whoever gives online is thanked at once."""
    return ThankYouTemplate(
        name=_("Steward’s own words"),
        words=phrases(language).words,
        language=language,
        email_at_once=True,
        receipt=ReceiptWith.ENCLOSED,
    )
