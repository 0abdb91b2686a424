"""What donors, banks and time do to the double: the demo's pages and the tests act through these verbs.

    mark = acting.cursor()
    acting.pay(session_id, Outcome.PAY)     # or DECLINE, NEEDS_APPROVAL then APPROVE or REFUSE, BANK_DEBIT
    acting.settle_debit(intent_id)          # or return_debit
    acting.book_fees()                      # the fees become known, `charge.updated`
    acting.deliver(acting.events(mark))     # signed, through the real webhook view; order="reversed", "shuffled"

Every verb takes Stripe's ids, changes the double in a transaction of its own and leaves events; none delivers them.
"""

from donations.stripe.fake.acting.debits import return_debit, settle_debit
from donations.stripe.fake.acting.delivering import Delivery, deliver, events
from donations.stripe.fake.acting.paying import Outcome, book_fees, pay
from donations.stripe.fake.events import cursor

__all__ = [
    "Delivery",
    "Outcome",
    "book_fees",
    "cursor",
    "deliver",
    "events",
    "pay",
    "return_debit",
    "settle_debit",
]
