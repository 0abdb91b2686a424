"""Funds, campaigns and appeals at work.

tree        which campaigns are part of which
arranging   the verbs: add, change, remove campaigns and appeals; take the list an appeal goes to
closing     closing a fund, and where its recurring allocations go
tracking    the code on a link: which appeal and campaign a gift on the giving page is credited to
links       an appeal's own address, and the same as a QR code
results     gifts, donors, response, revenue, cost: of one campaign, of each below it, of each appeal
curve       how giving added up over a campaign's days, beside its goal and an earlier campaign
documents   a campaign on paper, for the board

What comes in for a campaign counts for every campaign it is part of, once. All amounts are in the base currency, of
counted gifts less refunds, as everywhere (`donations.metrics`).
"""
