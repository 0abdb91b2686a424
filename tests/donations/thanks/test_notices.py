"""Letters to those who are to hear of a gift: who gave and in whose memory, and how much only where that was asked."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from core import clock
from donations.models import DedicationKind, TributeNotice
from donations.services.tributes import dedicate, notify_of
from donations.thanks.notices import write_notices
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


@pytest.mark.parametrize(("anonymous", "tells"), [(False, False), (True, True)])
def test_a_notice_names_the_amount_only_where_asked_and_never_an_anonymous_donor(anonymous: bool, tells: bool) -> None:
    gift = make_gift(make_person("Ann", "Lee"), "275", is_anonymous=anonymous)
    tribute = dedicate(gift, kind=DedicationKind.MEMORY, honouree_name="Rosa Hale", tell_amount=tells, by=None)
    notify_of(
        tribute, name="Tom Hale", street="1 Bay Road", city="Portbury", postal_code="04101", country="US", by=None
    )
    notify_of(tribute, name="Nowhere", by=None)
    out = BytesIO()
    assert write_notices(TributeNotice.objects.for_list().waiting(), out, on=clock.today()) == 1
    page = " ".join(PdfReader(out).pages[0].extract_text().split())
    assert "in memory of Rosa Hale" in page
    assert ("Tom Hale" in page, "Ann Lee" in page, "275" in page) == (True, not anonymous, tells)
