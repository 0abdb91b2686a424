"""What stands in conditions: faults at their place, sentences, relative dates, segments in segments, custom fields."""

import datetime as dt
import re

import pytest
import time_machine

from constituents.errors import CriteriaError, SegmentInUseError, TakesPartInItselfError
from constituents.models import Constituent, CustomField, CustomValue, Tag
from constituents.segments import holds, matching, members_of, sentence
from constituents.segments.dates import Span, Unit
from constituents.services.segments import change_segment, copy_segment, delete_segment, make_segment, take_snapshot
from core.audit.models import AuditEntry
from tests.factories.constituents import make_household, make_organisation, make_person
from tests.factories.donations import make_gift

pytestmark = pytest.mark.django_db


def all_of(*conditions):
    return {"match": "all", "of": list(conditions)}


def is_(criterion, operator, value=None, **where):
    return {"criterion": criterion, "operator": operator, "value": value, "where": where}


def names(people):
    return sorted(person.given_name for person in people)


@pytest.mark.parametrize(
    ("criteria", "fault"),
    [
        (all_of(is_("giving.lifetime", "at_least", "5")), "Condition 1: “giving.lifetime” is nothing people can be"),
        (all_of(is_("deceased", "perhaps")), "Condition 1: “Deceased” cannot be compared by “perhaps”"),
        (all_of(is_("tag", "any_of", [4711])), "is no longer there"),
        (all_of(is_("deceased", "no"), is_("giving.total", "at_least", "much")), "Condition 2: Type a number."),
        (all_of(is_("giving.gave", "yes", funds=[1], colour=["red"])), "cannot be narrowed by “colour”"),
        (all_of({"match": "any", "of": []}), "Condition 1: Add a condition to this group"),
        ({"match": "most", "of": []}, "Say whether all, any or none"),
        ([], "This is no condition."),
    ],
)
def test_what_is_unknown_or_unfinished_is_an_error_and_never_a_smaller_number(criteria, fault) -> None:
    with pytest.raises(CriteriaError, match=re.escape(fault)):
        matching(criteria)


def test_no_condition_finds_everyone_but_signposts() -> None:
    kept, merged = make_person("Ann"), make_person("Anne")
    Constituent.objects.filter(pk=merged.pk).update(merged_into=kept)
    assert list(matching(all_of())) == [kept]


def test_a_sentence_says_what_is_asked() -> None:
    press = Tag.objects.create(name="Press")
    criteria = all_of(
        is_("kind", "any_of", ["person"]),
        is_("tag", "any_of", [press.pk]),
        is_("giving.total", "at_least", "100", period={"operator": "in_calendar_year", "value": "2026"}),
        is_("membership.is_member", "no"),
    )
    assert sentence(criteria) == (
        "People who are tagged Press, gave 100.00 or more in the year 2026 and are not members"
    )


def test_a_span_of_months_ends_with_the_month() -> None:
    assert Span(1, Unit.MONTHS).before(dt.date(2026, 3, 31)) == dt.date(2026, 2, 28)
    assert Span(1, Unit.YEARS).after(dt.date(2028, 2, 29)) == dt.date(2029, 2, 28)


def test_the_last_twelve_months_end_on_the_organisations_own_day(organisation_in) -> None:
    organisation_in("Pacific/Auckland")
    ann = make_person("Ann")
    make_gift(ann, on=dt.date(2025, 11, 22))
    recent = all_of(is_("giving.gave", "yes", period={"operator": "in_last", "value": {"count": 12, "unit": "months"}}))
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False):  # still the 22nd in Auckland
        assert holds(recent, ann)
    with time_machine.travel("2026-11-22T11:00:01Z", tick=False):  # the 23rd there
        assert not holds(recent, ann)


