"""How gifts and receipts stand, as the tones of their chips."""

from collections.abc import Mapping

from donations.models import GiftStatus, MatchState, ReceiptState

GIFT_TONES: Mapping[str, str] = {
    GiftStatus.POSTED: "good",
    GiftStatus.PENDING: "waiting",
    GiftStatus.PARTLY_REFUNDED: "waiting",
    GiftStatus.REFUNDED: "wrong",
    GiftStatus.VOIDED: "wrong",
    GiftStatus.CHARGED_BACK: "wrong",
    GiftStatus.ADJUSTED: "quiet",
}
RECEIPT_TONES: Mapping[str, str] = {
    ReceiptState.ISSUED: "good",
    ReceiptState.NUMBERED: "waiting",
    ReceiptState.VOID: "wrong",
}
MATCH_TONES: Mapping[str, str] = {
    MatchState.EXPECTED: "waiting",
    MatchState.CLAIMED: "waiting",
    MatchState.RECEIVED: "good",
    MatchState.CLOSED: "quiet",
}
