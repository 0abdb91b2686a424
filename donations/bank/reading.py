"""A file from the bank becomes a statement and its credits. Reading it twice, or one that overlaps, adds nothing twice.

A credit is known by the bank's own id; where it has none, by everything the bank says of it and which of several alike
on that day it is.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.spreading import batched
from donations.bank.readers import Entry, StatementError, read_entries
from donations.models import BankAccount, BankCredit, BankStatement


@transaction.atomic
def read_statement(
    path: Path, *, name: str, account: BankAccount, by: User | None, columns: Mapping[str, str] | None = None
) -> BankStatement:
    """Read a file and keep each credit that is new; they wait to be applied.

    `columns` says which heading of a CSV holds what; what is left out is found, or as it was for this account before.
    Raises StatementError naming what cannot be read; then nothing is kept.
    """
    account = BankAccount.objects.select_for_update().get(pk=account.pk)
    form, entries, used = read_entries(
        path, currency=account.currency, columns=columns or {}, remembered=account.columns
    )
    _check(entries, account)
    days = [entry.booked_on for entry in entries]
    statement = BankStatement.objects.create(
        account=account,
        format=form,
        file_name=name[:255],
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        begins_on=min(days),
        ends_on=max(days),
        debits=sum(entry.money.amount < 0 for entry in entries),
        read_at=clock.now(),
        read_by=by,
    )
    named = list(_fingerprints(account, (entry for entry in entries if entry.money.amount > 0)))
    new = _new(named)
    BankCredit.objects.bulk_create(_credit(statement, print_, entry) for print_, entry in new)
    statement.credits, statement.known = len(named), len(named) - len(new)
    statement.save(update_fields=["credits", "known"])
    if used and used != account.columns:
        account.columns = used
        account.save(update_fields=["columns"])
    facts = {"file": statement.file_name, "sha256": statement.sha256, "credits": statement.credits}
    audit.record("bank.statement_read", statement, by=by, new=facts | {"known": statement.known})
    return statement


def _check(entries: list[Entry], account: BankAccount) -> None:
    if not entries:
        raise StatementError(_("There is no booked entry in this file."))
    others = {entry.money.currency for entry in entries} - {account.currency}
    if others:
        words = {"others": ", ".join(sorted(others)), "account": account, "currency": account.currency}
        raise StatementError(_("The file has entries in %(others)s; %(account)s is in %(currency)s.") % words)
    late = max(entry.booked_on for entry in entries)
    if late > clock.today():
        raise StatementError(_("The file has an entry of %(day)s, which is still to come.") % {"day": late.isoformat()})


def _fingerprints(account: BankAccount, credits: Iterable[Entry]) -> Iterator[tuple[str, Entry]]:
    alike: Counter[tuple[str, ...]] = Counter()
    for entry in credits:
        said = (
            entry.booked_on.isoformat(),
            entry.money.plain,
            entry.payer.casefold(),
            entry.payer_account,
            entry.reference,
            " ".join(entry.text.split()),
        )
        # An id of the bank's is its own on one day: some banks count anew each morning.
        facts = ("id", entry.bank_id, entry.booked_on.isoformat(), entry.money.plain) if entry.bank_id else said
        alike[facts] += 1
        text = "\x1f".join([str(account.pk), *facts, str(alike[facts])])
        yield hashlib.sha256(text.encode()).hexdigest(), entry


def _new(named: list[tuple[str, Entry]]) -> list[tuple[str, Entry]]:
    known: set[str] = set()
    for some in batched([print_ for print_, _entry in named], 500):
        known.update(BankCredit.objects.filter(fingerprint__in=some).values_list("fingerprint", flat=True))
    return [(print_, entry) for print_, entry in named if print_ not in known]


def _credit(statement: BankStatement, fingerprint: str, entry: Entry) -> BankCredit:
    return BankCredit(
        statement=statement,
        fingerprint=fingerprint,
        booked_on=entry.booked_on,
        amount=entry.money.amount,
        currency=entry.money.currency,
        payer=entry.payer[:200],
        payer_account=entry.payer_account.replace(" ", "").upper()[:60],
        payer_address=entry.payer_address[:300],
        reference=entry.reference[:200],
        text=entry.text[:1000],
        bank_id=entry.bank_id[:120],
    )
