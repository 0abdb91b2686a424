"""Online giving: the only place that speaks to Stripe.

An event is a hint. Whoever hears of something (the webhook, a donor coming back, `stripe_sync`, “try again”) has the
object asked for anew; what Stripe says of it now is turned into plain facts and applied under a lock. So any order,
repetition or loss of events ends in the same books.

mode, gateway   whether and as whom we speak to Stripe, how long we wait, and its errors in words
checkout        from a form to the payment page and back
inbox, events   events: verified, stored, handled beside the web
syncing         what Stripe says of payments, refunds and disputes, brought into our books
refunding       a refund asked for on our screens
catching_up     what was missed, found by reading Stripe's own lists
fake            a Stripe of our own inside the SDK, for the demo and tests
"""
