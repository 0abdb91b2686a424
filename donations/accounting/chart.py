"""The chart of accounts: which account of the organisation's own books a side of a line stands in."""

from __future__ import annotations

from typing import NamedTuple

from donations.models import Account, AccountUse, Fund


class AccountName(NamedTuple):
    """An account as the journal writes it; without a number until somebody has entered one."""

    code: str
    name: str


class Chart:
    """Every account, read once."""

    def __init__(self) -> None:
        self._accounts = {account.use: account for account in Account.objects.all()}
        self._funds = Fund.objects.in_bulk()

    def of(self, use: str) -> AccountName:
        """Return the account for a use."""
        account = self._accounts.get(use)
        return AccountName(account.code, account.label) if account else AccountName("", str(AccountUse(use).label))

    def income_of(self, fund: int) -> AccountName:
        """Return the account gifts to a fund are booked in: its own, or the common one."""
        code = self._funds[fund].accounting_code
        return AccountName(code, self._funds[fund].name) if code else self.of(AccountUse.INCOME)

    def fund_code(self, fund: int) -> str:
        """Return the fund's short lasting name."""
        return self._funds[fund].code
