"""Bank statements: a file is read once, its credits find what they are for, and what is unsure waits for somebody.

readers/      CAMT.053, OFX and CSV files as plain lines
reading.py    a file becomes a statement and its credits; a credit that is known is not added again
matching.py   what a credit may be for: promised gifts and dues, pledges and standing orders, donors known by account
              or name
applying.py   a credit becomes a gift, or is put aside; both can be taken back
"""
