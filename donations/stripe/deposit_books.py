"""What must hold of payouts, from the rows alone; part of `check_books`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, QuerySet

from donations.models import BalanceLine, BankCredit, CreditState
from donations.services.books import SHOWN, Finding
from donations.stripe.deposits import payouts_off


def _named(kind: str, keys: QuerySet) -> list[str]:
    return [f"{kind} {pk}" for pk in keys.order_by("pk").values_list("pk", flat=True)[:SHOWN]]


def payouts_are_the_sum_of_their_lines() -> Iterator[Finding]:
    """A payout that Stripe has listed in full is what its lines add up to, to the cent."""
    if rows := _named("payout", payouts_off()):
        yield Finding("P1 deposits", "What a payout is made of does not add up to it.", rows)
    strangers = BalanceLine.objects.filter(payout__isnull=False).exclude(currency=F("payout__currency"))
    if rows := _named("balance line", strangers):
        yield Finding("P1 deposits", "A line is in another currency than its payout.", rows)


def deposits_are_their_payouts() -> Iterator[Finding]:
    """The credit on the bank statement is the very amount of the payout it is tied to."""
    tied = BankCredit.objects.filter(state=CreditState.PAYOUT)
    wrong = tied.exclude(amount=F("payout__amount"), currency=F("payout__currency"))
    if rows := _named("bank credit", wrong):
        yield Finding("P2 bank", "A credit is not the amount of the payout it is tied to.", rows)


def lines_are_of_one_kind_of_money() -> Iterator[Finding]:
    """Test money and real money never share a payout."""
    wrong = BalanceLine.objects.filter(payout__isnull=False).exclude(livemode=F("payout__livemode"))
    if rows := _named("balance line", wrong):
        yield Finding("P3 mode", "A payout mixes test money with real money.", rows)


CHECKS = [payouts_are_the_sum_of_their_lines, deposits_are_their_payouts, lines_are_of_one_kind_of_money]
