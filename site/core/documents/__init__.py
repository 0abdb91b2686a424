"""Documents: letters, receipts, statements and reports as tagged, reproducible PDF, in every script we can print.

    from core.documents import Column, Document, strong

    document = Document(_("Receipt %(number)s") % {"number": receipt.number}, language="en")
    document.letterhead()
    document.address(["Łukasz Żółć", "2 Mill Lane", "Exampleton"], date=today())
    document.heading(_("Thank you"))
    document.paragraph(_("Dear "), strong(name), ",")
    document.facts([(_("Receipt number"), "2026-0001"), (_("Amount"), Money(Decimal(50), "EUR"))])
    document.table(
        [Column(_("Date")), Column(_("Fund")), Column(_("Amount (EUR)"), currency="EUR")],
        ((gift.date, gift.fund.name, gift.amount) for gift in gifts),
        total=[_("Total"), "", total],
    )
    document.signature()
    pdf = document.render()

Everything a person typed goes through `text()`: it prints exactly as typed, or `UnprintableTextError` names the
characters that no typeface of ours has. A stored file is marked with `stamp(pdf, _("COPY"))` and many are bound for
the printer with `bind(pdfs, out)`; a `Bundle` draws many letters into one small file, `bind_letters` however many.
ReportLab is imported here and in each app's `documents` only.
"""

from core.documents.bundle import Bundle, bind_letters
from core.documents.charts import Bar, Series
from core.documents.document import Document, slanted, strong
from core.documents.errors import DocumentError, UnprintableTextError
from core.documents.finished import bind, enclose, page_count, stamp
from core.documents.forms import TICKED, UNTICKED, Field
from core.documents.sender import Sender
from core.documents.tables import Carried, Column
from core.documents.words import Text, join, text, unprintable

__all__ = [
    "TICKED",
    "UNTICKED",
    "Bar",
    "Bundle",
    "Carried",
    "Column",
    "Document",
    "DocumentError",
    "Field",
    "Sender",
    "Series",
    "Text",
    "UnprintableTextError",
    "bind",
    "bind_letters",
    "enclose",
    "join",
    "page_count",
    "slanted",
    "stamp",
    "strong",
    "text",
    "unprintable",
]
