"""What a supporter sees and changes about themselves, under /account/.

access.py     whose pages these are: every view gets the signed-in person's own record and asks for nothing else
views/        a module for each page
forms.py      their words
tables.py     gifts, receipts, hours
cards.py      the member card with its code
matters.py    what matters now, for the home page
own_data.py   everything we hold about one person, for the download
documents.py  the same to read, as a PDF

What belongs to somebody else is answered like what does not exist.
"""
