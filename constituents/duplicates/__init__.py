"""Finding records that are one constituent, each pair with its reasons. Nothing is trained and nothing is told.

The engine knows no database and no Django:
traits       what two records are compared by
comparisons  how two records agree, field by field
frequencies  how common each value is
weights      what agreeing says: one constituent, relatives, or chance (Fellegi-Sunter)
fitting      how many duplicates to expect, and what the fields staff defined are worth, from the records themselves
blocking     the keys two records must share to be compared
scratch      the join on those keys, on a disk of its own
certainty    when a pair admits no other reading
judging      pairs judged by all of these, of many records on several processors
finder       all of these together
clusters     from pairs to groups

Around it:
reading      from the database to traits
changes      whose record changed since
scanning     the scan, as a job, every night
keeping      what a scan finds, and what it drops
pairs        what staff decide: `dismiss`, `reconsider`, `certain_pairs`
receivers    what a merge settles
reasons      the codes in words
live         who may be meant while somebody new is typed: `likely_matches`

How it was chosen and measured stands in docs/reference/duplicates.md.
"""
