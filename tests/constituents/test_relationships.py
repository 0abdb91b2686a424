"""Relationships: one row, read in the words of each side; who may act for whom."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from constituents.errors import ConstituentError
from constituents.models import Relationship, RelationshipType
from constituents.services.relationships import (
    change_relationship,
    end_relationship,
    managed_by,
    relate,
    remove_relationship,
)
from constituents.staff.relationships import relationships_of
from core import clock
from core.audit.models import AuditEntry
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_organisation, make_person

pytestmark = pytest.mark.django_db


def type_of(key):
    return RelationshipType.objects.get(key=key)


def seen(constituent):
    """Return the others as the constituent's page names them."""
    return [
        (line["other"], line["word"])
        for line in relationships_of(type(constituent).objects.get(pk=constituent.pk))["relationships"]
    ]


def test_one_row_is_read_from_both_sides() -> None:
    ann, bo = make_person("Ann"), make_person("Bo")
    relate(ann, other=bo, type=type_of("parent"), by=None)
    assert seen(ann) == [(bo, "Child")]
    assert seen(bo) == [(ann, "Parent")]
    assert Relationship.objects.count() == 1


def test_the_other_side_can_be_told_first() -> None:
    ann, bo = make_person("Ann"), make_person("Bo")
    relate(bo, other=ann, type=type_of("parent"), is_second=True, by=None)
    assert seen(ann) == [(bo, "Child")]


def test_friends_are_friends_once_from_whichever_side() -> None:
    ann, bo = make_person("Ann"), make_person("Bo")
    relate(bo, other=ann, type=type_of("friend"), by=None)
    with pytest.raises(ValidationError, match="already on record"):
        relate(ann, other=bo, type=type_of("friend"), by=None)


def test_a_person_cannot_employ_and_nobody_is_their_own_friend() -> None:
    ann, bo = make_person("Ann"), make_person("Bo")
    with pytest.raises(ConstituentError, match="another kind of record"):
        relate(ann, other=bo, type=type_of("employee"), by=None)
    with pytest.raises(ValidationError, match="two different records"):
        relate(ann, other=ann, type=type_of("friend"), by=None)


def test_a_person_has_one_main_affiliation() -> None:
    ann, mill, trust = make_person("Ann"), make_organisation("Mill"), make_organisation("Trust")
    first = relate(ann, other=mill, type=type_of("employee"), title="Miller", is_primary=True, by=None)
    relate(ann, other=trust, type=type_of("board_member"), is_primary=True, by=None)
    first.refresh_from_db()
    assert not first.is_primary
    with pytest.raises(IntegrityError), transaction.atomic():
        Relationship.objects.update(is_primary=True)
    with pytest.raises(ConstituentError, match="main affiliation"):
        relate(ann, other=make_person(), type=type_of("friend"), is_primary=True, by=None)


def test_a_parent_acts_for_a_child_until_it_ends() -> None:
    user = UserFactory()
    ann, bo = make_person("Ann", user=user), make_person("Bo")
    row = relate(ann, other=bo, type=type_of("parent"), may_manage=True, by=None)
    assert managed_by(user) == [bo]
    end_relationship(row, on=clock.today() - dt.timedelta(days=1), by=None)
    assert managed_by(user) == []
    assert seen(ann) == [(bo, "Child")]


def test_a_child_does_not_act_for_a_parent_nor_a_friend_for_a_friend() -> None:
    user = UserFactory()
    ann, bo = make_person("Ann"), make_person("Bo", user=user)
    relate(ann, other=bo, type=type_of("parent"), may_manage=True, by=None)
    assert managed_by(user) == []
    with pytest.raises(ConstituentError, match="Nobody acts for the other"):
        relate(ann, other=bo, type=type_of("friend"), may_manage=True, by=None)


def test_what_changed_stands_in_the_history_of_both() -> None:
    ann, mill = make_person("Ann"), make_organisation("Mill")
    row = relate(ann, other=mill, type=type_of("employee"), title="Miller", by=None)
    change_relationship(row, title="Head miller", by=None)
    remove_relationship(row, by=None, reason="Another Ann")
    for side in (ann, mill):
        entries = AuditEntry.objects.for_instance(side).filter(action__startswith="relationship.").order_by("pk")
        assert [entry.action for entry in entries] == [
            "relationship.added",
            "relationship.changed",
            "relationship.removed",
        ]
        assert (entries[1].old, entries[1].new) == ({"title": "Miller"}, {"title": "Head miller"})
        assert entries[2].reason == "Another Ann"


def test_the_form_offers_only_what_this_kind_of_record_can_be(staff_client) -> None:
    client, mill = staff_client(), make_organisation("Mill")
    offered = [
        word for _key, word in client.get(f"/admin/people/relate/{mill.pk}/").context["form"].fields["how"].choices
    ]
    assert "Employee" in offered
    assert "Child" not in offered
    assert "Employer" not in offered


def test_it_is_added_by_screen_from_either_side(staff_client) -> None:
    client, ann, bo = staff_client(), make_person("Ann"), make_person("Bo")
    parent = type_of("parent").pk
    client.post(f"/admin/people/relate/{bo.pk}/", {"other": ann.pk, "how": f"{parent}:second"})
    row = Relationship.objects.get()
    assert (row.first, row.second) == (ann, bo)
    stranger = make_person()
    assert client.get(f"/admin/people/end-relationship/{stranger.pk}/?part={row.pk}").status_code == 404
    assert client.get(f"/admin/people/end-relationship/{bo.pk}/?part={row.pk}").status_code == 200
