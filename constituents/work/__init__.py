"""Work: always know the next step.

dates.py       when a step is due, as pure functions
follow_ups.py  the verbs of one follow-up: add, change, hand over, postpone, complete, drop, reopen
moving.py      what follows a step moves with it
responsible.py who does a step
escalating.py  what is left lying is told to somebody else, once
plans.py       start, stop and move a plan; its dates before it is started
events.py      registry of what can happen, and `announce()`, written in the transaction that caused it
conditions.py  what a rule asks of an event and of a constituent, in words and in truth
actions.py     what a rule does
rules.py       each rule meets each event once; every meeting is logged
dry_run.py     what a rule would have done in the past month
waiting.py     registry of what else waits for somebody, offered by the rooms above
mailbox/       mail that came in: read, parsed, filed on the right people, or kept in a queue
"""
