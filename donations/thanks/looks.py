"""A letter as it looks on the screen: the same words as on paper, to read before anything is printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import translation

from constituents.models import Constituent, Kind
from core import clock
from core.organisation import current_organisation
from core.theme.figures import day_in_words
from donations.models import Fund, Gift, GiftAllocation, ReceiptWith, ThankYouTemplate
from donations.models.gift import GiftStatus
from donations.thanks.letters import Letter
from donations.thanks.phrases import phrases
from donations.thanks.tax import tax_sentences
from donations.thanks.words import given, one_line, written


def paper(letter: Letter, *, receipt: str = "", as_email: bool = False) -> dict[str, Any]:
    """Return what the template of a letter's picture shows; `receipt` overrides what the letter's template says."""
    template, organisation, says = letter.template, current_organisation(), phrases(letter.language)
    with_receipt = receipt or template.receipt
    with translation.override(letter.language):
        subject = one_line(template.subject, letter) or says.subject % {"organisation": organisation.name}
        return {
            "letter": letter,
            "language": letter.language,
            "subject": subject if as_email else "",
            "organisation": organisation,
            "addressee": [letter.addressee, *letter.lines],
            "date": day_in_words(clock.today()),
            "paragraphs": written((as_email and template.email_words) or template.words, letter),
            "signatory_name": template.signatory_name or organisation.signatory_name,
            "signatory_title": template.signatory_title if template.signatory_name else organisation.signatory_title,
            "says": says,
            "listed": [
                (day_in_words(gift.received_on, "medium"), gift.fund_names, given(gift, letter.language))
                for gift in (letter.gifts if len(letter.gifts) > 1 else ())
            ],
            "tax_sentences": tax_sentences(letter.gifts) if with_receipt == ReceiptWith.SENTENCE else [],
            "encloses": with_receipt == ReceiptWith.ENCLOSED,
        }


def sample_letter(template: ThankYouTemplate) -> Letter:
    """Return a letter for a gift that nobody gave, to look at a template with."""
    organisation = current_organisation()
    fund = Fund.objects.default() or Fund(name="…", purpose="…")
    # Not on record: a key lets its parts be asked for, and they are all here.
    gift = Gift(
        pk=0,
        donor=Constituent(pk=0, kind=Kind.PERSON, given_name="Alma", family_name="Brightwater", title="Dr"),
        amount=Decimal(100),
        base_amount=Decimal(100),
        currency=organisation.base_currency,
        received_on=clock.today(),
        status=GiftStatus.POSTED,
        net_base_amount=Decimal(100),
    )
    part = GiftAllocation(gift=gift, fund=fund, amount=Decimal(100))
    gift._prefetched_objects_cache = {"allocations": [part], "receipt_lines": []}  # type: ignore[attr-defined]
    return Letter(
        gifts=(gift,),
        addressee="Dr Alma Brightwater",
        salutation="Alma",
        formal_salutation="Dr Brightwater",
        lines=("7 Orchard Row", organisation.city or "Exampleton"),
        template=template,
    )
