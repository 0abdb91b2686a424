"""Every gift counted once: the ledger, funds, campaigns, receipts, prospects."""
