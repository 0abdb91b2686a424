"""A double of Stripe inside the real SDK: for the demo and the tests, with no network and no card.

`StripeClient("sk_test_demo", http_client=FakeStripe())` answers as Stripe's API of the pinned SDK's version does, and
keeps its state in rows (donations.models.demo_stripe), so that every process sees one. How to use it, what it does and
what it cannot prove: docs/reference/stripe-double.md.

client.py     the HTTP client: headers, faults, idempotency, then the route
wire.py       bracketed form keys become nested parameters
checking.py   parameters against the SDK's `stripe.params`
routing.py    which function answers which address
resources/    one module a resource: its addresses and the shape of its objects
money/        what happens to money: charges, fees, debits, invoices
store.py listing.py expanding.py keys.py events.py problems.py faults.py
acting/       what donors, banks and time do: pay, settle, renew, dispute, pay out; and deliver the events
"""
