"""The harness keeps its word: each test begins where the migrations ended, races race, the browser stays at home."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from wagtail.models import Page, Site

from tests.harness.browser import visiting


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_test_that_commits_leaves_what_the_migrations_made(turn):
    assert not get_user_model().objects.exists()
    assert Page.objects.filter(depth=1).count() == 1
    assert Site.objects.count() == 1
    assert Permission.objects.exists()
    get_user_model().objects.create_user("left.behind@example.org")
    Group.objects.all().delete()


def test_runners_run_together_and_report_errors(run_together):
    def work(number):
        if number == 2:
            raise ValueError("two")
        return get_user_model().objects.create_user(f"runner{number}@example.org").pk

    outcomes = run_together(4, work)
    assert [type(outcome.error) for outcome in outcomes] == [type(None), type(None), ValueError, type(None)]
    assert get_user_model().objects.count() == 3


def test_a_growing_list_of_queries_is_caught(assert_constant_queries, db):
    users = get_user_model().objects

    def more(times):
        first = users.count()
        for number in range(first, first + times):
            users.create_user(f"person{number}@example.org")

    assert_constant_queries(more, lambda: list(users.all()), at_most=1)
    with pytest.raises(AssertionError, match="More often"):
        assert_constant_queries(more, lambda: [user.groups.count() for user in users.all()])


def test_a_page_that_asks_an_outside_host_fails_its_test(chromium, live_server):
    def journey():
        with visiting(chromium, live_server.url) as visitors:
            page = visitors.open()
            page.set_content('<img src="http://outside.example/pixel.png" alt="">')
            page.wait_for_function("document.images[0].complete")

    with pytest.raises(AssertionError, match="asked an outside host"):
        journey()


def test_an_inaccessible_page_is_caught(browser_page, assert_accessible):
    browser_page.set_content('<html lang="en"><title>t</title><main><h1>t</h1><input></main></html>')
    with pytest.raises(AssertionError, match="label"):
        assert_accessible(browser_page)


def test_a_journey_signs_people_in(visitors, django_user_model):
    administrator = django_user_model.objects.create_superuser("admin@staff.example", "correct horse battery")
    page = visitors.open(user=administrator)
    page.goto("/admin/")
    assert "/admin/" in page.url
