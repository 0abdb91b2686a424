"""Recurring gifts over the double."""

from tests.harness.billing import hear, sign_up

__all__ = ["hear", "sign_up"]
