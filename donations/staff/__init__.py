"""The staff screens about giving.

gifts      the list and page of gifts, and what may be done with one
gift_page  the page of one gift, with what hangs on it: credits, tributes, matches, valuations
correcting adjusting a gift, charge-backs
entry      recording a gift: donor found as one types, duplicate cheques, one after the other
expected   what was promised and is not here yet
receipts   the list and page of receipts, the yearly run, downloads
funds      what gifts are for
campaigns  efforts with a goal
appeals    one ask each
levels     ladders of donor levels, and who stands on them
rates      exchange rates
person     what giving adds to the constituent's page
"""
