"""Recurring gifts charged by Stripe Billing: what donor and staff ask of them, and what follows when a charge fails.

asking.py    change the amount or the day, pause, go on, stop: written down, asked of Stripe, read back
terms.py     what a change asks, as Stripe is asked
cards.py     another card: Stripe's own page for it, and the subscription that uses it
failing.py   a charge failed: the donor hears of it once, with a link that needs no password
mending.py   that link: replace the card, or set up again what Stripe gave up
offer.py     after a single gift: make it monthly?
"""
