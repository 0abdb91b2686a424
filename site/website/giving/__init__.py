"""Giving on the public site: the form, what becomes of it, and where one comes back to.

frequencies.py  how often, and the amounts a page suggests for it
form.py         the form and its checks, with `fields.py` for the parts that only some are asked
tokens.py       the signed token that makes a form one gift, however often it is sent
taking.py       from a valid form to a promise, or to the payment page at Stripe
limits.py       how often one may start a payment
proof.py        the small task a browser may be asked to solve
keeping.py      what was typed, kept with the visitor for a second try
returning.py    what the page says after the payment
embedding.py    the form in a frame on another website
speaking.py     in which language
"""
