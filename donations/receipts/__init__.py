"""Receipts: what the law lets us certify of a gift, in which words, and how it is printed.

regimes/     one file a country: what is receiptable, what counts as an advantage, what the receipt has to say
snapshot.py  everything a receipt says, frozen when it gets its number
"""
