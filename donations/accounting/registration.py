"""What the books add to giving and to the rooms below; called once from the app's `ready()`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.audit import name_verbs
from donations.accounting.checks import CHECKS
from donations.accounting.journal import register_source
from donations.accounting.movements import LEDGER
from donations.accounting.protection import protect_accounting
from donations.services.books import register_check


def register_accounting() -> None:
    """Keep periods and exports, book the ledger, and prove both."""
    protect_accounting()
    register_source(LEDGER)
    for check in CHECKS:
        register_check(check)
    name_verbs(
        {
            "journal.exported": _("Journal exported"),
            "journal.set_up": _("Accounts of the journal set up"),
            "journal.taken_back": _("Journal export taken back"),
            "period.closed": _("Books closed"),
            "period.reopened": _("Books opened again"),
        }
    )
