"""Every gift counted once, receipted, and traceable from any report down to the row.

models/      fund, campaign and appeal, gift with allocations, the append-only ledger, rates, totals
services/    the verbs: record, post, void, refund gifts; the same for thousands at a time; rollups; the books
metrics.py   the one definition of every number about giving
prospects.py who is likely to give, and where the money is

The ledger is the only source of totals. A gift's status, net amount and allocations are projections of it, and
`check_books` proves that they still are.
"""
