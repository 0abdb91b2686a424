"""Who did what to which record, when and why: append-only, chained, and silent about people once they are erased.

A verb calls `record()` in its own transaction, so that the change and its entry stand or fall together. The entry is
written unsealed; one sealer (`seal()`, run by the clock and by `verify_audit`) later gives each entry the next number
and a hash chained to the one before, because numbering inside every verb would be one lock for everybody.

    old, new = changes(before, snapshot(fund))
    record("fund.changed", fund, by=user, old=old, new=new, reason="Renamed at the AGM")

Everything that may name a person (labels, values, the reason) stands in the entry's payload. The chain covers only a
salted commitment to it, so that `forget()` can remove the payload of an erased person and the chain still proves whole.
"""

from core.audit.chain import Problem, Proof, seal, verify
from core.audit.drafts import Draft
from core.audit.recording import changes, forget, record, record_many, snapshot
from core.audit.verbs import name_verbs, verb_name

__all__ = [
    "Draft",
    "Problem",
    "Proof",
    "changes",
    "forget",
    "name_verbs",
    "record",
    "record_many",
    "seal",
    "snapshot",
    "verb_name",
    "verify",
]
