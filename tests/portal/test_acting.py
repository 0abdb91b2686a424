"""A parent acts for a child: only with the relationship, only as long as it holds, and the pages say so."""

import pytest
from django.urls import reverse

from constituents.models import RelationshipType
from constituents.services.relationships import end_relationship, relate
from core.audit.models import AuditEntry
from core.clock import today
from tests.factories.constituents import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def child(me):
    bo = make_person("Bo", "Lee", phone="(207) 555-0155")
    relate(me, other=bo, type=RelationshipType.objects.get(key="parent"), may_manage=True, by=None)
    return bo


def act_for(client, who):
    return client.post(reverse("portal_act"), {"who": who.uuid if who else ""}, follow=True)


def test_a_parent_sees_and_changes_the_childs_details_and_comes_back(mine, me, child) -> None:
    page = act_for(mine, child)
    assert "You act for <strong>Bo Lee</strong>" in page.text
    assert "(207) 555-0155" in mine.get(reverse("portal_profile")).text
    assert AuditEntry.objects.for_instance(child).filter(action="constituent.acted_for").count() == 1
    assert "You act for" not in act_for(mine, None).text
    assert "(207) 555-0155" not in mine.get(reverse("portal_profile")).text


def test_nobody_acts_for_a_stranger_whatever_they_send(mine, me, child) -> None:
    stranger = make_person("Cy", "Ray", phone="(207) 555-0199")
    assert "You act for" not in act_for(mine, stranger).text
    assert "(207) 555-0199" not in mine.get(reverse("portal_profile")).text


def test_the_end_of_the_relationship_takes_effect_at_once(mine, me, child) -> None:
    act_for(mine, child)
    row = me.relationships_as_first.get()
    end_relationship(row, on=today(), by=None)
    assert "(207) 555-0155" not in mine.get(reverse("portal_profile")).text


def test_who_acts_for_nobody_sees_no_switch(mine, me) -> None:
    assert "portal__acting" not in mine.get(reverse("portal_home")).text
