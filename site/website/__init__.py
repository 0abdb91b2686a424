"""What anyone sees: home, giving, joining, volunteering and the member directory, as Wagtail pages over live data.

models/      one page type a module
giving/      the giving page: form, payment, return, frame, limits, languages
services/    what a public form does: promise a gift, ask to join, sign up, write to a member; the first pages of a site
directory.py who the directory lists to whom, and with which fields
figures.py   the live numbers editors may show
"""
