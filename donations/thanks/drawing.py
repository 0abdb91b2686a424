"""A letter of thanks on paper: letterhead, words, signature, and the gifts in a table where there are several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from core.documents import Column, Document, strong
from core.organisation import current_organisation
from donations.models import Gift, ReceiptWith
from donations.thanks.letters import Letter
from donations.thanks.tax import tax_sentences
from donations.thanks.words import Paragraph, given, written


def letter_document(letter: Letter, *, date: dt.date, receipt: str = "") -> Document:
    """Return the letter, not rendered yet; `receipt` overrides what its template says of the receipt."""
    with translation.override(letter.language):
        document = Document(
            _("Thank you, %(name)s") % {"name": letter.addressee},
            language=letter.language,
            created=date,
            counts_one_page=False,
        )
        document.letterhead()
        document.address([letter.addressee, *letter.lines], date=date)
        _paragraphs(document, written(letter.template.words, letter))
        _sign(document, letter)
        if len(letter.gifts) > 1:
            _list_gifts(document, letter.gifts)
        if (receipt or letter.template.receipt) == ReceiptWith.SENTENCE:
            _tax_records(document, letter)
    return document


def _paragraphs(document: Document, paragraphs: Sequence[Paragraph]) -> None:
    for place, paragraph in enumerate(paragraphs, start=1):
        parts = [strong(words) if is_strong else words for words, is_strong in paragraph]
        # The greeting goodbye stands close to the name below it.
        document.paragraph(*parts, after=4 if place == len(paragraphs) else 10)


def _sign(document: Document, letter: Letter) -> None:
    template = letter.template
    if template.signatory_name:
        # The picture in the settings is somebody else's signature: leave room for a pen.
        document.signature(name=template.signatory_name, title=template.signatory_title, image=b"")
    elif current_organisation().signatory_name:
        document.signature()


def _list_gifts(document: Document, gifts: Sequence[Gift]) -> None:
    document.space(4)
    rows = [[gift.received_on, gift.fund_names, given(gift)] for gift in gifts]
    document.table(
        [Column(_("Date")), Column(_("For")), Column(_("Gift"), numeric=True)], rows, caption=_("Your gifts")
    )


def _tax_records(document: Document, letter: Letter) -> None:
    sentences = tax_sentences(letter.gifts)
    if sentences:
        document.rule()
        document.note(strong(_("For your tax records. ")), " ".join(sentences))
