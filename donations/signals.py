"""What this app announces. Each is sent inside the transaction that caused it, once per real change.

gift_posted    `gift`, `by`: money of this gift is now in the ledger.
gift_reversed  `gift`, `by`, `reason`: the gift was voided, refunded (in part or whole) or charged back.
gift_reinstated  `gift`, `by`, `reason`: what was charged back of the gift is here again.
gift_adjusted  `original`, `replacement`, `by`, `reason`: the original was wrong and counts no more; the replacement
               counts in its place. Whoever points at a gift moves the pointer, or settles what hangs on it.
gifts_posted_in_bulk  `gift_ids`, `by`, `announced`: as gift_posted, for many gifts of an import or of demo data;
                      `announced` when they are news that rules may answer, not history.
recurring_begun  `recurring`, `by`: a recurring gift that is charged online was set up, and has begun.
declaration_made, declaration_cancelled  `declaration`, `by`: a Gift Aid declaration was recorded, or ended.
"""

from django.dispatch import Signal

gift_posted = Signal()
gift_reversed = Signal()
gift_reinstated = Signal()
gift_adjusted = Signal()
gifts_posted_in_bulk = Signal()
recurring_begun = Signal()
declaration_made = Signal()
declaration_cancelled = Signal()
