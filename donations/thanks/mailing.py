"""Thanks by e-mail. Thanks belong to the gift, like its receipt: they need no consent to be written to.

Nobody is written to who asked not to be contacted at all. A gift is thanked for by one e-mail, however often it is
tried: the message is written and the gift noted as thanked for in one transaction, under a lock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from accounts.models import User
from core.mail import Attachment, send
from core.mail.models import Message
from core.organisation import current_organisation
from donations.errors import ThanksError
from donations.models import (
    Acknowledgement,
    Gift,
    ReceiptWith,
    ThankedBy,
    ThanksSettings,
    ThanksState,
    ThankYouTemplate,
)
from donations.models.gift import GiftSource
from donations.services.receipt_files import receipt_bytes
from donations.thanks.choosing import Facts, Templates
from donations.thanks.enclosing import receipts_with
from donations.thanks.letters import Letter, Writer, gifts_to_thank, why_not_thank
from donations.thanks.phrases import phrases
from donations.thanks.tax import tax_sentences
from donations.thanks.thanking import thank, wait_again
from donations.thanks.words import given, one_line, written

ONLINE = frozenset({GiftSource.ONLINE, GiftSource.PORTAL})


@dataclass(slots=True)
class Sent:
    """The gifts that were thanked for, and in words those that were not."""

    gifts: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def why_not_mail(gift: Gift) -> str:
    """Return why no e-mail can thank for a gift, in words for staff; empty when one can."""
    if why := why_not_thank(gift):
        return why
    return "" if gift.donor.primary_email else _("there is no e-mail address that works.")


def mail_thanks(
    gifts: Iterable[int],
    *,
    by: User | None,
    template: ThankYouTemplate | None = None,
    issues_receipts: bool = False,
) -> Sent:
    """E-mail thanks to the donors of these gifts, one message a donor; who cannot be written to is named."""
    sent, writer = Sent(), Writer(template=template)
    by_donor: dict[int, list[int]] = defaultdict(list)
    for pk, donor in Gift.objects.filter(pk__in=list(gifts)).order_by("pk").values_list("pk", "donor"):
        by_donor[donor].append(pk)
    for mine in by_donor.values():
        try:
            sent.gifts += _mail_one(mine, writer, by=by, issues_receipts=issues_receipts)
        except ThanksError as error:
            sent.refused.append(str(error))
    return sent


@transaction.atomic
def _mail_one(keys: list[int], writer: Writer, *, by: User | None, issues_receipts: bool) -> list[int]:
    """Thank one donor for gifts that still wait. Raises ThanksError naming the donor when that cannot be."""
    rows = Acknowledgement.objects.select_for_update(of=("self",)).waiting().filter(run=None, gift__in=keys)
    waiting = {row.gift_id for row in rows}
    gifts = list(gifts_to_thank(Gift.objects.filter(pk__in=waiting)))
    if not gifts:
        return []
    if why := next(filter(None, (why_not_mail(gift) for gift in gifts)), ""):
        raise ThanksError(_("%(donor)s: %(why)s") % {"donor": gifts[0].donor, "why": why})
    letter = writer.letter(gifts)
    message = _send(letter, by=by, issues_receipts=issues_receipts)
    templates = {gift.pk: letter.template for gift in gifts}
    return [row.gift_id for row in thank(gifts, how=ThankedBy.EMAIL, by=by, templates=templates, message=message)]


def _send(letter: Letter, *, by: User | None, issues_receipts: bool) -> Message:
    attachments = []
    if letter.template.receipt == ReceiptWith.ENCLOSED:
        receipts = receipts_with(letter, by=by, issue=issues_receipts)
        attachments = [Attachment(receipt.file_name, receipt_bytes(receipt)) for receipt in receipts]
    with translation.override(letter.language):
        context = mail_context(letter)
    return send(
        to=letter.donor.primary_email,
        template="thanks",
        context=context,
        about=letter.donor,
        by=by,
        attachments=attachments,
        language=letter.language,
    )


def mail_context(letter: Letter) -> dict[str, object]:
    """Return what the templates of the e-mail say, with the letter's language active."""
    template, organisation, says = letter.template, current_organisation(), phrases(letter.language)
    subject = one_line(template.subject, letter) or says.subject % {"organisation": organisation.name}
    return {
        "subject": subject,
        "paragraphs": written(template.email_words or template.words, letter),
        "signatory_name": template.signatory_name or organisation.signatory_name,
        "signatory_title": template.signatory_title if template.signatory_name else organisation.signatory_title,
        "says": says,
        "gifts": [(gift, given(gift, letter.language)) for gift in letter.gifts] if len(letter.gifts) > 1 else [],
        "tax_sentences": tax_sentences(letter.gifts) if template.receipt == ReceiptWith.SENTENCE else [],
    }


@task
def thank_at_once(gift: int) -> None:
    """E-mail thanks for a gift that was just made online, by a template that says so; with its receipt, if that does.

    Whatever keeps it from being sent leaves the gift in the queue, where staff see it.
    """
    found = gifts_to_thank(Gift.objects.filter(pk=gift)).first()
    if found is not None and _template_at_once(found) is not None:
        mail_thanks([gift], by=None, issues_receipts=True)


def _template_at_once(gift: Gift) -> ThankYouTemplate | None:
    """Return the template by which a gift is thanked for as soon as it is posted; None when it has to wait."""
    if gift.source not in ONLINE or why_not_mail(gift):
        return None
    template = Templates().choose(Facts.of(gift))
    return template if template.email_at_once and ThanksSettings.load().emails_online_gifts else None


@dataclass(frozen=True, slots=True)
class MailOfThanks:
    """The e-mail that thanks for a gift: sent, or about to be."""

    brings_receipt: bool


def mail_of_thanks(gift: Gift, *, gets_receipt: bool) -> MailOfThanks | None:
    """Return the e-mail that has thanked for a gift, or does in a moment because it was made online; None without.

    The gift was loaded by `gifts_to_thank`; `gets_receipt` says whether one is issued for it.
    """
    row = Acknowledgement.objects.filter(gift=gift).select_related("message").first()
    if row is None or row.state == ThanksState.NOT_WANTED:
        return None
    if row.state == ThanksState.DONE:
        return MailOfThanks(row.message.attachments.exists()) if row.message else None
    template = _template_at_once(gift)
    if template is None:
        return None
    return MailOfThanks(template.receipt == ReceiptWith.ENCLOSED and gets_receipt)


def take_back_failed(**_kwargs: object) -> int:
    """Let donors wait again whose e-mail the mail server refused; returns how many. Run by the clock."""
    failed = Acknowledgement.objects.filter(how=ThankedBy.EMAIL, message__state=Message.State.FAILED)
    keys = list(failed.values_list("gift_id", flat=True)[:1_000])
    return len(wait_again(keys, by=None, note=_("The e-mail could not be sent.")))
