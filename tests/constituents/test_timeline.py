"""The timeline: everything once, in order, however many things happened at one instant, however it is paged."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from constituents.models import Document, Interaction
from constituents.timeline import Cursor, timeline
from core.staff.cursor import newest_first
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift
from tests.harness.examples import drawn

DAY = dt.date(2026, 3, 4)
# Few instants, so that many events share one: noon, where events that only have a day stand, among them.
NOON = dt.datetime(2026, 3, 4, 17, tzinfo=dt.UTC)
INSTANTS = [NOON - dt.timedelta(hours=1), NOON, NOON + dt.timedelta(hours=1)]
# What the story of a page asks of the database, whoever it is about.
MOST = 34


def pages(person, user, limit, kinds=()):
    """Return every event, read page by page."""
    found, before = [], None
    while page := timeline(person, user=user, kinds=kinds, before=before, limit=limit):
        found += page
        before = Cursor.parse(str(Cursor.of(page[-1])))
    return found


class TestPaging(TestCase):
    """Any events, any size of page."""

    @drawn(10)
    @given(
        calls=st.lists(st.sampled_from(INSTANTS), max_size=8),
        papers=st.lists(st.sampled_from(INSTANTS), max_size=4),
        gifts=st.integers(0, 4),
        limit=st.integers(1, 7),
    )
    def test_each_event_is_shown_once_and_in_order(self, calls, papers, gifts, limit):
        user = User.objects.create_superuser("a@example.org", "correct horse battery")
        person, fund = make_person(), make_fund()
        for at in calls:
            Interaction.objects.create(subject="Rang", at=at).participants.add(person)
        for at in papers:
            paper = Document.objects.create(
                constituent=person, name="Paper", file="x", content_type="text/plain", size=1
            )
            Document.objects.filter(pk=paper.pk).update(uploaded_at=at)
        for _ in range(gifts):
            make_gift(person, "5.00", on=DAY, fund=fund)
        everything = timeline(person, user=user, limit=1000)
        paged = pages(person, user, limit)
        assert [(e.at, e.kind, e.pk) for e in paged] == [(e.at, e.kind, e.pk) for e in everything]
        assert len({(e.kind, e.pk) for e in paged}) == len(paged)
        kinds = [e.kind for e in paged]
        assert (kinds.count("contact"), kinds.count("document"), kinds.count("gift")) == (
            len(calls),
            len(papers),
            gifts,
        )
        assert paged == newest_first(paged)


@pytest.mark.parametrize("text", ["", "nonsense", "2026-01-01~gift~3", "2026-01-01T00:00:00+00:00~gift~x", "~~"])
def test_a_mangled_cursor_is_none(text):
    assert Cursor.parse(text) is None


def test_a_cursor_survives_being_written_into_an_address():
    cursor = Cursor(dt.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=dt.UTC), "gift", 12)
    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.django_db
def test_a_thousand_events_cost_as_much_as_ten(staff_client, django_assert_max_num_queries):
    person = make_person(email="ann@example.org", phone="(207) 555-0100")
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    rows = Interaction.objects.bulk_create(
        Interaction(kind="call", subject=f"Call {number}", at=at + dt.timedelta(hours=number)) for number in range(1000)
    )
    through = Interaction.participants.through
    through.objects.bulk_create(through(interaction=row, constituent=person) for row in rows)
    client, address = staff_client(), f"/admin/people/inspect/{person.pk}/"
    client.get(address)
    with django_assert_max_num_queries(MOST):
        answer = client.get(address)
    assert "Call 999" in answer.text
    assert "Call 900" not in answer.text
    with django_assert_max_num_queries(MOST):
        older = client.get(address, {"before": answer.context["timeline_next"]}, headers={"hx-request": "true"})
    assert older.status_code == 200
