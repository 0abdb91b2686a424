"""The words of a letter of thanks: plain paragraphs, **bold**, and fields in braces. No template language reads them.

What is put in is data: a name that looks like a field or holds two asterisks prints as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.services.letters import check_letter, fill_letter, paragraphs_of
from core.money import Money
from core.organisation import current_organisation
from core.theme.figures import day_in_words
from donations.models import Gift
from donations.receipts.regimes.base import GOODS_METHODS
from donations.thanks.phrases import phrases

if TYPE_CHECKING:
    from donations.thanks.letters import Letter

#: A part of a paragraph, and whether it is bold.
Run = tuple[str, bool]
Paragraph = list[Run]

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_SHOWN_DATES = 3


def _listed(values: Iterable[str], language: str) -> str:
    return phrases(language).listed(list(dict.fromkeys(value for value in values if value)))


def amounts_of(gifts: Sequence[Gift], language: str) -> str:
    """Return what was given: the sum of each currency, and goods by what they are, never by a value."""
    sums: dict[str, Money] = {}
    goods = [given(gift, language) for gift in gifts if gift.method in GOODS_METHODS]
    for gift in gifts:
        if gift.method not in GOODS_METHODS:
            sums[gift.currency] = sums.get(gift.currency, Money.zero(gift.currency)) + gift.left
    return _listed([*(str(money) for money in sums.values()), *goods], language)


def given(gift: Gift, language: str) -> str:
    """Return what one gift was: its amount, or goods by what they are."""
    return (gift.description or phrases(language).goods) if gift.method in GOODS_METHODS else str(gift.left)


def _dates(letter: Letter) -> str:
    days = sorted({gift.received_on for gift in letter.gifts})
    if len(days) <= _SHOWN_DATES:
        return _listed([day_in_words(day) for day in days], letter.language)
    return phrases(letter.language).from_to % {"first": day_in_words(days[0]), "last": day_in_words(days[-1])}


def _funds(letter: Letter) -> list[tuple[str, str]]:
    funds = [part.fund for gift in letter.gifts for part in gift.allocations.all()]
    return list(dict.fromkeys((fund.name, fund.purpose) for fund in funds))


def _of_each(letter: Letter, what: Callable[[Gift], object]) -> str:
    return _listed([str(what(gift) or "") for gift in letter.gifts], letter.language)


#: What may stand in a letter of thanks: its name, what it is called, what it says of a letter.
FIELDS: Mapping[str, tuple[object, Callable[[Letter], str]]] = {
    "salutation": (gettext_lazy("as friends are greeted: Ann and Tom"), lambda letter: letter.salutation),
    "formal_salutation": (gettext_lazy("as strangers are: Dr Lee"), lambda letter: letter.formal_salutation),
    "name": (gettext_lazy("the name as on the envelope"), lambda letter: letter.addressee),
    "gift": (
        gettext_lazy("“your gift”, or “your 2 gifts”"),
        lambda letter: phrases(letter.language).gifts(len(letter.gifts)),
    ),
    "amount": (gettext_lazy("what was given, in all"), lambda letter: amounts_of(letter.gifts, letter.language)),
    "date": (gettext_lazy("when it was given"), _dates),
    "fund": (
        gettext_lazy("what it is for"),
        lambda letter: _listed([name for name, _purpose in _funds(letter)], letter.language),
    ),
    "purpose": (
        gettext_lazy("the fund’s sentence for donors"),
        lambda letter: " ".join(dict.fromkeys(purpose for _name, purpose in _funds(letter) if purpose)),
    ),
    "campaign": (gettext_lazy("the campaign"), lambda letter: _of_each(letter, lambda gift: gift.campaign)),
    "tribute": (gettext_lazy("in whose honour or memory"), lambda letter: _of_each(letter, lambda gift: gift.tribute)),
    "method": (gettext_lazy("how it came"), lambda letter: _of_each(letter, lambda gift: gift.get_method_display())),
    "receipt": (
        gettext_lazy("the number of the receipt"),
        lambda letter: _of_each(letter, lambda gift: gift.live_receipt),
    ),
    "organisation": (gettext_lazy("your organisation"), lambda letter: current_organisation().name),
    "signatory": (
        gettext_lazy("who signs"),
        lambda letter: letter.template.signatory_name or current_organisation().signatory_name,
    ),
}


def check_words(words: str) -> None:
    """Raise ValidationError naming a field that there is not, a brace that stands alone, or that nothing is said."""
    check_letter(words, FIELDS)
    if not paragraphs_of(words):
        raise ValidationError(_("Write something."))


def written(words: str, letter: Letter) -> list[Paragraph]:
    """Return the paragraphs with their bold parts, the fields put in. Call it in the letter's own language."""
    return [
        [(fill_letter(run, letter, FIELDS), strong) for run, strong in _runs(part)] for part in paragraphs_of(words)
    ]


def _runs(paragraph: str) -> list[Run]:
    # Bold is read before fields are put in, so that no value is taken for it.
    parts = _BOLD.split(paragraph)
    return [(part, bool(place % 2)) for place, part in enumerate(parts) if part]


def one_line(words: str, letter: Letter) -> str:
    """Return a subject with the fields put in, on one line."""
    return " ".join(fill_letter(words, letter, FIELDS).split())
