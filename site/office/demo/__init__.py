"""The demo organisation, Harbour Light: its people, their giving, and those who work there.

parts.py        which part is added when; loading.py plays them
countries.py    where it lies, what money it counts, whose law it follows: US, GB, CA, DE
setting.py      the organisation, staff sign-ins
names.py        names from many places, in their own scripts
people.py       households of all shapes, organisations, how to reach them; households.py: those with a story
campaigns.py    funds, campaigns, appeals, rates of other money
giving.py       years of plausible giving
gifts.py        what hangs on gifts: adjustments, tributes, recognition, matching, goods
promises.py     standing orders, pledges; recurring_online.py: those that Stripe charges
levels.py       circles of donors
membership.py   levels, and members in every status
batches.py      the cheques of the last weeks as they were entered, one batch still open
bank.py         last month's statement
online.py       the last weeks' card gifts, refunds, a dispute, payouts; stripe.py: what the double remembers of them
papers.py       what the country's law asks for: receipt settings; Gift Aid declarations, claims, small donations
receipts.py     last year's, for some
thanks.py       the words of thanks, who was thanked, and who still waits
accounting.py   account numbers, the journal by quarters, a year closed and opened again
volunteering.py opportunities, shifts past and coming, hours
contact.py      interactions, consent, directory choices
custom.py       fields of the organisation's own, and what they hold
ties.py         who is whose; segments.py: whom a fundraiser asks for; merging.py: who was on record twice
work.py         what the staff have to do, plans, rules, mail to be filed
"""
