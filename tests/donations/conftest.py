"""What giving's tests share: an organisation as receipts print it, and one fund to give to."""

from __future__ import annotations

import pytest

from core.organisation import current_organisation, forget_organisation
from core.organisation.models import Organisation


@pytest.fixture
def organisation(db: None) -> Organisation:
    """A small charity in Maine."""
    organisation = current_organisation()
    values = {
        "name": "Harbour Light",
        "legal_name": "Harbour Light Trust, Inc.",
        "registration_number": "04-1234567",
        "street": "12 Quay Street",
        "city": "Portbury",
        "region": "ME",
        "postal_code": "04101",
        "country": "US",
        "email": "hello@harbourlight.example",
        "time_zone": "America/New_York",
        "signatory_name": "Miriam Castellane",
        "signatory_title": "Treasurer",
    }
    Organisation.objects.filter(pk=organisation.pk).update(**values)
    forget_organisation()
    return current_organisation()
