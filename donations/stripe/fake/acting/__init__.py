"""What donors, banks and time do to the double: the demo's pages and the tests act through these verbs.

    mark = acting.cursor()
    acting.pay(session_id, Outcome.PAY)     # or DECLINE, NEEDS_APPROVAL then APPROVE or REFUSE, BANK_DEBIT
    acting.settle_debit(intent_id)          # or return_debit
    acting.renew(subscription_id)           # succeed=False, needs_approval=True; then retry, pay_on_page
    acting.dispute(intent_id)               # then close_dispute(dispute_id, won=True)
    acting.refund_at_stripe(intent_id)      # fail_refund, warn, payout, fail_payout, replace_card
    acting.book_fees()                      # the fees become known, `charge.updated`
    acting.deliver(acting.events(mark))     # signed, through the real webhook view; order="reversed", "shuffled"

Every verb takes Stripe's ids, changes the double in a transaction of its own and leaves events; none delivers them.
"""

from donations.stripe.fake.acting.debits import return_debit, settle_debit
from donations.stripe.fake.acting.delivering import Delivery, deliver, events
from donations.stripe.fake.acting.paying import Outcome, book_fees, pay
from donations.stripe.fake.acting.renewing import (
    announce_renewal,
    fail_finalization,
    finalize,
    pay_on_page,
    renew,
    replace_card,
    retry,
)
from donations.stripe.fake.acting.taking_back import (
    close_dispute,
    dispute,
    fail_payout,
    fail_refund,
    payout,
    refund_at_stripe,
    settle_refund,
    warn,
)
from donations.stripe.fake.events import cursor

__all__ = [
    "Delivery",
    "Outcome",
    "announce_renewal",
    "book_fees",
    "close_dispute",
    "cursor",
    "deliver",
    "dispute",
    "events",
    "fail_finalization",
    "fail_payout",
    "fail_refund",
    "finalize",
    "pay",
    "pay_on_page",
    "payout",
    "refund_at_stripe",
    "renew",
    "replace_card",
    "retry",
    "return_debit",
    "settle_debit",
    "settle_refund",
    "warn",
]
