"""`issue_receipts --year Y`: the yearly receipts of everyone whose gifts have none yet."""

import json
import sys
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.money import Money
from donations.errors import ReceiptError
from donations.models import Receipt
from donations.receipts.regimes import current_issuer, current_regime
from donations.services.receipt_numbers import refuse_while_lacking
from donations.services.yearly import issue_year, plan_year


class Command(BaseCommand):
    """Exit 0 when all is issued, 1 when a donor could not be receipted, naming each."""

    help = "Issue one receipt a donor over the year's gifts that have none yet. Safe to stop and to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Accept --year, --preview and --json."""
        parser.add_argument("--year", type=int, required=True, help="The tax year the gifts were given in.")
        parser.add_argument("--preview", action="store_true", help="Write nothing and take no number.")
        parser.add_argument("--json", action="store_true", help="Print one JSON value and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan or run, and report."""
        try:
            refuse_while_lacking(current_regime(), current_issuer())
        except ReceiptError as error:
            raise CommandError(str(error), returncode=1) from error
        year = options["year"]
        errors: list[dict[str, Any]] = []
        if not 1900 <= year <= clock.today().year:
            raise CommandError("Give a year that has begun, such as 2025.", returncode=2)
        if options["preview"]:
            rows = [
                {
                    "constituent": planned.donor.pk,
                    "gifts": len(planned.gifts),
                    "eligible": planned.eligible.plain,
                    "currency": planned.currency,
                }
                for planned in plan_year(year)
            ]
        else:
            rows = []
            for step in issue_year(year, by=None):
                rows += [_issued(receipt) for receipt in step.receipts]
                errors += [{"constituent": donor.pk, "message": message} for donor, message in step.errors]
        self._report(year, preview=options["preview"], rows=rows, errors=errors, as_json=options["json"])
        if errors:
            sys.exit(1)

    def _report(
        self, year: int, *, preview: bool, rows: list[dict[str, Any]], errors: list[dict[str, Any]], as_json: bool
    ) -> None:
        totals = _totals(rows)
        if as_json:
            answer = {"year": year, "preview": preview, "totals": totals, "receipts": rows, "errors": errors}
            self.stdout.write(json.dumps(answer))
            return
        verb = "to issue" if preview else "issued"
        figures = ", ".join(f"{amount} {currency}" for currency, amount in totals.items()) or "nothing"
        self.stdout.write(f"{len(rows)} receipts for {year} {verb}, over {figures}.")
        for error in errors:
            self.stderr.write(f"constituent {error['constituent']}: {error['message']}")


def _issued(receipt: Receipt) -> dict[str, Any]:
    return {
        "constituent": receipt.recipient_id,
        "gifts": len(receipt.snapshot["lines"]),
        "eligible": receipt.eligible_money.plain,
        "currency": receipt.currency,
        "serial": receipt.serial,
        "uuid": str(receipt.uuid),
    }


def _totals(rows: list[dict[str, Any]]) -> dict[str, str]:
    totals: dict[str, Money] = {}
    for row in rows:
        money = Money(Decimal(row["eligible"]), row["currency"])
        totals[money.currency] = totals.get(money.currency, Money.zero(money.currency)) + money
    return {currency: money.plain for currency, money in totals.items()}
