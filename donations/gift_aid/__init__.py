"""Gift Aid, for organisations in the United Kingdom: declarations, what may be claimed, and the claims to HMRC.

benefits.py     what a donor may get in return before a gift is none any more (dated limits)
years.py        tax years, and until when a gift can be claimed
rules.py        may the tax on this gift be claimed? plain facts in, a verdict out
eligibility.py  the same for gifts on record, many at a time
declaring.py    verbs: declare, confirm by letter, mend, cancel, "I pay too little tax"
joint.py        verbs: two gave it together; part of it bought something
schedule.py     HMRC's schedule: what stands in each row, or what is to be mended first
spreadsheet.py  the schedule as files
claiming.py     verbs: gather, send, note the payment, withdraw
owing.py        what is owed back when a claimed gift goes back
"""
