"""The organisation this instance belongs to: one row, asked for everywhere, read once per request or job."""

from core.organisation.current import current_organisation, forget_organisation

__all__ = ["current_organisation", "forget_organisation"]
