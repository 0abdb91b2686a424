"""Merging two records and taking it back: what moves, what stays, and what only a person can decide."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import User
from constituents.errors import CannotMergeError, CannotUndoMergeError
from constituents.merging.signposts import standing
from constituents.models import (
    Audience,
    Constituent,
    Decision,
    DirectoryChoice,
    ExternalId,
    Household,
    Merge,
    MoveKind,
    Tag,
)
from constituents.services.contacting import log_interaction
from constituents.services.households import join_household
from constituents.services.merging import merge, undo_merge
from constituents.services.people import add_email, change_constituent
from constituents.services.preferences import answer_consents, choose_directory, consents_of
from core.audit.models import AuditEntry
from core.mail.models import Message
from tests.factories.constituents import make_household, make_organisation, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

NEWS = ("email", "newsletter")


def answer(constituent: Constituent, *, yes: bool) -> None:
    answer_consents(constituent, wanted=[NEWS] if yes else [], asked={NEWS: "May we write?"}, by=None, where="paper")


def make_user(address: str = "ann@example.org") -> User:
    return User.objects.create_user(address, "correct horse battery")


# What can be merged


def test_a_person_and_an_organisation_are_never_one(kept: Constituent) -> None:
    with pytest.raises(CannotMergeError, match="organisation"):
        merge(kept, make_organisation(), by=None)


def test_a_record_is_not_merged_into_itself(kept: Constituent) -> None:
    with pytest.raises(CannotMergeError, match="itself"):
        merge(kept, kept, by=None)


def test_merging_the_same_two_again_is_the_merge_there_is(kept: Constituent, merged: Constituent) -> None:
    assert merge(kept, merged, by=None) == merge(kept, merged, by=None)
    assert Merge.objects.count() == 1


def test_a_signpost_is_not_merged_on(kept: Constituent, merged: Constituent) -> None:
    merge(kept, merged, by=None)
    with pytest.raises(CannotMergeError, match="already"):
        merge(make_person(), merged, by=None)
    with pytest.raises(CannotMergeError, match="already"):
        merge(merged, make_person(), by=None)


# Fields


def test_the_kept_record_fills_its_gaps_and_keeps_what_it_says(kept: Constituent, merged: Constituent) -> None:
    change_constituent(kept, by=None, title="Dr", occupation="")
    change_constituent(merged, by=None, title="Ms", occupation="Baker", birth_year=1960)
    done = merge(kept, merged, by=None)
    kept.refresh_from_db()
    assert (kept.title, kept.occupation, kept.birth_year, kept.given_name) == ("Dr", "Baker", 1960, "Ann")
    undo_merge(done, by=None)
    kept.refresh_from_db()
    assert (kept.title, kept.occupation, kept.birth_year) == ("Dr", "", None)


def test_what_was_picked_wins_and_the_name_is_written_anew(kept: Constituent, merged: Constituent) -> None:
    merge(kept, merged, by=None, choices={"given_name": "merged"})
    kept.refresh_from_db()
    assert kept.display_name == "Anne Lee"


def test_do_not_contact_and_death_are_true_of_the_person(kept: Constituent, merged: Constituent) -> None:
    change_constituent(merged, by=None, do_not_contact=True, is_deceased=True, deceased_on=dt.date(2026, 1, 2))
    merge(kept, merged, by=None)
    kept.refresh_from_db()
    assert (kept.do_not_contact, kept.is_deceased, kept.deceased_on) == (True, True, dt.date(2026, 1, 2))


# Contact


def test_the_same_address_stays_once_and_one_is_used_first(kept: Constituent, merged: Constituent) -> None:
    add_email(kept, address="ann@example.org")
    twin = add_email(merged, address="Ann@Example.org")
    other = add_email(merged, address="lee@example.org")
    merge(kept, merged, by=None)
    assert [email.address for email in kept.emails.all()] == ["ann@example.org", "lee@example.org"]
    twin.refresh_from_db()
    other.refresh_from_db()
    assert (twin.constituent, other.constituent, other.is_primary) == (merged, kept, False)


def test_the_other_address_can_be_picked_to_be_used_first(kept: Constituent, merged: Constituent) -> None:
    first = add_email(kept, address="ann@example.org")
    picked = add_email(merged, address="lee@example.org")
    done = merge(kept, merged, by=None, choices={"email": "merged"})
    assert kept.emails.get(is_primary=True) == picked
    undo_merge(done, by=None)
    assert kept.emails.get(is_primary=True) == first


def test_tags_ids_and_messages_follow_and_come_back(kept: Constituent, merged: Constituent) -> None:
    press, local = Tag.objects.create(name="Press"), Tag.objects.create(name="Local")
    kept.tagged.create(tag=press)
    for tag in (press, local):
        merged.tagged.create(tag=tag)
    ExternalId.objects.create(constituent=merged, system="npsp", value="003")
    message = Message.objects.create(to="a@example.org", subject="Hello", message_id="<1@example.org>", about=merged)
    done = merge(kept, merged, by=None)
    assert {tag.name for tag in kept.tags.all()} == {"Press", "Local"}
    assert kept.external_ids.get().value == "003"
    assert list(Message.objects.about(kept)) == [message]
    undo_merge(done, by=None)
    assert {tag.name for tag in merged.tags.all()} == {"Press", "Local"}
    assert [list(Message.objects.about(one)) for one in (kept, merged)] == [[], [message]]


def test_someone_at_a_meeting_as_two_records_was_there_once(kept: Constituent, merged: Constituent) -> None:
    talk = log_interaction(kept, kind="meeting", subject="Tea", by=None)
    talk.participants.add(merged)
    done = merge(kept, merged, by=None)
    assert list(talk.participants.all()) == [kept]
    undo_merge(done, by=None)
    assert set(talk.participants.all()) == {kept, merged}


# What they decided about themselves


@pytest.mark.parametrize(("mine", "theirs"), [(True, False), (False, True)])
def test_the_stricter_consent_wins_as_a_new_row(
    kept: Constituent, merged: Constituent, mine: bool, theirs: bool
) -> None:
    answer(kept, yes=mine)
    answer(merged, yes=theirs)
    done = merge(kept, merged, by=None)
    assert consents_of(kept)[NEWS].decision != Decision.GIVEN
    undo_merge(done, by=None)
    assert [(consents_of(one)[NEWS].decision == Decision.GIVEN) for one in (kept, merged)] == [mine, theirs]


def test_an_answer_beats_none(kept: Constituent, merged: Constituent) -> None:
    answer(merged, yes=True)
    merge(kept, merged, by=None)
    assert consents_of(kept)[NEWS].decision == Decision.GIVEN


def test_an_answer_given_after_the_merge_survives_its_undo(kept: Constituent, merged: Constituent) -> None:
    answer(merged, yes=True)
    done = merge(kept, merged, by=None)
    answer(kept, yes=False)
    undo_merge(done, by=None)
    assert consents_of(kept)[NEWS].decision == Decision.WITHDRAWN
    assert consents_of(merged)[NEWS].decision == Decision.GIVEN


def test_the_directory_shows_no_more_than_both_agree_to(kept: Constituent, merged: Constituent) -> None:
    choose_directory(kept, choices={"name": Audience.EVERYONE, "town": Audience.EVERYONE}, by=None)
    choose_directory(merged, choices={"name": Audience.MEMBERS, "photo": Audience.EVERYONE}, by=None)
    done = merge(kept, merged, by=None)
    assert dict(kept.directory_choices.values_list("field", "audience")) == {"name": Audience.MEMBERS}
    undo_merge(done, by=None)
    assert dict(kept.directory_choices.values_list("field", "audience")) == {
        "name": Audience.EVERYONE,
        "town": Audience.EVERYONE,
    }
    assert DirectoryChoice.objects.filter(constituent=merged).count() == 2


def test_a_record_nobody_ever_chose_for_has_no_say(kept: Constituent, merged: Constituent) -> None:
    choose_directory(merged, choices={"name": Audience.EVERYONE}, by=None)
    merge(kept, merged, by=None)
    assert kept.directory_choices.get().audience == Audience.EVERYONE


def test_the_sign_in_goes_with_the_person_and_back(kept: Constituent, merged: Constituent) -> None:
    merged.user = make_user()
    merged.save()
    done = merge(kept, merged, by=None)
    kept.refresh_from_db()
    assert kept.user == merged.user
    undo_merge(done, by=None)
    kept.refresh_from_db()
    assert (kept.user, Constituent.objects.get(user__email="ann@example.org")) == (None, merged)


def test_of_two_sign_ins_the_one_picked_stays(kept: Constituent, merged: Constituent) -> None:
    for record, address in ((kept, "ann@example.org"), (merged, "lee@example.org")):
        record.user = make_user(address)
        record.save()
    done = merge(kept, merged, by=None, choices={"user": "merged"})
    assert Constituent.objects.get(user__email="lee@example.org") == kept
    undo_merge(done, by=None)
    assert Constituent.objects.get(user__email="lee@example.org") == merged
    assert Constituent.objects.get(user__email="ann@example.org") == kept


# Households


def test_two_who_live_together_as_one_live_there_once(kept: Constituent, merged: Constituent) -> None:
    home = make_household(kept, merged)
    done = merge(kept, merged, by=None)
    home.refresh_from_db()
    assert [person.pk for person in home.members] == [kept.pk]
    assert "Anne" not in home.name
    undo_merge(done, by=None)
    assert {person.pk for person in Household.objects.get().members} == {kept.pk, merged.pk}


@pytest.mark.parametrize("picked", ["kept", "merged"])
def test_of_two_households_the_one_picked_is_home(kept: Constituent, merged: Constituent, picked: str) -> None:
    homes = {"kept": make_household(kept), "merged": make_household(merged, make_person("Bo", "Ray"))}
    old_name = homes["merged"].name
    done = merge(kept, merged, by=None, choices={"household": picked})
    assert kept.household == homes[picked]
    undo_merge(done, by=None)
    assert (kept.household, merged.household) == (homes["kept"], homes["merged"])
    assert Household.objects.get(pk=homes["merged"].pk).name == old_name


def test_no_day_is_spent_in_two_households(kept: Constituent, merged: Constituent) -> None:
    ours, theirs = make_household(make_person()), make_household(merged)
    join_household(ours, person=kept, by=None, since=dt.date(2020, 1, 1))
    merge(kept, merged, by=None, choices={"household": "merged"})
    here, there = kept.household_memberships.order_by("since")
    assert (here.household, there.household) == (ours, theirs)
    assert there.since == here.until + dt.timedelta(days=1)


def test_the_salutation_of_the_household_that_is_left_can_be_kept(kept: Constituent, merged: Constituent) -> None:
    ours, theirs = make_household(kept), make_household(merged, name="The Lees of Quay Street")
    done = merge(kept, merged, by=None, choices={"household.name": "merged"})
    ours.refresh_from_db()
    assert (ours.name, ours.name_by_hand) == (theirs.name, True)
    undo_merge(done, by=None)
    ours.refresh_from_db()
    assert (ours.name, ours.name_by_hand) == ("Ann Lee", False)


# Organisations


def test_subsidiaries_follow_and_nobody_is_part_of_itself() -> None:
    trust, double = make_organisation(), make_organisation()
    branch = make_organisation(parent=double)
    trust.parent = double
    trust.save()
    merge(trust, double, by=None)
    trust.refresh_from_db()
    branch.refresh_from_db()
    assert (trust.parent, branch.parent) == (None, trust)


# Signposts, history and undo


def test_signposts_lead_straight_to_the_record_that_stands(kept: Constituent, merged: Constituent) -> None:
    first = merge(kept, merged, by=None)
    last = make_person()
    second = merge(last, kept, by=None)
    merged.refresh_from_db()
    assert merged.merged_into == last
    assert standing(merged) == last
    with pytest.raises(CannotUndoMergeError, match="Undo that merge first"):
        undo_merge(first, by=None)
    undo_merge(second, by=None)
    undo_merge(first, by=None)
    merged.refresh_from_db()
    assert merged.merged_into is None


def test_the_history_of_both_is_read_with_the_record_kept(kept: Constituent, merged: Constituent) -> None:
    change_constituent(merged, by=None, occupation="Baker")
    merge(kept, merged, by=None)
    fresh = Constituent.objects.get(pk=kept.pk)
    verbs = set(AuditEntry.objects.for_instance(fresh).values_list("action", flat=True))
    assert {"constituent.merged", "constituent.merged_away", "constituent.changed"} <= verbs


def test_undoing_twice_changes_nothing(kept: Constituent, merged: Constituent) -> None:
    done = merge(kept, merged, by=None)
    undone_at = undo_merge(done, by=None).undone_at
    assert undo_merge(done, by=None).undone_at == undone_at


def test_after_an_undo_the_two_can_be_merged_the_other_way_round(kept: Constituent, merged: Constituent) -> None:
    undo_merge(merge(kept, merged, by=None), by=None)
    merge(merged, kept, by=None)
    kept.refresh_from_db()
    assert kept.merged_into == merged


def test_a_row_changed_since_goes_back_with_its_change(kept: Constituent, merged: Constituent) -> None:
    email = add_email(merged, address="lee@example.org")
    done = merge(kept, merged, by=None)
    email.refresh_from_db()
    email.kind = "work"
    email.save()
    undo_merge(done, by=None)
    email.refresh_from_db()
    assert (email.constituent, email.kind) == (merged, "work")


def test_a_field_changed_since_is_left_alone_and_said(kept: Constituent, merged: Constituent) -> None:
    change_constituent(merged, by=None, occupation="Baker")
    done = merge(kept, merged, by=None)
    change_constituent(kept, by=None, occupation="Judge")
    undo_merge(done, by=None)
    kept.refresh_from_db()
    assert kept.occupation == "Judge"
    assert done.moves.get(kind=MoveKind.CHANGED, left__contains="occupation")
