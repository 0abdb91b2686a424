"""What Gift Aid registers in the rooms below and in giving itself."""

from __future__ import annotations

from donations.gift_aid import permissions  # noqa: F401  says what roles may do
from donations.gift_aid.protection import protect_gift_aid


def register_gift_aid() -> None:
    """Fill the registries; called once from AppConfig.ready()."""
    protect_gift_aid()
