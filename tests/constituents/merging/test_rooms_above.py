"""What a merge, and its undo, do to giving, membership and volunteering."""

from __future__ import annotations

import datetime as dt

import pytest

from constituents.errors import CannotMergeError
from constituents.models import (
    Constituent,
)
from constituents.services.merging import merge, undo_merge
from core import clock
from donations.models import Gift, GivingTotals, Receipt
from donations.services.books import check_books
from memberships.cards import token_of, verify
from memberships.directory import current_members
from memberships.models import Membership, Status
from memberships.services.changing import cancel
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift, make_receipt
from tests.factories.memberships import make_membership
from tests.factories.volunteers import make_shift
from volunteers.models import SignUpStatus
from volunteers.services.signing_up import sign_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


# Money


def test_gifts_follow_and_totals_add_up(kept: Constituent, merged: Constituent) -> None:
    make_gift(kept, "100")
    make_gift(merged, "50")
    done = merge(kept, merged, by=None)
    assert GivingTotals.objects.get(constituent=kept).lifetime == 150
    assert GivingTotals.objects.get(constituent=merged).lifetime == 0
    assert check_books() == []
    undo_merge(done, by=None)
    assert [GivingTotals.objects.get(constituent=one).lifetime for one in (kept, merged)] == [100, 50]
    assert check_books() == []


def test_an_issued_receipt_stays_as_it_is_and_is_found_with_the_record_kept(
    kept: Constituent, merged: Constituent
) -> None:
    receipt = make_receipt(make_gift(merged))
    merge(kept, merged, by=None)
    receipt.refresh_from_db()
    assert receipt.recipient == merged
    assert list(Receipt.objects.of(Constituent.objects.get(pk=kept.pk))) == [receipt]
    assert kept in Constituent.objects.search(receipt.serial)
    assert check_books() == []


def test_a_gift_receipted_to_the_record_kept_does_not_go_back(kept: Constituent, merged: Constituent) -> None:
    gift = make_gift(merged)
    done = merge(kept, merged, by=None)
    make_receipt(Gift.objects.get(pk=gift.pk))
    undo_merge(done, by=None)
    gift.refresh_from_db()
    assert gift.donor == kept
    assert "void it first" in done.moves.get(model="donations.Gift").left
    assert check_books() == []


def test_a_donor_moved_without_a_merge_is_found_by_the_books(kept: Constituent, merged: Constituent) -> None:
    gift = make_gift(merged)
    Gift.objects.filter(pk=gift.pk).update(donor=kept)
    assert "M5 donors" in {finding.check for finding in check_books()}


def test_a_form_left_open_since_before_the_merge_records_for_the_one_kept(
    kept: Constituent, merged: Constituent
) -> None:
    fund = make_fund(is_default=True)
    merge(kept, merged, by=None)
    stale = make_gift(merged, fund=fund)
    assert stale.donor == kept
    assert check_books() == []


# Membership


def test_a_membership_goes_with_its_holder_and_its_card_stays_good(kept: Constituent, merged: Constituent) -> None:
    membership = make_membership(merged, starts_on=clock.today())
    card = token_of(membership, merged)
    done = merge(kept, merged, by=None)
    assert kept in current_members()
    assert verify(card).is_valid
    undo_merge(done, by=None)
    assert Membership.objects.get(constituent=merged) == membership


def test_terms_that_follow_each_other_become_one_membership(kept: Constituent, merged: Constituent) -> None:
    today = clock.today()
    old = make_membership(kept, starts_on=today - dt.timedelta(days=900))
    new = make_membership(merged, starts_on=today)
    card = token_of(new, merged)
    done = merge(kept, merged, by=None)
    old.refresh_from_db()
    assert old.terms.real().count() == 2
    assert old.status_on(today) in (Status.NEW, Status.CURRENT)
    assert Membership.objects.get(pk=new.pk).status_on(today) == Status.CANCELLED
    assert verify(card).is_valid
    assert kept in Constituent.objects.current().search(new.number)
    assert check_books() == []
    undo_merge(done, by=None)
    assert [membership.terms.count() for membership in (old, new)] == [1, 1]
    assert Membership.objects.get(pk=new.pk).is_member_on(today)
    assert check_books() == []


def test_two_memberships_on_the_same_days_wait_for_a_person(kept: Constituent, merged: Constituent) -> None:
    for one in (kept, merged):
        make_membership(one, starts_on=clock.today())
    with pytest.raises(CannotMergeError, match="same days"):
        merge(kept, merged, by=None)


def test_a_cancellation_ends_where_the_other_membership_goes_on(kept: Constituent, merged: Constituent) -> None:
    today = clock.today()
    ended = make_membership(kept, starts_on=today - dt.timedelta(days=300))
    cancel(ended, by=None, reason="Moved away", last_day=today - dt.timedelta(days=200))
    make_membership(merged, starts_on=today - dt.timedelta(days=10))
    done = merge(kept, merged, by=None)
    assert Membership.objects.get(pk=ended.pk).is_member_on(today)
    undo_merge(done, by=None)
    assert Membership.objects.get(pk=ended.pk).status_on(today) == Status.CANCELLED


# Volunteering


def test_one_person_has_one_place_in_a_shift(kept: Constituent, merged: Constituent) -> None:
    shift = make_shift(capacity=2)
    mine, theirs = (sign_up(shift, volunteer=one, by=None) for one in (kept, merged))
    waiting = sign_up(shift, volunteer=make_person(), by=None, wait_if_full=True)
    done = merge(kept, merged, by=None)
    for row in (mine, theirs, waiting, shift):
        row.refresh_from_db()
    assert (mine.status, theirs.status) == (SignUpStatus.CONFIRMED, SignUpStatus.CANCELLED)
    assert (waiting.status, shift.places_taken) == (SignUpStatus.CONFIRMED, 2)
    undo_merge(done, by=None)
    theirs.refresh_from_db()
    assert (theirs.status, theirs.volunteer) == (SignUpStatus.CANCELLED, merged)
    assert done.moves.filter(left="The place was given to somebody else.").exists()


def test_a_place_that_is_still_free_is_given_back(kept: Constituent, merged: Constituent) -> None:
    shift = make_shift(capacity=2)
    places = [sign_up(shift, volunteer=one, by=None) for one in (kept, merged)]
    done = merge(kept, merged, by=None)
    shift.refresh_from_db()
    assert shift.places_taken == 1
    undo_merge(done, by=None)
    shift.refresh_from_db()
    assert shift.places_taken == 2
    for place in places:
        place.refresh_from_db()
        assert place.status == SignUpStatus.CONFIRMED
