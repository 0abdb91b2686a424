"""The books as the treasurer needs them: periods that are closed, the journal that is handed over, the past as it was.

periods.py    closing through a day, opening again; every verb that dates money asks here
journal.py    from movements of money to debit and credit, by source
exporting.py  handing the journal over: each movement in one export, lines that never change
as_of.py      the books as they stood at the end of a day, by fund and campaign
checks.py     what must hold of all this, for `check_books`
"""
