"""Merging two records of one constituent, and taking that back.

relations.py  what a merge does to each relation that leads to a constituent, as its app declares it
plan.py       everything a merge of two records would do, as rows of its journal; reads, and writes nothing
same.py       which rows of both records say the same, and what becomes of them
households.py one household at a time, and no day in two of them
own.py        what becomes of the rows of this app, and of the rooms below it
"""
