"""The deposit slip that goes to the bank with the cheques and the cash of a batch."""

from __future__ import annotations

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.documents import Carried, Column, Document, strong
from donations.batches.slip import Slip


def draw_deposit_slip(slip: Slip) -> bytes:
    """Return the PDF: cheques one by one with carried totals from page to page, cash in one sum, what it comes to.

    Raises UnprintableTextError naming the characters that no typeface has.
    """
    currency = slip.cash.currency
    document = Document(f"{_('Deposit slip')} · {slip.title}", language=get_language() or "en", created=slip.posted_on)
    document.letterhead()
    document.space(6)
    document.heading(_("Deposit slip"))
    facts = [(_("Batch"), strong(slip.title)), (_("Posted on"), slip.posted_on)]
    if slip.bank_account:
        facts.append((_("Bank account"), strong(slip.bank_account)))
    document.facts(facts)
    document.key_figures(
        [
            (str(slip.total), _("to pay in"), ""),
            (str(slip.cheque_total), _cheques(len(slip.cheques)), ""),
            (str(slip.cash), _("in cash"), _gifts(slip.cash_count) if slip.cash_count else ""),
        ]
    )
    if slip.cheques:
        document.heading(_("Cheques"), level=2)
        document.table(
            [
                Column(_("No."), numeric=True, width=26),
                Column(_("Payer")),
                Column(_("Cheque number")),
                Column(_("Amount (%(currency)s)") % {"currency": currency}, currency=currency),
            ],
            (
                [number, cheque.payer, cheque.reference, cheque.money]
                for number, cheque in enumerate(slip.cheques, start=1)
            ),
            total=["", _cheques(len(slip.cheques)), "", slip.cheque_total],
            carried=Carried(_("Carried forward"), _("Brought forward"), at=1),
        )
    document.heading(_("Deposit"), level=2)
    document.table(
        [Column(""), Column(_("Amount (%(currency)s)") % {"currency": currency}, currency=currency)],
        [[_("Cheques"), slip.cheque_total], [_("Cash"), slip.cash]],
        total=[_("Total to pay in"), slip.total],
    )
    for method, count, total in slip.others:
        words = _("Not part of this deposit: %(gifts)s by %(method)s over %(total)s.")
        document.note(words % {"gifts": _gifts(count), "method": str(method).lower(), "total": total})
    if slip.remark:
        document.note(_("Posted although it does not agree: %(reason)s") % {"reason": slip.remark})
    document.space(12)
    document.facts([(_("Paid in on"), "_" * 30), (_("Paid in by"), "_" * 30)])
    return document.render()


def _cheques(count: int) -> str:
    return ngettext("%(count)d cheque", "%(count)d cheques", count) % {"count": count}


def _gifts(count: int) -> str:
    return ngettext("%(count)d gift", "%(count)d gifts", count) % {"count": count}
