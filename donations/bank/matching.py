"""What a credit may be for: by reference first, then by amount and payer.

Sure is a credit that names a gift, dues, a pledge or a standing order by reference and has its very amount; or one from
an account that a donor has paid from before, when of all that is expected of that donor just one thing has its amount;
or one that can only be a payout of Stripe.
Everything else is a suggestion, and somebody says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from constituents.merging.signposts import standing
from constituents.models import Constituent
from core.theme.figures import day_in_words
from donations.bank.payouts import payouts_for
from donations.models import BankCredit, CreditState, Gift, GiftKind
from donations.promises.matching import Expected, expected_for, tokens_of

_NAMED, _KNOWN_PAYER, _AMOUNT, _BY_NAME = 100, 40, 20, 5
_MOST = 6
#: A token shorter than this is in too many texts to name anything.
_SHORTEST_REFERENCE = 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing a credit may be, and why we think so."""

    key: str
    #: None for a payout, which is nobody's gift.
    donor: Constituent | None
    words: str
    score: int
    is_sure: bool = False


def suggestions_for(credit: BankCredit) -> list[Suggestion]:
    """Return what the credit may be for, the likeliest first; a new gift of each likely donor comes after the rest."""
    payouts = list(_payouts(credit))
    if any(each.is_sure for each in payouts):
        return payouts
    payers = known_payers(credit)
    named = list(_by_name(credit)) if not payers else []
    found = [*_promised_gifts(credit, payers), *_promises(credit, [*payers, *named], payers)]
    found = _only_one_is_sure(found)
    donors = dict.fromkeys([*payers, *named, *(each.donor for each in found if each.donor)])
    found += [
        Suggestion(f"donor-{donor.pk}", donor, _("a new gift"), _KNOWN_PAYER if donor in payers else _BY_NAME)
        for donor in donors
    ]
    return sorted([*payouts, *found], key=lambda each: (-each.score, each.key))[:_MOST]


def _payouts(credit: BankCredit) -> Iterator[Suggestion]:
    """Yield the payouts it may be; when one is named the money is no gift, whatever else would fit."""
    found = payouts_for(credit)
    only_one = sum(match.is_named for match in found) == 1
    for match in found:
        words = _("The payout of Stripe that arrives on %(day)s: its gifts are on record already")
        yield Suggestion(
            f"payout-{match.payout.pk}",
            None,
            words % {"day": day_in_words(match.payout.arrives_on, "medium")},
            match.is_named * _NAMED + _AMOUNT - match.days_apart,
            is_sure=match.is_named and only_one,
        )


def sure_of(suggestions: Iterable[Suggestion]) -> Suggestion | None:
    """Return the one that needs no asking, if there is one."""
    return next((each for each in suggestions if each.is_sure), None)


def known_payers(credit: BankCredit) -> list[Constituent]:
    """Return who has paid from this account before, as credits that were applied say."""
    if not credit.payer_account:
        return []
    rows = BankCredit.objects.filter(payer_account=credit.payer_account, state=CreditState.APPLIED)
    rows = rows.exclude(pk=credit.pk).select_related("gift__donor").order_by("-booked_on", "-pk")[:20]
    return list(dict.fromkeys(standing(row.gift.donor) for row in rows if row.gift))


def _by_name(credit: BankCredit) -> Iterator[Constituent]:
    if not credit.payer.strip():
        return
    for found in Constituent.objects.current().ranked(credit.payer, limit=3):
        if not found.is_guess:
            yield found.constituent


def _promised_gifts(credit: BankCredit, payers: list[Constituent]) -> Iterator[Suggestion]:
    """Yield gifts and dues that are expected and have the amount, or are named; not what is being paid online."""
    tokens = [token for token in tokens_of(credit.words) if len(token) >= _SHORTEST_REFERENCE]
    asked = Q(amount=credit.amount, donor__in=payers) | (Q(reference__in=tokens) & ~Q(reference=""))
    expected = Gift.objects.expected().filter(checkout__isnull=True, currency=credit.currency)
    rows = expected.filter(asked).select_related("donor").order_by("pk")
    for gift in rows[:20]:
        named, fits = bool(gift.reference) and gift.reference.upper() in tokens, gift.amount == credit.amount
        words = (
            _("the dues expected since %(day)s") if gift.kind == GiftKind.DUES else _("the gift promised on %(day)s")
        )
        known = gift.donor in payers
        yield Suggestion(
            f"gift-{gift.pk}",
            gift.donor,
            words % {"day": day_in_words(gift.received_on, "medium")},
            named * _NAMED + known * _KNOWN_PAYER + fits * _AMOUNT,
            is_sure=fits and (named or known),
        )


def _promises(credit: BankCredit, donors: list[Constituent], payers: list[Constituent]) -> Iterator[Suggestion]:
    """Yield instalments of pledges and standing orders, named by reference or of who may have paid."""
    found: dict[str, Expected] = {}
    for donor in [None, *donors]:
        for each in expected_for(donor=donor, money=credit.money, on=credit.booked_on, reference=credit.words):
            found.setdefault(each.key, each)
    for each in found.values():
        known, fits = each.donor in payers, each.open == credit.money
        yield Suggestion(
            each.key,
            each.donor,
            each.words,
            each.score + known * _KNOWN_PAYER,
            is_sure=each.is_sure or (known and fits),
        )


def _only_one_is_sure(found: list[Suggestion]) -> list[Suggestion]:
    """Two that both seem sure are none: the one that is named more clearly wins, a draw is for somebody to settle."""
    sure = sorted((each for each in found if each.is_sure), key=lambda each: -each.score)
    best = sure[0] if sure and (len(sure) == 1 or sure[0].score > sure[1].score) else None
    return [
        each if not each.is_sure or each is best else Suggestion(each.key, each.donor, each.words, each.score)
        for each in found
    ]
