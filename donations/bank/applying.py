"""A credit becomes a gift: one expected has come, a promise is kept, or it is a new one.

Or it is a payout of Stripe, whose gifts are on record already; or it is put aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent
from core import audit, clock
from core.errors import DomainError
from donations.bank.matching import Suggestion, suggestions_for, sure_of
from donations.bank.payouts import credits_for
from donations.errors import DonationsError
from donations.models import (
    BankCredit,
    BankStatement,
    CreditState,
    Fund,
    Gift,
    GiftSource,
    Instalment,
    Method,
    Payout,
    Pledge,
    PledgeAllocation,
    RecurringGift,
)
from donations.promises.matching import apply_expected
from donations.services.gifts import post_gift, record_gift, void_gift


class BankError(DonationsError):
    """A credit that cannot be applied, or taken back, so."""


@transaction.atomic
def apply_credit(credit: BankCredit, *, key: str, by: User | None, is_sure: bool = False) -> BankCredit:
    """Apply a credit to what a suggestion's key names: `gift-12`, `instalment-3`, `recurring-4`, `donor-5`.

    `payout-6` ties it to a payout, whose gifts are on record by themselves. A gift is dated the day the money was
    booked. Raises BankError when the credit is decided already, and whatever posting a gift raises.
    """
    locked = _waiting(credit)
    kind, _dash, pk = key.partition("-")
    if not pk.isdigit() or kind not in ("gift", "instalment", "recurring", "donor", "payout"):
        raise BankError(_("Choose what it is for."))
    if kind == "payout":
        return _decide(locked, CreditState.PAYOUT, by=by, payout=_arrived(locked, int(pk)), is_sure=is_sure)
    if kind == "gift":
        gift = _come(locked, int(pk), by)
    else:
        gift = _new_gift(locked, _donor_of(kind, int(pk)), kind, int(pk), by)
        if kind != "donor":
            apply_expected(gift, key, by=by)
    return _decide(locked, CreditState.APPLIED, by=by, gift=gift, is_sure=is_sure)


def _come(credit: BankCredit, pk: int, by: User | None) -> Gift:
    gift = Gift.objects.expected().filter(pk=pk).first()
    if gift is None:
        raise BankError(_("This gift is expected no more: look again."))
    if gift.money != credit.money:
        words = {"gift": gift.money, "credit": credit.money}
        raise BankError(
            _("%(gift)s was promised and %(credit)s came. Cancel the promise, and enter a new gift of the donor.")
            % words
        )
    return post_gift(gift, by=by, received_on=credit.booked_on)


def _arrived(credit: BankCredit, pk: int) -> Payout:
    payout = Payout.objects.select_for_update().filter(pk=pk).first()
    if payout is None or not Payout.objects.without_deposit().filter(pk=pk).exists():
        raise BankError(_("This payout has been found on a statement already: look again."))
    if payout.money != credit.money:
        words = {"payout": payout.money, "credit": credit.money}
        raise BankError(_("The payout is %(payout)s and %(credit)s came: they are not the same money.") % words)
    return payout


def _donor_of(kind: str, pk: int) -> Constituent:
    if kind == "donor":
        donor = Constituent.objects.filter(pk=pk).first()
    elif kind == "instalment":
        donor = Constituent.objects.filter(pledges__instalments=pk).first()
    else:
        donor = Constituent.objects.filter(recurring_gifts=pk).first()
    if donor is None:
        raise BankError(_("This is expected no more: look again."))
    return donor


def _new_gift(credit: BankCredit, donor: Constituent, kind: str, pk: int, by: User | None) -> Gift:
    """Record what came, for the funds of the promise it keeps, or the default one."""
    promise: RecurringGift | Instalment | None = None
    if kind == "instalment":
        promise = Instalment.objects.select_related("pledge").get(pk=pk)
    elif kind == "recurring":
        promise = RecurringGift.objects.get(pk=pk)
    source = promise.pledge if isinstance(promise, Instalment) else promise
    return record_gift(
        donor=donor,
        money=credit.money,
        received_on=credit.booked_on,
        by=by,
        allocations=_split(credit, source),
        method=Method.TRANSFER,
        reference=(credit.reference or credit.text)[:120],
        source=GiftSource.IMPORT,
        campaign=source.campaign if source is not None else None,
        appeal=source.appeal if source is not None else None,
    )


def _split(credit: BankCredit, source: Pledge | RecurringGift | None) -> list[tuple[Fund, Decimal]] | None:
    if source is None:
        return None
    rows = PledgeAllocation.objects.filter(pledge=source) if isinstance(source, Pledge) else source.allocations.all()
    parts: list[tuple[Fund, Decimal]] = [(row.fund, row.amount) for row in rows.select_related("fund")]
    amounts = credit.money.split([amount for _fund, amount in parts])
    return [(fund, money.amount) for (fund, _share), money in zip(parts, amounts, strict=True) if money]


@transaction.atomic
def put_aside(credit: BankCredit, *, by: User | None, reason: str) -> BankCredit:
    """Say that a credit is no gift: rent, a refund, a payout that is booked elsewhere."""
    return _decide(_waiting(credit), CreditState.ASIDE, by=by, why=reason)


@transaction.atomic
def take_back(credit: BankCredit, *, by: User | None, reason: str) -> BankCredit:
    """Let a credit wait again; the gift it was applied to is void. Raises BankError when it waits already."""
    locked = BankCredit.objects.select_for_update(of=("self",)).get(pk=credit.pk)
    if locked.state == CreditState.WAITING:
        raise BankError(_("Nothing has been said of this credit yet."))
    if locked.gift is not None and locked.gift.is_counted:
        void_gift(locked.gift, by=by, reason=reason)
    return _decide(locked, CreditState.WAITING, by=by, why=reason)


def apply_sure(statement: BankStatement, *, by: User | None) -> Iterator[tuple[BankCredit, Suggestion | None, str]]:
    """Apply what is sure of a statement; yields each credit, what it was applied to, and why it could not be."""
    for credit in statement.lines.waiting().order_by("booked_on", "pk"):
        suggestion = sure_of(suggestions_for(credit))
        refused = ""
        if suggestion is not None:
            try:
                apply_credit(credit, key=suggestion.key, by=by, is_sure=True)
            except DomainError as error:
                refused, suggestion = str(error), None
        yield credit, suggestion, refused


def tie_waiting(payout: Payout, *, by: User | None = None) -> BankCredit | None:
    """Tie the credit that waits and is without doubt this payout's money, when there is just one; return it."""
    found = credits_for(payout)
    return apply_credit(found[0], key=f"payout-{payout.pk}", by=by, is_sure=True) if len(found) == 1 else None


def _waiting(credit: BankCredit) -> BankCredit:
    locked = BankCredit.objects.select_for_update(of=("self",)).get(pk=credit.pk)
    if locked.state != CreditState.WAITING:
        raise BankError(_("Somebody has decided about this credit already."))
    return locked


def _decide(
    credit: BankCredit,
    state: CreditState,
    *,
    by: User | None,
    gift: Gift | None = None,
    payout: Payout | None = None,
    why: str = "",
    is_sure: bool = False,
) -> BankCredit:
    old = {"state": credit.state, "gift": credit.gift_id, "payout": credit.payout_id}
    credit.state, credit.gift, credit.payout, credit.why, credit.was_sure = state, gift, payout, why, is_sure
    credit.decided_at, credit.decided_by = clock.now(), by
    credit.save(update_fields=["state", "gift", "payout", "why", "was_sure", "decided_at", "decided_by"])
    audit.record(
        "bank.credit_decided",
        credit,
        by=by,
        old=old,
        new={"state": credit.state, "gift": credit.gift_id, "payout": credit.payout_id, "sure": is_sure},
        reason=why,
        about=gift.donor if gift else None,
    )
    return credit
