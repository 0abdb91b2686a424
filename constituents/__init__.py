"""Everyone the organisation deals with, once each, and how to reach them.

models/      constituent (person or organisation), contact points, household, tags, consent, interactions
services/    the verbs: add and change people, form households, claim a record, keep the search text true
naming.py    how households are named and addressed, as pure functions
folding.py   one way to fold case and accents, for search and sorting
timeline.py  registry: what happened with a constituent, offered by every app above
panels.py    registry: what the constituent page shows beside the timeline
"""
