"""Every gift counted once, receipted, and traceable from any report down to the row.

models/       fund, campaign and appeal, gift with allocations, the append-only ledger, receipts, rates, totals
services/     the verbs: record, post, void, refund gifts; receipts, one and a year of them; rollups; the books
batches/      a pile of cheques, typed row by row and posted all at once; its deposit slip
receipts/     the law: one file a country, what a receipt says, how it leaves
protection.py what the database itself refuses to change
documents.py  receipts on paper
metrics.py    the one definition of every number about giving
prospects.py  who is likely to give, and where the money is
staff/        the screens under Giving, and what giving adds to a person's page

The ledger is the only source of totals. A gift's status, net amount and allocations are projections of it, and
`check_books` proves that they still are.
"""
