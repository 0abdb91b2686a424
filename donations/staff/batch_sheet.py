"""A batch as the grid in the browser reads it: rows, what is wrong with them, how the pile adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from constituents.models import Constituent
from constituents.services.addresses import address_on
from core import clock
from core.money import Money, currency_places, format_amount, quantize
from core.staff.asked import acting
from core.theme.figures import day_in_words
from donations.batches.checking import Problem, Tally, allocations_of, problems_of
from donations.batches.expecting import Offer, words_of
from donations.batches.rows import rows_in_order
from donations.batches.visiting import note_visit
from donations.errors import BatchClosedError
from donations.models import Batch, BatchRow
from donations.staff.links import page_of


def sheet(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    """Return the whole batch, and write down that this user has it open."""
    rows = rows_in_order(batch)
    kept = words_of(rows)
    return {
        "batch": {"state": batch.state, "name": str(batch)},
        "rows": [row_of(row, kept) for row in rows],
        **standing_of(batch, rows),
        "closed": "" if batch.is_open else str(BatchClosedError(batch)),
        "others": [str(user) for user in note_visit(batch, by=acting(request))],
        # Somebody who signed in again in another window has a new one.
        "token": get_token(request),
    }


def standing_of(batch: Batch, rows: Sequence[BatchRow] | None = None) -> dict[str, Any]:
    """Return what is wrong with which row, and the tally."""
    rows = rows_in_order(batch) if rows is None else rows
    problems = problems_of(batch, rows)
    keys = {row.pk: str(row.key) for row in rows}
    return {
        "problems": {keys[pk]: [_problem(problem) for problem in found] for pk, found in problems.items()},
        "order": [str(row.key) for row in rows],
        "tally": _tally(Tally.of(batch, rows)),
    }


def row_of(row: BatchRow, kept: Mapping[int, str] | None = None) -> dict[str, Any]:
    """Return one row as it stands; `kept` says what each of many rows keeps."""
    words = (words_of([row]) if kept is None else kept).get(row.pk, "")
    return {
        "key": str(row.key),
        "version": row.version,
        "donor": donor_of(row.donor) if row.donor else None,
        "donor_typed": row.donor_typed,
        "amount": _written(row.amount, row.batch.currency) or row.amount_typed,
        "reference": row.reference,
        "method": row.method,
        "received_on": row.received_on.isoformat(),
        "fund": row.fund_id,
        "appeal": row.appeal_id,
        "tribute_kind": row.tribute_kind,
        "tribute": row.tribute,
        "note": row.note,
        "is_anonymous": row.is_anonymous,
        "wants_receipt": row.wants_receipt,
        "twin_is_meant": row.twin_is_meant,
        "promise": {"key": row.promise, "words": words or _("A promise that is not open any more")}
        if row.promise
        else None,
        "parts": [
            {"fund": part.fund_id, "amount": _written(part.amount, row.batch.currency) or part.amount_typed}
            for part in row.parts.all()
        ],
        "summary": _summary(row),
        "changed_by": str(row.changed_by or ""),
    }


def offer_of(offer: Offer) -> dict[str, Any]:
    """Return a promise to keep, with what the row becomes when it is taken."""
    (fund, _amount), *rest = offer.funds
    return {
        "key": offer.key,
        "words": offer.words,
        "amount": _written(offer.money.amount, offer.money.currency),
        "fund": fund.pk,
        "parts": [{"fund": other.pk, "amount": _written(amount, offer.money.currency)} for other, amount in rest],
        "appeal": offer.appeal.pk if offer.appeal else None,
    }


def donor_of(constituent: Constituent, *, reason: str = "", is_guess: bool = False) -> dict[str, Any]:
    """Return a donor to choose, or chosen: the name, and what tells two of one name apart."""
    return {
        "id": constituent.pk,
        "name": constituent.display_name,
        "detail": " · ".join(part for part in (str(reason), _known_by(constituent)) if part),
        "warning": _("Deceased") if constituent.is_deceased else "",
        "guess": is_guess,
    }


def _known_by(constituent: Constituent) -> str:
    """Say where they live: on a cheque stands an address. Asks nothing of rows that are `for_entry`."""
    address = address_on(constituent, clock.today())
    return ", ".join(part for part in (address.street, address.city) if part) if address else ""


def _written(amount: Any, currency: str) -> str:
    """Write an amount as it is typed: grouped where the currency has cents."""
    if amount is None:
        return ""
    return format_amount(amount) if currency_places(currency) == 2 else str(quantize(amount, currency))


def _summary(row: BatchRow) -> str:
    """Say what it is for, and what differs from the batch: `Roof, Tower · Cash · in memory of Jo`."""
    funds = [fund.name for fund, _amount in allocations_of(row)] or [row.fund.name]
    said = [", ".join(funds)]
    if row.method != row.batch.method:
        said.append(row.get_method_display())
    if row.received_on != row.batch.received_on:
        said.append(day_in_words(row.received_on, "medium"))
    if row.appeal_id and row.appeal_id != row.batch.appeal_id:
        said.append(str(row.appeal))
    if row.tribute:
        said.append(f"{row.get_tribute_kind_display()} {row.tribute}")
    if row.is_anonymous:
        said.append(_("anonymous"))
    if row.wants_receipt != row.batch.wants_receipt:
        said.append(_("receipt") if row.wants_receipt else _("no receipt"))
    if row.note:
        said.append(_("note"))
    return " · ".join(said)


def _problem(problem: Problem) -> dict[str, Any]:
    twins = [{"words": twin.words, "url": page_of(twin.gift) if twin.gift else ""} for twin in problem.twins]
    return {"field": problem.field, "words": problem.words, "twins": twins}


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "count": tally.count,
        "expected_count": tally.expected_count,
        "total": str(tally.total),
        "expected_total": str(tally.expected_total),
        "difference": difference_in_words(tally),
        "agrees": tally.agrees,
    }


def difference_in_words(tally: Tally) -> str:
    """Say what is missing or too much: `3 gifts and $120.00 to go`; empty when it agrees."""
    count, money = tally.count_difference, tally.difference
    parts = []
    if count < 0:
        parts.append(ngettext("%(count)d gift to go", "%(count)d gifts to go", -count) % {"count": -count})
    elif count:
        parts.append(ngettext("%(count)d gift too many", "%(count)d gifts too many", count) % {"count": count})
    if money < Money.zero(money.currency):
        parts.append(_("%(money)s to go") % {"money": -money})
    elif money:
        parts.append(_("%(money)s too much") % {"money": money})
    return ", ".join(parts)
