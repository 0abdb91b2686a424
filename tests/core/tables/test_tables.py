import itertools
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission

from core.audit.models import AuditEntry
from core.models import Organisation
from donations.models import Campaign

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.tables.screens")]
numbers = itertools.count()


def make_campaigns(count):
    for number in itertools.islice(numbers, count):
        parent = Campaign.objects.create(name=f"Parent {number}", code=f"parent-{number}")
        Campaign.objects.create(name=f"Part {number}", code=f"part-{number}", parent=parent, goal=Decimal(10))


@pytest.fixture
def organisation(db):
    return Organisation.objects.create(name="Riverside Trust", base_currency="EUR")


def download(client, **query):
    return b"".join(client.get("/table/", query).streaming_content).decode()


def test_a_table_asks_the_same_number_of_questions_however_long_it_is(staff_client, assert_constant_queries):
    client = staff_client()
    assert_constant_queries(make_campaigns, lambda: client.get("/table/"), at_most=15)


def test_totals_run_over_every_row_not_only_over_the_page(staff_client, organisation):
    make_campaigns(7)
    answer = staff_client().get("/table/")
    assert len(list(answer.context["table"].paginated_rows)) == 5
    assert answer.context["table"].totals["goal"] == {"": 70}
    page = answer.content.decode()
    assert "Goal (EUR)" in page
    assert "70.00" in page


def test_each_currency_has_a_total_of_its_own(staff_client, organisation):
    Campaign.objects.create(name="A", code="EUR", budget=Decimal(5))
    Campaign.objects.create(name="B", code="USD", budget=Decimal(7))
    assert "€5.00, $7.00" in staff_client().get("/table/").content.decode()


def test_totals_follow_the_filters(staff_client, organisation):
    Campaign.objects.create(name="Gala", code="gala", goal=Decimal(900))
    Campaign.objects.create(name="Fair", code="fair", goal=Decimal(100))
    client = staff_client()
    assert client.get("/table/", {"name__icontains": "gal"}).context["table"].totals["goal"] == {"": 900}


def test_a_filter_that_makes_no_sense_shows_nothing_and_says_why(staff_client):
    make_campaigns(1)
    answer = staff_client().get("/table/", {"goal__gte": "plenty"})
    assert len(answer.context["table"].rows) == 0
    assert "Enter a number." in answer.content.decode()


def test_the_order_is_that_of_a_column_or_none(staff_client):
    Campaign.objects.create(name="A", code="z", goal=Decimal(1))
    Campaign.objects.create(name="B", code="y", goal=Decimal(2))
    client = staff_client()

    def names(sort):
        return [row.record.name for row in client.get("/table/", {"sort": sort}).context["table"].rows]

    assert names("-goal") == ["B", "A"]
    assert names("parent__code") == ["A", "B"]
    assert names("length") == ["A", "B"]


def test_nobody_asks_for_a_page_of_a_million_rows(staff_client):
    make_campaigns(4)
    answer = staff_client().get("/table/", {"per_page": "1000000"})
    assert len(list(answer.context["table"].paginated_rows)) == 5


@pytest.mark.parametrize("page", ["99", "-1", "x", "0"])
def test_a_page_that_is_not_there_is_a_page_that_is(staff_client, page):
    make_campaigns(1)
    assert staff_client().get("/table/", {"page": page}).status_code == 200


def test_an_empty_table_says_what_to_do_first(staff_client):
    assert "Start with the campaign you are running now." in staff_client().get("/table/").content.decode()


def test_a_table_comes_back_as_it_was_left_until_it_is_told_to_forget(staff_client):
    client = staff_client()
    client.get("/table/", {"name__icontains": "gala", "page": "1"})
    assert client.get("/table/").headers["Location"] == "/table/?name__icontains=gala"
    assert client.get("/table/", {"reset": "1"}).status_code == 200
    assert client.get("/table/").status_code == 200


def test_the_file_has_what_the_filters_let_through_and_says_so_in_the_audit(staff_client, organisation):
    parent = Campaign.objects.create(name="Year", code="year")
    Campaign.objects.create(name="=Gala", code="gala", parent=parent, goal=Decimal("12.5"), starts_on="2026-03-01")
    client = staff_client()
    text = download(client, export="csv", name__icontains="gala")
    assert text.splitlines()[0] == "Name,Part of,Starts on,Code,Goal (EUR),Budget"
    assert "Year,2026-03-01,gala,12.5" in text
    assert "\n=Gala" not in text
    entry = AuditEntry.objects.get(action="export.downloaded")
    assert (entry.new["rows"], "gala" in entry.new["filter"]) == (1, True)


def test_a_file_holds_every_row_not_only_the_page(staff_client):
    make_campaigns(7)
    assert len(download(staff_client(), export="csv").splitlines()) == 15


def sign_in(client, django_user_model, *codenames):
    user = django_user_model.objects.create_user("table.reader@example.org")
    codes = Permission.objects.filter(codename__in=["access_admin", *codenames])
    user.user_permissions.add(*codes)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_looking_and_taking_away_are_two_permissions(client, django_user_model):
    reader = sign_in(client, django_user_model, "view_campaign")
    assert reader.get("/table/").status_code == 200
    assert "Download" not in reader.get("/table/").content.decode()
    assert reader.get("/table/", {"export": "csv"}).status_code == 403


def test_those_who_may_not_look_see_nothing(client, django_user_model):
    assert client.get("/table/").status_code == 302
    assert sign_in(client, django_user_model).get("/table/").status_code == 403
