"""The bank-deposit report: what came into the bank from Stripe in one sum, and the gifts it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.clock import local_date
from core.documents import Carried, Column, Document, strong
from core.money import Money
from core.theme.figures import day_in_words
from donations.models import LineKind, Tie
from donations.stripe.deposits import Deposit, DepositRow


def draw_deposit_report(deposit: Deposit, rows: Sequence[DepositRow]) -> bytes:
    """Return the PDF: the sum as it is done on paper, then every line under its kind, with what the kind comes to.

    Raises UnprintableTextError naming the characters that no typeface has.
    """
    payout = deposit.payout
    document = Document(
        f"{_('Bank deposit')} · {payout}", language=(get_language() or "en").split("-")[0], created=payout.synced_at
    )
    document.letterhead()
    document.space(6)
    document.heading(_("Bank deposit"))
    document.facts(list(_facts(deposit)))
    back = deposit.refunds + deposit.disputes + deposit.other
    document.key_figures(
        [
            (str(deposit.gross), _("paid by donors"), _lines(deposit.count_of(LineKind.CHARGE))),
            (str(deposit.fees), _("kept as fees"), ""),
            *([(str(back), _("refunds, disputes and other"), "")] if back else []),
            (str(payout.money), _("in the bank"), ""),
        ]
    )
    for sentence in warnings_of(deposit, rows):
        document.paragraph(strong(sentence))
    document.heading(_("What it is made of"), level=2)
    amount = Column(_("Amount (%(currency)s)") % {"currency": payout.currency}, currency=payout.currency)
    document.table([Column(""), amount], list(summary_of(deposit)), total=[_("Deposit"), deposit.net])
    for kind in LineKind:
        of_kind = [row for row in rows if row.line.kind == kind]
        if of_kind:
            _section(document, kind, of_kind, payout.currency)
    return document.render()


def summary_of(deposit: Deposit) -> Iterable[tuple[str, Money]]:
    """Yield the sum as one does it on paper; refunds, disputes and other only where there are any."""
    yield _("Payments"), deposit.gross
    yield _("Fees"), deposit.fees
    for label, money in (
        (_("Refunds"), deposit.refunds),
        (_("Disputes"), deposit.disputes),
        (_("Other"), deposit.other),
    ):
        if money:
            yield label, money


def warnings_of(deposit: Deposit, rows: Iterable[DepositRow]) -> Iterable[str]:
    """Yield what whoever reads the report has to know before they trust it."""
    if deposit.payout.has_failed:
        yield _("This payout failed: the money is back at Stripe and comes with a later one.")
    if deposit.tie == Tie.OFF:
        yield _("This report does not add up: the lines come to %(net)s, %(difference)s is unexplained.") % {
            "net": deposit.net,
            "difference": deposit.difference,
        }
    if deposit.tie == Tie.WAITING:
        yield _("Stripe has not said yet all that is in this payout.")
    unknown = sum(row.is_unknown for row in rows)
    if unknown:
        yield ngettext(
            "%(count)d line is not on record as a gift: it is marked with a star.",
            "%(count)d lines are not on record as gifts: they are marked with a star.",
            unknown,
        ) % {"count": unknown}


def _facts(deposit: Deposit) -> Iterable[tuple[str, object]]:
    payout = deposit.payout
    yield _("In the bank on"), strong(day_in_words(payout.arrives_on))
    yield _("Status"), payout.get_status_display()
    if (credit := getattr(payout, "bank_credit", None)) is not None:
        yield (
            _("On the bank statement"),
            _("%(account)s, %(day)s")
            % {
                "account": credit.statement.account,
                "day": day_in_words(credit.booked_on),
            },
        )
    if payout.descriptor:
        yield _("Text on the statement"), payout.descriptor
    if payout.trace_id:
        yield _("Trace number"), payout.trace_id
    yield _("Id at Stripe"), payout.payout_id
    if not payout.livemode:
        yield _("Money"), _("Test money, not real")


def _section(document: Document, kind: LineKind, rows: Sequence[DepositRow], currency: str) -> None:
    """Add the lines of one kind."""
    document.heading(str(kind.label), level=2)
    words = {"currency": currency}
    columns = [
        Column(_("Date")),
        Column(_("From")),
        Column(_("For")),
        Column(_("Gross (%(currency)s)") % words, currency=currency),
        Column(_("Fee (%(currency)s)") % words, currency=currency),
        Column(_("Net (%(currency)s)") % words, currency=currency),
    ]
    lines = [row.line for row in rows]
    zero = Money.zero(currency)
    totals = (
        sum((line.gross_money for line in lines), zero),
        sum((line.fee_money for line in lines), zero),
        sum((line.net_money for line in lines), zero),
    )
    document.table(
        columns,
        (
            [
                local_date(row.line.happened_at),
                f"* {row.said}" if row.is_unknown else row.said,
                row.funds,
                row.line.gross_money,
                row.line.fee_money,
                row.line.net_money,
            ]
            for row in rows
        ),
        total=[_lines(len(rows)), "", "", *totals],
        carried=Carried(_("Carried forward"), _("Brought forward"), at=1),
    )


def _lines(count: int) -> str:
    return ngettext("%(count)d line", "%(count)d lines", count) % {"count": count}
