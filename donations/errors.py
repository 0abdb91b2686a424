"""What can go wrong with money, in words for the person at the screen."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.theme.figures import day_in_words


class DonationsError(DomainError):
    """Base of every error this app raises on purpose; `str(error)` is fit for the user."""


class AllocationError(DonationsError):
    """The parts of a gift do not add up to the gift."""


class GiftStateError(DonationsError):
    """The gift is not in a state that allows this."""


class RefundError(DonationsError):
    """More would be returned than was given."""


class AdjustmentError(DonationsError):
    """The gift cannot be adjusted so."""


class SoftCreditError(DonationsError):
    """They cannot be recognised for this gift so."""


class TributeError(DonationsError):
    """The tribute or its notice is not in a state that allows this."""


class MatchError(DonationsError):
    """The match is not in a state that allows this."""


class FutureGiftError(DonationsError):
    """A gift that is here cannot be dated after today."""

    field = "received_on"

    def __init__(self, date: object) -> None:
        super().__init__(
            _("%(date)s is still to come: record the gift as expected, or date it by the day it came.") % {"date": date}
        )


class ClosedFundError(DonationsError):
    """The fund takes no gifts on that day."""

    def __init__(self, fund: object) -> None:
        super().__init__(_("The fund “%(fund)s” is closed. Choose another.") % {"fund": fund})


class NoFundError(DonationsError):
    """There is no fund to put a gift in."""

    def __init__(self) -> None:
        super().__init__(_("There is no fund yet. Add one under Giving, Funds first."))


class BatchError(DonationsError):
    """A batch, or one of its rows, cannot be treated like this."""


class BatchClosedError(BatchError):
    """The batch is no longer open: nothing is typed into it any more."""

    def __init__(self, batch: object) -> None:
        super().__init__(_("%(batch)s is not open any more.") % {"batch": batch})


class StaleRowError(BatchError):
    """Somebody else has changed the row since; `row` is what stands there now, None when it was taken away."""

    def __init__(self, row: object | None) -> None:
        self.row = row
        super().__init__(_("Somebody else has changed this row meanwhile."))


class BatchRowsError(BatchError):
    """Some rows cannot become gifts; `problems` has a sentence for each, which begins with the row."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


class BatchDisagreesError(BatchError):
    """Count or total are not the expected ones, and nobody who may has said why."""


class MissingRateError(DonationsError):
    """No exchange rate is on file for a gift in another currency."""

    def __init__(self, currency: str, date: object) -> None:
        super().__init__(
            _("There is no exchange rate for %(currency)s on or before %(date)s. Add one under Settings.")
            % {"currency": currency, "date": date}
        )


class ClosedPeriodError(DonationsError):
    """The books of that day are closed; `date` is the day, `through` the last closed one."""

    field = "received_on"

    def __init__(self, date: dt.date, through: dt.date) -> None:
        super().__init__(
            _("The books are closed through %(through)s. Date it %(first)s or later, or have the period opened again.")
            % {
                "through": day_in_words(through, "medium"),
                "first": day_in_words(through + dt.timedelta(days=1), "medium"),
            }
        )
        self.date = date
        self.through = through


class PeriodError(DonationsError):
    """The books cannot be closed or opened again like that."""


class JournalError(DonationsError):
    """The journal cannot be exported, or its export not taken back."""


class ReceiptError(DonationsError):
    """A receipt cannot be issued, voided or replaced."""


class UnknownRegimeError(ReceiptError):
    """Nobody has written the receipt rules of that country yet."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _("Receipts under the rules “%(code)s” cannot be issued yet. Choose other rules under Settings.")
            % {"code": code}
        )


class NotReceiptableError(ReceiptError):
    """The gift is not one to be receipted; the message says why."""

    def __init__(self, gift: object, why: str) -> None:
        super().__init__(_("No receipt for “%(gift)s”: %(why)s") % {"gift": gift, "why": why})


class CampaignCircleError(DonationsError):
    """A campaign would become part of itself."""

    field = "parent"

    def __init__(self, campaign: object, parent: object) -> None:
        super().__init__(
            _("“%(parent)s” is part of “%(campaign)s”: the tree would run in a circle.")
            % {"parent": parent, "campaign": campaign}
        )


class HasGiftsError(DonationsError):
    """Something that money was given to stays."""


class NobodyToMailError(DonationsError):
    """The segment is empty."""

    field = "segment"

    def __init__(self, segment: object) -> None:
        super().__init__(_("Nobody is in “%(segment)s” today.") % {"segment": segment})


class FundStateError(DonationsError):
    """The fund cannot be closed or opened now."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class ThanksError(DonationsError):
    """A donor cannot be thanked this way, or not now."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class GiftAidError(DonationsError):
    """A declaration or a claim cannot be made, mended or ended like that."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class OnlineGivingError(DonationsError):
    """Something about paying online. `is_temporary`: the same again may go well in a while."""

    is_temporary = False


class OnlineGivingOffError(OnlineGivingError):
    """No key is set, or the key does not fit the money in this instance."""

    def __init__(self, why: object = "") -> None:
        super().__init__(why or _("Online giving is not set up here."))


class WrongModeError(OnlineGivingError):
    """Test money and real money never meet in one instance."""


class StripeUnavailableError(OnlineGivingError):
    """Stripe did not answer, or not in time; what was asked for may have happened all the same."""

    is_temporary = True

    def __init__(self, why: object = "") -> None:
        super().__init__(why or _("The payment service does not answer at the moment. Please try again."))


class StripeBusyError(StripeUnavailableError):
    """So many wait for Stripe already that one more would wait in vain."""


class StripeBrokenError(StripeUnavailableError):
    """Stripe failed in the middle (500): it may have acted, and answers the same to that idempotency key for a day."""


class StripeInHandError(StripeUnavailableError):
    """The very same is being asked by somebody else this moment."""


class StripeRefusedError(OnlineGivingError):
    """Stripe understood, and refused; `code` is Stripe's word, `detail` its sentence for staff.

    Of a card that its bank declined (`is_decline`) the code is the bank's.
    """

    def __init__(self, detail: str, *, code: str = "", is_decline: bool = False) -> None:
        self.code = code
        self.detail = detail
        self.is_decline = is_decline
        super().__init__(_("The payment service refused this: %(why)s") % {"why": detail or code})


class ChargeDeclinedError(StripeRefusedError):
    """What is open was to be charged, and the bank said no, or wants to ask the donor first."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.args = (_("It did not go through. %(why)s") % {"why": why},)


class StripeMissingError(StripeRefusedError):
    """Stripe knows nothing of that id, or not with this key."""


class OnlineRefundError(OnlineGivingError):
    """The payment cannot be refunded like that."""
