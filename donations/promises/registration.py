"""What pledges and recurring gifts add to the rooms below; called once from the app's `ready()`."""

from __future__ import annotations

from donations.promises import permissions  # noqa: F401  says what roles may do
from donations.promises.protection import protect_promises


def register_promises() -> None:
    """Fill the registries and listen."""
    protect_promises()
