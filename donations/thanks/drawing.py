"""A letter of thanks on paper: letterhead, words, signature, and the gifts in a table where there are several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import translation

from core.documents import Column, Document, strong
from core.organisation import current_organisation
from donations.models import ReceiptWith
from donations.thanks.letters import Letter
from donations.thanks.phrases import phrases
from donations.thanks.tax import tax_sentences
from donations.thanks.words import Paragraph, given, written


def letter_document(letter: Letter, *, date: dt.date, receipt: str = "") -> Document:
    """Return the letter, not rendered yet; `receipt` overrides what its template says of the receipt."""
    says = phrases(letter.language)
    with translation.override(letter.language):
        document = Document(
            says.subject % {"organisation": current_organisation().name},
            language=letter.language,
            created=date,
            counts_one_page=False,
        )
        document.letterhead()
        document.address([letter.addressee, *letter.lines], date=date)
        _paragraphs(document, written(letter.template.words, letter))
        _sign(document, letter)
        if len(letter.gifts) > 1:
            _list_gifts(document, letter)
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


def _list_gifts(document: Document, letter: Letter) -> None:
    document.space(4)
    says = phrases(letter.language)
    rows = [[gift.received_on, gift.fund_names, given(gift, letter.language)] for gift in letter.gifts]
    columns = [Column(says.date), Column(says.purpose), Column(says.gift, numeric=True)]
    document.table(columns, rows, caption=says.your_gifts)


def _tax_records(document: Document, letter: Letter) -> None:
    sentences = tax_sentences(letter.gifts)
    if sentences:
        document.rule()
        document.note(strong(phrases(letter.language).for_taxes), " ", " ".join(sentences))
