"""The models of this app, one aggregate a module."""

from donations.models.campaign import Appeal, AppealChannel, Campaign
from donations.models.fund import Fund, Restriction
from donations.models.gift import Gift, GiftAllocation, GiftKind, GiftSource, GiftStatus, Method
from donations.models.ledger import EntryKind, LedgerEntry
from donations.models.rate import ExchangeRate
from donations.models.totals import GivingTotals

__all__ = [
    "Appeal",
    "AppealChannel",
    "Campaign",
    "EntryKind",
    "ExchangeRate",
    "Fund",
    "Gift",
    "GiftAllocation",
    "GiftKind",
    "GiftSource",
    "GiftStatus",
    "GivingTotals",
    "LedgerEntry",
    "Method",
    "Restriction",
]
