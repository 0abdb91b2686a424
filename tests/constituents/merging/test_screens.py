"""The screens of merging: choose, compare, confirm, undo; old links; who may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from constituents.models import Constituent, Merge, Tag
from constituents.services.merging import merge
from constituents.services.people import add_email, change_constituent
from constituents.staff.merging import merge_url
from donations.services.books import check_books
from tests.factories.constituents import make_household, make_organisation, make_person
from tests.factories.donations import make_gift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


@pytest.fixture
def client(staff_client: Callable[..., Client]) -> Client:
    return staff_client()


def page(client: Client, url: str, **more: object) -> str:
    response = client.get(url, **more)
    assert response.status_code == 200
    return response.content.decode()


def test_staff_find_the_other_record_by_name(client: Client, kept: Constituent, merged: Constituent) -> None:
    url = reverse("constituents:merge", args=[kept.pk])
    assert merge_url(kept, merged).replace("&", "&amp;") in page(client, f"{url}?q=anne+lee")
    assert "Nobody else is found" in page(client, f"{url}?q=nobody-at-all")


def test_both_stand_side_by_side_with_what_would_move(client: Client, kept: Constituent, merged: Constituent) -> None:
    change_constituent(kept, by=None, title="Dr")
    change_constituent(merged, by=None, title="Ms", occupation="Baker")
    make_gift(kept, "100")
    make_gift(merged, "50")
    shown = page(client, merge_url(kept, merged))
    for words in ("Dr", "Ms", "Baker", "Gifts", "$150.00"):
        assert words in shown
    assert not Merge.objects.exists()


def test_what_was_picked_is_merged_and_can_be_undone(client: Client, kept: Constituent, merged: Constituent) -> None:
    make_gift(merged, "50")
    add_email(kept, address="ann@example.org")
    add_email(merged, address="lee@example.org")
    picked = {"pick-given_name": "merged", "pick-email": "merged", "note": "She rang"}
    response = client.post(merge_url(kept, merged), picked)
    done = Merge.objects.get()
    assert response.headers["Location"] == reverse("merges:inspect", args=[done.pk])
    kept.refresh_from_db()
    assert (kept.given_name, kept.primary_email, done.note) == ("Anne", "lee@example.org", "She rang")
    assert done.merged_by == client.user  # type: ignore[attr-defined]
    client.post(reverse("merges:undo", args=[done.pk]))
    kept.refresh_from_db()
    assert (kept.given_name, kept.primary_email) == ("Ann", "ann@example.org")
    assert "Undone" in page(client, reverse("merges:inspect", args=[done.pk]))
    assert check_books() == []


def test_what_cannot_be_merged_says_why_and_offers_no_button(client: Client, kept: Constituent) -> None:
    shown = page(client, merge_url(kept, make_organisation()))
    assert "cannot be the same" in shown
    assert "Merge into" not in shown


def test_old_links_lead_to_the_record_that_was_kept(client: Client, kept: Constituent, merged: Constituent) -> None:
    merge(kept, merged, by=None)
    for name in ("inspect", "edit"):
        response = client.get(reverse(f"constituents:{name}", args=[merged.pk]), follow=True)
        assert response.redirect_chain[-1][0] == reverse("constituents:inspect", args=[kept.pk])
        assert "was merged into" in response.content.decode()


def test_a_merged_record_stands_in_no_list(client: Client, kept: Constituent, merged: Constituent) -> None:
    merge(kept, merged, by=None)
    shown = page(client, reverse("constituents:index"))
    assert "Ann Lee" in shown
    assert "Anne Lee" not in shown


def test_the_comparison_costs_the_same_however_much_both_have(
    client: Client, kept: Constituent, merged: Constituent, assert_constant_queries: Callable
) -> None:
    def make_more(count: int) -> None:
        for number in range(count):
            for one in (kept, merged):
                make_gift(one, "10")
                add_email(one, address=f"{one.pk}-{number}-{count}@example.org")
                one.tags.add(Tag.objects.create(name=f"Tag {number} of {count} of {one.pk}"))

    assert_constant_queries(make_more, lambda: client.get(merge_url(kept, merged)), at_most=40)


def test_the_list_of_merges_costs_the_same_however_long(client: Client, assert_constant_queries: Callable) -> None:
    assert "Nobody has been merged yet" in page(client, reverse("merges:index"))

    def make_more(count: int) -> None:
        for _ in range(count):
            merge(make_person(), make_person(), by=None)

    assert_constant_queries(make_more, lambda: client.get(reverse("merges:index")), at_most=25)


@pytest.mark.parametrize(
    ("role", "status"), [("Fundraiser", 200), ("Administrator", 200), ("Gift processor", 302), ("Board reader", 302)]
)
def test_who_may_merge(
    staff_client: Callable[..., Client], kept: Constituent, merged: Constituent, role: str, status: int
) -> None:
    done = merge(make_person(), make_person(), by=None)
    client = staff_client(role)
    for url in (merge_url(kept, merged), reverse("merges:undo", args=[done.pk]), reverse("merges:index")):
        assert client.get(url).status_code == status


def test_a_household_that_is_left_can_give_its_salutation(
    client: Client, kept: Constituent, merged: Constituent
) -> None:
    make_household(kept)
    make_household(merged, name="The Lees of Quay Street")
    assert "The Lees of Quay Street" in page(client, merge_url(kept, merged))
