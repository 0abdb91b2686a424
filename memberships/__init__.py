"""Levels, memberships and their terms: who belongs, since when, until when, and who has paid for it.

models/         level, membership with its named people, terms and dated facts, applications, flags, the number counter
services/       the verbs: join, renew, change level, cancel, name people, answer applications, settle flags
periods.py      when a term begins and ends, as pure functions: paid days are never lost
constraints.py  terms never overlap: one constraint, on both databases
directory.py    who is a member today, for the directory and the portal

Status is computed from dates and facts, for any date, in Python and in SQL alike; it is never stored.
Dues are gifts of the kind "dues" in the ledger, recorded through `donations.services.gifts` and nowhere else.
"""
