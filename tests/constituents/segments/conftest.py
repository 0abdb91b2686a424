import pytest

from core.organisation import current_organisation, forget_organisation
from core.organisation.models import Organisation


@pytest.fixture
def organisation_in(db):
    """Return a function that moves the organisation to a time zone."""

    def move(zone: str) -> None:
        Organisation.objects.filter(pk=current_organisation().pk).update(time_zone=zone)
        forget_organisation()

    yield move
    forget_organisation()
