"""Batch entry: a pile of cheques typed by keyboard alone, and posted all at once or not at all.

opening.py   open, change and discard a batch
rows.py      keep a row as it is being typed; take one away
twins.py     the same cheque once more: in the books, in this batch, in another open one
checking.py  what still stands in the way of each row, and how the pile adds up
posting.py   rows become gifts, in one transaction
visiting.py  who else has the batch open
slip.py      the deposit slip
"""
