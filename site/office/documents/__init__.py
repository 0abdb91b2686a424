"""What the office puts on paper; every number is the one on the screen.

board.py      the year on one page, for the board
named.py      the reports by name that are had as PDF
prospects.py  whom to ask next, one by one
wording.py    shares and comparisons in words
"""
