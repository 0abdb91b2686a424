"""Merging while others work, on both databases. Each race has a control that shows it happens without our lock."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier

import pytest

from constituents.errors import CannotMergeError
from constituents.merging.plan import KEPT
from constituents.merging.planning import plan_merge
from constituents.models import Constituent, Merge
from constituents.services.merging import merge
from donations.models import Gift
from donations.services.books import check_books
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("organisation")]


def test_two_who_merge_the_same_pair_make_one_merge(run_together: Callable) -> None:
    one, other = make_person(), make_person()
    make_gift(other)
    outcomes = run_together(4, lambda _number: merge(one, other, by=None).pk)
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert len({outcome.value for outcome in outcomes}) == 1
    assert Merge.objects.count() == 1
    assert check_books() == []


def test_a_pair_merged_both_ways_at_once_is_merged_one_way(run_together: Callable) -> None:
    pair = [make_person(), make_person()]
    outcomes = run_together(4, lambda number: merge(pair[number % 2], pair[(number + 1) % 2], by=None).pk)
    assert all(isinstance(outcome.error, CannotMergeError) for outcome in outcomes if outcome.error)
    assert Merge.objects.count() == 1
    assert Constituent.objects.filter(pk__in=[one.pk for one in pair]).current().count() == 1


def test_control_without_the_lock_both_ways_look_possible(run_together: Callable) -> None:
    pair = [make_person(), make_person()]
    everyone_has_looked = Barrier(2)

    def look(number: int) -> list[object]:
        reasons = plan_merge(pair[number], pair[1 - number], choices={"user": KEPT}).refusals
        everyone_has_looked.wait(timeout=30)
        Constituent.objects.filter(pk=pair[1 - number].pk).update(merged_into=pair[number])
        return reasons

    assert [outcome.value for outcome in run_together(2, look)] == [[], []]
    assert not Constituent.objects.filter(pk__in=[one.pk for one in pair]).current().exists()


def test_a_gift_entered_in_the_middle_of_a_merge_is_of_the_record_kept(run_together: Callable) -> None:
    fund = make_fund(is_default=True)
    kept, merged = make_person(), make_person()

    def work(number: int) -> object:
        return merge(kept, merged, by=None) if number == 0 else make_gift(merged, fund=fund)

    outcomes = run_together(5, work)
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert set(Gift.objects.values_list("donor", flat=True)) == {kept.pk}
    assert check_books() == []


def test_control_a_gift_written_past_the_signpost_is_left_behind(run_together: Callable) -> None:
    gift = make_gift()
    kept, merged = make_person(), gift.donor
    the_merge_is_done = Barrier(2)

    def work(number: int) -> None:
        if number == 0:
            merge(kept, merged, by=None)
            the_merge_is_done.wait(timeout=30)
        else:
            stale = Constituent.objects.get(pk=merged.pk)
            the_merge_is_done.wait(timeout=30)
            Gift.objects.filter(pk=gift.pk).update(donor=stale)

    outcomes = run_together(2, work)
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert "M10 merges" in {finding.check for finding in check_books()}
