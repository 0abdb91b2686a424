"""Handing a receipt to somebody: as a download, or by e-mail."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.mail import Attachment, send
from core.mail.models import Message
from core.organisation import current_organisation
from donations.errors import ReceiptError
from donations.models import Receipt
from donations.services.receipt_files import finish_receipt, receipt_bytes


def receipt_response(receipt: Receipt, *, copy: bool = False, inline: bool = False) -> HttpResponse:
    """Return the receipt's PDF for a browser. Who may have it is for the caller to decide.

    Without `copy` it is the stored file itself (a void one says VOID); with it the same page marked COPY.
    """
    response = HttpResponse(receipt_bytes(receipt, copy=copy), content_type="application/pdf")
    disposition = "inline" if inline else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="{receipt.file_name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@transaction.atomic
def send_receipt(receipt: Receipt, *, by: User | None, to: str = "") -> Message:
    """E-mail thanks with the receipt attached, to the donor's own address unless `to` names another.

    Raises ReceiptError when the receipt is void or there is no address.
    """
    receipt = finish_receipt(receipt)
    if not receipt.is_deliverable:
        raise ReceiptError(_("Receipt %(serial)s is void; it is not sent.") % {"serial": receipt.serial})
    address = to or receipt.recipient.primary_email
    if not address:
        raise ReceiptError(_("There is no e-mail address on this record."))
    message = send(
        to=address,
        template="receipt",
        context=_words_around(receipt),
        about=receipt.recipient,
        by=by,
        attachments=[Attachment(receipt.file_name, receipt_bytes(receipt))],
        language=receipt.snapshot["language"],
    )
    audit.record("receipt.sent", receipt, by=by, new={"to": address}, about=receipt.recipient)
    return message


def _words_around(receipt: Receipt) -> dict[str, str]:
    """Return what the e-mail says, in the language of the receipt: its own words, or ours translated."""
    says = receipt.snapshot["says"]
    named = {
        "organisation": current_organisation().name,
        "name": receipt.recipient.informal_name,
        "serial": receipt.serial,
    }
    with translation.override(receipt.snapshot["language"]):
        words = {
            "mail_subject": _("Thank you from %(organisation)s"),
            "mail_greeting": _("Dear %(name)s,"),
            "mail_attached": _("Your receipt %(serial)s is attached. Please keep it for your tax records."),
        }
    return {name: says.get(name, words[name]) % named for name in words} | {"opening": says["opening"]}
