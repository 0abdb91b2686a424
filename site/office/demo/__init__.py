"""The demo organisation, Harbour Light: its people, their giving, and those who work there.

countries.py where it lies, what money it counts, whose law it follows: United States, United Kingdom, Canada, Germany
setting.py   the organisation, staff sign-ins, funds, campaigns
names.py     names from many places, in their own scripts
people.py    households of all shapes, organisations, how to reach them
giving.py    years of plausible giving
gifts.py     what hangs on gifts: adjustments, tributes, recognition, matching, goods
membership.py  levels, and members in every status
batches.py  the cheques of the last weeks as they were entered, one batch still open
papers.py  what the country's law asks for: receipt settings; Gift Aid declarations, claims, small donations
receipts.py  last year's, for some
thanks.py    the words of thanks, who was thanked, and who still waits
volunteering.py  opportunities, shifts past and coming, hours
custom.py    fields of the organisation's own, and what they hold
online.py  the last weeks' card gifts as Stripe knows them, refunds, a dispute, payouts
accounting.py  account numbers, the journal by quarters, a year closed and opened again
contact.py   interactions, consent, directory choices
"""
