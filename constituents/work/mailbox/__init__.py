"""Mail that came in: sent to us, copied or forwarded to us. It files itself on the right people, or waits.

reading.py   where mail is read from: a Maildir, an mbox file, an IMAP folder; each mail as bytes
parsing.py   bytes to a mail one can show: nothing in it is executed, nothing remote is loaded
matching.py  whose mail it is, by address and by what staff decided about addresses
taking.py    one mail in: once, whatever it is
deciding.py  what staff do with mail that waits: file it, add a person from it, throw it away
importing.py the whole mailbox: the command and the clock call it
"""
