"""The screen on which hours are logged, opened from the menu, from a person, or from an address somebody mistyped."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["", "?volunteer=", "?volunteer=nobody", "?volunteer=999999"])
def test_the_screen_opens_whoever_is_meant(staff_client, query):
    assert staff_client().get(f"/admin/hours/log/{query}").status_code == 200
