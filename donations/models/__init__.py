"""The models of this app, one aggregate a module."""

from donations.models.account import Account, AccountUse
from donations.models.adjustment import Adjustment
from donations.models.balance_line import BalanceLine, LineKind
from donations.models.bank import BankAccount, BankCredit, BankStatement, CreditState, StatementFormat
from donations.models.batch import Batch, BatchPart, BatchRow, BatchState, BatchVisit
from donations.models.batch_template import BatchTemplate
from donations.models.campaign import Appeal, AppealChannel, Campaign
from donations.models.checkout import Checkout, CheckoutMode, CheckoutState
from donations.models.decline_spike import DeclineSpike
from donations.models.demo_stripe import FakeAccount, FakeFault, FakeKey, FakeObject, FaultKind
from donations.models.dispute import Dispute, DisputeStatus, FraudWarning
from donations.models.fund import Fund, Restriction
from donations.models.gift import (
    AdvantageKind,
    Gift,
    GiftAllocation,
    GiftKind,
    GiftSource,
    GiftStatus,
    GoodsOrigin,
    Method,
)
from donations.models.gift_aid import (
    CancelReason,
    DeclarationMethod,
    GiftAidDeclaration,
    JointShare,
    NotEnoughTax,
    SplitPayment,
    Standing,
)
from donations.models.gift_aid_claim import (
    ClaimFile,
    ClaimLine,
    ClaimRow,
    FileFormat,
    GiftAidClaim,
    Grouping,
    OwedBack,
)
from donations.models.gift_aid_settings import ClaimPeriod, GiftAidSettings
from donations.models.handing_out import PrintedReceipts, ReceiptDelivery, Way
from donations.models.hmrc_claim import ClaimState, HmrcClaim
from donations.models.journal import ExportedEntry, JournalExport, JournalGrouping, JournalLine, JournalSettings
from donations.models.ledger import EntryKind, LedgerEntry
from donations.models.level import DonorLevel, DonorStanding, Ladder, Measure
from donations.models.matching import Match, MatchingRule, MatchState
from donations.models.online_payment import OnlinePayment, PaymentStatus, Resolution
from donations.models.online_refund import OnlineRefund, RefundStatus
from donations.models.online_settings import OnlineGivingSettings
from donations.models.payout import Payout, PayoutStatus, Reconciliation, Tie
from donations.models.period import ClosedPeriod
from donations.models.pledge import (
    Instalment,
    InstalmentState,
    Pledge,
    PledgeAllocation,
    PledgePayment,
    PledgeReminder,
    PledgeStatus,
    ReminderHow,
    WriteOff,
)
from donations.models.promise_settings import PromiseSettings
from donations.models.rate import ExchangeRate
from donations.models.receipt import Receipt, ReceiptCounter, ReceiptLine, ReceiptState
from donations.models.receipt_settings import NoticeKind, ReceiptSettings
from donations.models.recurring import (
    ChangeKind,
    RecurringAllocation,
    RecurringChange,
    RecurringGift,
    RecurringKind,
    RecurringStatus,
)
from donations.models.small_donations import CollectedBy, SmallClaim, SmallClaimLine, SmallCollection, SmallGiveBack
from donations.models.soft_credit import SoftCredit, SoftCreditRole
from donations.models.stripe_customer import StripeCustomer
from donations.models.stripe_event import EventState, StripeEvent, SyncCursor
from donations.models.subscription import Asked, AskedChange, AskedState, FailedCharge, StripeSubscription
from donations.models.thank_you_run import PrintState, ThankYouRun, Together
from donations.models.thank_you_template import GiftNumber, ReceiptWith, ThankYouTemplate, TributeKind
from donations.models.thanks import Acknowledgement, ThankedBy, ThanksState
from donations.models.thanks_settings import ThanksSettings
from donations.models.totals import GivingTotals
from donations.models.tribute import DedicationKind, NoticeWay, Tribute, TributeNotice
from donations.models.valuation import Valuation, ValuationMethod

__all__ = [
    "Account",
    "AccountUse",
    "Acknowledgement",
    "Adjustment",
    "AdvantageKind",
    "Appeal",
    "AppealChannel",
    "Asked",
    "AskedChange",
    "AskedState",
    "BalanceLine",
    "BankAccount",
    "BankCredit",
    "BankStatement",
    "Batch",
    "BatchPart",
    "BatchRow",
    "BatchState",
    "BatchTemplate",
    "BatchVisit",
    "Campaign",
    "CancelReason",
    "ChangeKind",
    "Checkout",
    "CheckoutMode",
    "CheckoutState",
    "ClaimFile",
    "ClaimLine",
    "ClaimPeriod",
    "ClaimRow",
    "ClaimState",
    "ClosedPeriod",
    "CollectedBy",
    "CreditState",
    "DeclarationMethod",
    "DeclineSpike",
    "DedicationKind",
    "Dispute",
    "DisputeStatus",
    "DonorLevel",
    "DonorStanding",
    "EntryKind",
    "EventState",
    "ExchangeRate",
    "ExportedEntry",
    "FailedCharge",
    "FakeAccount",
    "FakeFault",
    "FakeKey",
    "FakeObject",
    "FaultKind",
    "FileFormat",
    "FraudWarning",
    "Fund",
    "Gift",
    "GiftAidClaim",
    "GiftAidDeclaration",
    "GiftAidSettings",
    "GiftAllocation",
    "GiftKind",
    "GiftNumber",
    "GiftSource",
    "GiftStatus",
    "GivingTotals",
    "GoodsOrigin",
    "Grouping",
    "HmrcClaim",
    "Instalment",
    "InstalmentState",
    "JointShare",
    "JournalExport",
    "JournalGrouping",
    "JournalLine",
    "JournalSettings",
    "Ladder",
    "LedgerEntry",
    "LineKind",
    "Match",
    "MatchState",
    "MatchingRule",
    "Measure",
    "Method",
    "NotEnoughTax",
    "NoticeKind",
    "NoticeWay",
    "OnlineGivingSettings",
    "OnlinePayment",
    "OnlineRefund",
    "OwedBack",
    "PaymentStatus",
    "Payout",
    "PayoutStatus",
    "Pledge",
    "PledgeAllocation",
    "PledgePayment",
    "PledgeReminder",
    "PledgeStatus",
    "PrintState",
    "PrintedReceipts",
    "PromiseSettings",
    "Receipt",
    "ReceiptCounter",
    "ReceiptDelivery",
    "ReceiptLine",
    "ReceiptSettings",
    "ReceiptState",
    "ReceiptWith",
    "Reconciliation",
    "RecurringAllocation",
    "RecurringChange",
    "RecurringGift",
    "RecurringKind",
    "RecurringStatus",
    "RefundStatus",
    "ReminderHow",
    "Resolution",
    "Restriction",
    "SmallClaim",
    "SmallClaimLine",
    "SmallCollection",
    "SmallGiveBack",
    "SoftCredit",
    "SoftCreditRole",
    "SplitPayment",
    "Standing",
    "StatementFormat",
    "StripeCustomer",
    "StripeEvent",
    "StripeSubscription",
    "SyncCursor",
    "ThankYouRun",
    "ThankYouTemplate",
    "ThankedBy",
    "ThanksSettings",
    "ThanksState",
    "Tie",
    "Together",
    "Tribute",
    "TributeKind",
    "TributeNotice",
    "Valuation",
    "ValuationMethod",
    "Way",
    "WriteOff",
]