def test_of_those_who_live_together_the_head_is_taken() -> None:
    ann, bo, cy = make_person("Ann"), make_person("Bo"), make_person("Cy")
    make_household(bo, ann)
    segment = make_segment(by=None, name="Post", criteria=all_of(), one_per_household=True)
    assert names(members_of(segment)) == ["Bo", "Cy"]
    bo.emails.create(address="bo@example.org")
    segment = change_segment(segment, by=None, criteria=all_of(is_("has_email", "no")))
    assert names(members_of(segment)) == ["Ann", "Cy"]
    assert cy in members_of(segment)


def test_a_segment_stands_in_another_and_never_in_itself() -> None:
    make_person("Ann", do_not_contact=True), make_person("Bo")
    quiet = make_segment(by=None, name="Quiet", criteria=all_of(is_("do_not_contact", "yes")))
    rest = make_segment(by=None, name="Rest", criteria=all_of(is_("segment", "none_of", [quiet.pk])))
    assert names(members_of(rest)) == ["Bo"]
    with pytest.raises(TakesPartInItselfError):
        change_segment(quiet, by=None, criteria=all_of(is_("segment", "any_of", [rest.pk])))
    with pytest.raises(SegmentInUseError):
        delete_segment(quiet, by=None)


def test_what_a_segment_asks_of_its_reader_follows_the_segments_within() -> None:
    inner = make_segment(by=None, name="Inner", criteria=all_of(is_("deceased", "no")))
    outer = make_segment(by=None, name="Outer", criteria=all_of(is_("segment", "any_of", [inner.pk])))
    change_segment(inner, by=None, criteria=all_of(is_("giving.gave", "yes")))
    outer.refresh_from_db()
    assert outer.needs.split() == ["donations.view_giving"]


def test_a_list_stays_as_it_was_taken() -> None:
    ann = make_person("Ann")
    segment = make_segment(by=None, name="Everyone", criteria=all_of())
    taken = take_snapshot(segment, by=None, name="Spring letter")
    make_person("Bo")
    assert list(taken.members.all()) == [ann]
    assert members_of(segment).count() == 2
    assert names(matching(all_of(is_("list", "any_of", [taken.pk])))) == ["Ann"]
    assert AuditEntry.objects.filter(action="list.taken").get().new == {"name": "Spring letter", "people": 1}


def test_a_copy_is_ones_own_under_a_name_of_its_own() -> None:
    segment = make_segment(by=None, name="Everyone", criteria=all_of(), is_shared=True)
    copies = [copy_segment(segment, by=None), copy_segment(segment, by=None)]
    assert [copy.name for copy in copies] == ["Everyone (copy)", "Everyone (copy 2)"]
    assert not any(copy.is_shared for copy in copies)


@pytest.mark.parametrize(
    ("value_type", "value", "operator", "wanted"),
    [
        ("text", {"text": "Red bicycle"}, "contains", "BICYCLE"),
        ("choice", {"text": "L"}, "any_of", ["L"]),
        ("number", {"number": "42.5"}, "between", {"from": "42", "to": "43"}),
        ("date", {"date": dt.date(2026, 5, 1)}, "in_calendar_year", "2026"),
        ("yes_no", {"yes_no": True}, "yes", None),
    ],
)
def test_a_custom_field_is_found_by_as_soon_as_it_is_there(value_type, value, operator, wanted) -> None:
    field = CustomField.objects.create(label="100% ours", key="ours", value_type=value_type, choices=["S", "L"])
    ann = make_person("Ann")
    make_person("Bo")
    CustomValue.objects.create(constituent=ann, field=field, **value)
    criteria = all_of(is_("custom.ours", operator, wanted))
    assert names(matching(criteria)) == ["Ann"]
    assert "100% ours" in sentence(criteria)


def test_a_household_address_is_where_its_people_live() -> None:
    household = make_household(make_person("Ann"), make_person("Bo"))
    household.addresses.create(city="Boston", country="US")
    make_organisation("Trust")
    assert names(matching(all_of(is_("town", "is", "boston")))) == ["Ann", "Bo"]
    assert names(matching(all_of(is_("country", "any_of", ["US"])))) == ["Ann", "Bo"]
