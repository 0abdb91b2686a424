"""The treasurer's desk: accounts of a small charity, a journal handed over by quarters, and a year that was closed."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import get_user_model

from core.demo import DemoPlan
from donations.accounting.exporting import export_journal, take_back_export
from donations.accounting.periods import close_period, reopen_period
from donations.accounting.setting_up import set_up_journal
from donations.models import AccountUse, Fund, JournalGrouping, LedgerEntry

GIFT_PROCESSOR, ADMINISTRATOR = "gifts@example.org", "admin@example.org"

ACCOUNTS: dict[str, tuple[str, str]] = {
    AccountUse.CARD: ("1050", "Card processor, in transit"),
    AccountUse.BANK_DEBIT: ("1010", "Harbour Savings, current account"),
    AccountUse.TRANSFER: ("1010", "Harbour Savings, current account"),
    AccountUse.CHEQUE: ("1020", "Cheques to deposit"),
    AccountUse.CASH: ("1000", "Cash box"),
    AccountUse.SECURITIES: ("1300", "Securities to sell"),
    AccountUse.INCOME: ("4000", "Gifts, unrestricted"),
    AccountUse.DUES: ("4600", "Membership dues"),
    AccountUse.IN_KIND_INCOME: ("4500", "Gifts in kind"),
    AccountUse.REFUNDS: ("4900", "Refunds to donors"),
    AccountUse.CHARGE_BACKS: ("4910", "Charge-backs"),
    # One account for what is on its way, whether donors or Stripe have it: no lines from one to the other.
    AccountUse.STRIPE: ("1050", "Card processor, in transit"),
    AccountUse.FEES: ("6300", "Card fees"),
    AccountUse.DEPOSITS: ("1010", "Harbour Savings, current account"),
    AccountUse.STRIPE_OTHER: ("1090", "To be cleared up"),
}


def add_accounting(plan: DemoPlan) -> dict[str, int]:
    """Enter the accounts, hand over this year's quarters, and close the year before, which was opened once more.

    It is left open, so that old gifts can still be brought in by an import.
    """
    by = get_user_model().objects.filter(email=GIFT_PROCESSOR).first()
    new_year = dt.date(plan.today.year, 1, 1)
    set_up_journal(accounts=ACCOUNTS, begins_on=new_year, grouping=JournalGrouping.MONTH, by=by)
    for number, fund in enumerate(Fund.objects.filter(is_default=False, accounting_code="").order_by("pk"), start=1):
        Fund.objects.filter(pk=fund.pk).update(accounting_code=str(4000 + 10 * number))
    exports = [export_journal(through=last, by=by) for last in _quarters(plan.today)]
    if exports:
        last = exports[-1]
        take_back_export(last, by=by, reason="Went to the old chart of accounts; the bookkeeper asked for it again.")
        exports.append(export_journal(through=last.through, by=by))
    closed = close_period(through=new_year - dt.timedelta(days=1), by=by, note="Handed to the auditor.")
    administrator = get_user_model().objects.filter(email=ADMINISTRATOR).first()
    reopen_period(closed, by=administrator, reason="The auditor found a cheque of December in the safe.")
    return {"journal_exports": len(exports)}


def _quarters(today: dt.date) -> list[dt.date]:
    """Return the last days of this year's quarters that are over and in which something was given."""
    found = []
    for month in (1, 4, 7):
        first, last = dt.date(today.year, month, 1), dt.date(today.year, month + 3, 1) - dt.timedelta(days=1)
        if last < today and LedgerEntry.objects.filter(effective_on__range=(first, last)).exists():
            found.append(last)
    return found
