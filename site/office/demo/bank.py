"""The bank: last month's statement, half of it applied by itself, the rest waiting for somebody."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from pathlib import Path

from constituents.models import Constituent
from core.demo import DemoPlan
from core.organisation import current_organisation
from donations.bank.applying import apply_credit, apply_sure, put_aside
from donations.bank.reading import read_statement
from donations.models import BankAccount, BankCredit, CreditState, Gift, Method, Payout, Pledge

_NAMED, _NAMELESS = 4, 3


def add_bank(plan: DemoPlan) -> dict[str, int]:
    """Read a statement whose credits are what was promised by transfer, strangers, and the rent of the hall."""
    rng = plan.random("bank")
    account = BankAccount.objects.create(name="Gifts account", currency=current_organisation().base_currency)
    promised = Gift.objects.expected().filter(method=Method.TRANSFER, currency=account.currency)
    rows = [
        (str(gift.donor), str(gift.amount), gift.reference or f"Gift {gift.pk}")
        for gift in promised.select_related("donor").order_by("pk")[:_NAMED]
    ]
    pledges = Pledge.objects.open().filter(currency=account.currency).select_related("donor").order_by("pk")[:2]
    rows += [
        (str(pledge.donor), str(pledge.instalments.open()[0].left_amount), pledge.reference or "Pledge")
        for pledge in pledges
    ]
    strangers = list(Constituent.objects.current().filter(kind="person").order_by("-pk")[:40])
    rows += [(str(one), str(rng.choice([20, 35, 50, 80])), "Donation") for one in rng.sample(strangers, _NAMELESS)]
    rows += [("Riverside Dance Club", "120.00", "Hall rent")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "statement.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["Date", "Amount", "Name", "Reference"])
            for place, (payer, amount, reference) in enumerate(rows):
                day = plan.today - dt.timedelta(days=12 - place)
                writer.writerow([min(day, plan.today).isoformat(), amount, payer, reference])
            # The last but one payout of Stripe is on it; the latest is still to be found.
            for payout in Payout.objects.without_deposit().order_by("-arrives_on")[1:3]:
                writer.writerow([payout.arrives_on.isoformat(), payout.amount, "STRIPE PAYMENTS", payout.trace_id])
        statement = read_statement(path, name="gifts-account.csv", account=account, by=None)
    list(apply_sure(statement, by=None))
    for credit in statement.lines.waiting().filter(reference__startswith="Gift ")[:2]:
        apply_credit(credit, key=f"gift-{credit.reference.removeprefix('Gift ')}", by=None)
    for rent in BankCredit.objects.waiting().filter(reference="Hall rent"):
        put_aside(rent, by=None, reason="Rent of the hall: booked by the bookkeeper")
    return {
        "bank credits": statement.credits,
        "credits applied": statement.lines.filter(state=CreditState.APPLIED).count(),
    }
