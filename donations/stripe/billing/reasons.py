"""Why a charge failed, in words for donor and staff; Stripe's codes are for machines.

Source: docs.stripe.com/declines/codes. Of a card said to be lost, stolen or used in fraud the donor hears no more than
that it was declined: whoever reads the mail may not be its owner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from donations.models import FailedCharge, StripeSubscription

_DECLINED = _("The bank declined the payment and did not say why.")
_APPROVE = _("The bank wants the payment to be approved by the owner of the card.")
_WORDS: dict[str, str | Promise] = {
    "insufficient_funds": _("There was not enough money on the account."),
    "withdrawal_count_limit_exceeded": _("The limit of the card was reached."),
    "card_velocity_exceeded": _("The limit of the card was reached."),
    "expired_card": _("The card has expired."),
    "incorrect_cvc": _("The security code of the card was not right."),
    "invalid_cvc": _("The security code of the card was not right."),
    "incorrect_number": _("The number of the card is not right."),
    "invalid_number": _("The number of the card is not right."),
    "invalid_expiry_month": _("The expiry date of the card is not right."),
    "invalid_expiry_year": _("The expiry date of the card is not right."),
    "authentication_required": _APPROVE,
    "invoice_payment_intent_requires_action": _APPROVE,
    "card_not_supported": _("The card cannot be used for this kind of payment."),
    "currency_not_supported": _("The card cannot be used in this currency."),
    "transaction_not_allowed": _("The card cannot be used for this kind of payment."),
    "revocation_of_authorization": _("The bank was told to stop these payments."),
    "revocation_of_all_authorizations": _("The bank was told to stop these payments."),
    "stop_payment_order": _("The bank was told to stop these payments."),
    "issuer_not_available": _("The bank could not be reached."),
    "processing_error": _("Something went wrong on the way to the bank."),
    "try_again_later": _("The bank could not take the payment at that moment."),
    "account_closed": _("The bank account is closed."),
    "bank_account_closed": _("The bank account is closed."),
    "debit_not_authorized": _("The bank was not allowed to take the payment."),
    "no_account": _("The bank account was not found."),
    "no_payment_method": _("There is no card or account to charge any more."),
}
#: Why a subscription was cancelled, in Stripe's word, where nobody here asked for it.
CANCELLED: dict[str, str] = {
    "payment_disputed": _("The donor’s bank disputed a payment."),  # type: ignore[dict-item]
}


def is_known(code: str) -> bool:
    """Return whether there are words for a code."""
    return code in _WORDS


def in_words(code: str) -> str:
    """Return why a charge failed; of a code that is not to be told, or not known, that it was declined."""
    return str(_WORDS.get(code, _DECLINED))


def of(failure: FailedCharge) -> str:
    """Return why an attempt failed."""
    return in_words("authentication_required" if failure.needs_approval else failure.code)


def of_subscription(row: StripeSubscription) -> str:
    """Return why the last charge failed, as far as it is known yet."""
    failure: FailedCharge | None = row.failures.open().order_by("attempt").last()
    return of(failure) if failure is not None else _t("A charge failed.")
