"""What is done with a claim to HMRC in the same way whether it is on Gift Aid or on small donations."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import clock
from core.staff.verbs import ReasonForm, VerbView
from donations.gift_aid.claims import note_payment
from donations.gift_aid.forms import PaymentForm
from donations.models import ClaimState, HmrcClaim

CLAIM_TONES = {
    ClaimState.DRAFT: "waiting",
    ClaimState.SUBMITTED: "waiting",
    ClaimState.PAID: "good",
    ClaimState.PARTLY_PAID: "wrong",
    ClaimState.WITHDRAWN: "quiet",
}


class ClaimVerb(VerbView):
    """A verb about one claim; each has its time."""

    states: tuple[str, ...] = (ClaimState.DRAFT,)

    @classmethod
    def refusal(cls, claim: HmrcClaim) -> Any:
        """Refuse what its state does not allow any more."""
        return "" if claim.state in cls.states else _("This claim was sent, paid or withdrawn already.")


class GatherAgain(ClaimVerb):
    """Take in what came or was mended since."""

    permission = "change"
    title = _("Gather again")
    question = _("Gather %(object)s again?")
    icon = "rotate"
    priority = 20
    success_message = _("%(object)s is gathered anew.")


class NotePayment(ClaimVerb):
    """HMRC paid."""

    verb = staticmethod(note_payment)
    states = (ClaimState.SUBMITTED, ClaimState.PARTLY_PAID)
    title = _("Note the payment")
    question = _("What did HMRC pay on %(object)s?")
    icon = "check"
    priority = 10
    form_class = PaymentForm
    success_message = _("The payment of %(object)s is noted.")

    def get_initial(self) -> dict[str, Any]:
        """Today, all of it."""
        claim = self.object
        return super().get_initial() | {
            "paid_on": clock.today(),
            "amount": claim.expected_money.plain,
            "reference": claim.reference,
        }


class Withdraw(ClaimVerb):
    """Discard a draft, or take back what HMRC refused."""

    states = (ClaimState.DRAFT, ClaimState.SUBMITTED)
    title = _("Withdraw")
    question = _("Withdraw %(object)s?")
    icon = "cross"
    danger = True
    priority = 80
    form_class = ReasonForm
    success_message = _("%(object)s is withdrawn.")
