"""What a merge of two records does to giving: the donor pointer moves, what was entered and certified does not."""

from __future__ import annotations

from constituents.merging.relations import derived, lineage, repoint


def declare_relations() -> None:
    """Say what a merge does to each relation of this app."""
    repoint("donations.Gift.donor")
    lineage("donations.LedgerEntry.donor", reason="whose it was when it was entered; the ledger is only added to")
    lineage("donations.Receipt.recipient", reason="whom it was made out to; an issued receipt never changes")
    derived("donations.GivingTotals.constituent", reason="recomputed from the gifts of both records")
