"""The screens about batches: the list, the page, the grid's questions, the verbs, and who may."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.roles import sync_roles
from constituents.models import Constituent
from donations.batches.posting import post_batch
from donations.models import Batch, BatchRow, BatchTemplate, Fund, Gift
from tests.factories.constituents import make_person
from tests.factories.donations import make_batch, make_fund, type_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


@pytest.fixture
def client(staff_client: Callable[..., Client]) -> Client:
    """Somebody who may do all."""
    return staff_client()


@pytest.fixture
def general(organisation: object) -> Fund:
    """The fund gifts go to."""
    return make_fund("General fund", is_default=True)


def put(client: Client, batch: Batch, **said: Any) -> Any:
    """Save a row as the grid does."""
    key = said.pop("key", None) or uuid.uuid4()
    address = f"/admin/batches/entry/{batch.pk}/rows/{key}/"
    return client.put(address, json.dumps({"version": 0, **said}), content_type="application/json")


def test_a_batch_is_opened_typed_and_posted(client: Client, general: Fund) -> None:
    assert "Open your first one" in client.get("/admin/batches/").content.decode()
    counted = {"expected_count": "2", "expected_total": "1,250.50", "currency": "USD", "method": "cheque"}
    answer = client.post(
        "/admin/batches/open/", counted | {"received_on": "2026-03-02", "fund": general.pk, "wants_receipt": "on"}
    )
    batch = Batch.objects.get()
    assert answer["Location"] == f"/admin/batches/entry/{batch.pk}/"
    ann = make_person("Ann", "Lee")
    said = put(client, batch, donor=ann.pk, amount="1250").json()
    assert said["row"]["donor"]["name"] == "Ann Lee"
    assert said["tally"]["difference"] == "1 gift to go, $0.50 to go"
    assert "cannot be posted yet" not in client.get(f"/admin/batches/post/{batch.pk}/").content.decode()
    said = put(client, batch, donor=ann.pk, amount="0.50").json()
    assert said["tally"]["agrees"]
    answer = client.post(f"/admin/batches/post/{batch.pk}/")
    assert answer["Location"] == f"/admin/batches/inspect/{batch.pk}/"
    client.post(f"/admin/batches/post/{batch.pk}/")
    assert Gift.objects.filter(batch=batch).count() == 2
    page = client.get(answer["Location"]).content.decode()
    assert "Issue 2 receipts" in page
    assert "Thank for 2 gifts" in page
    for step in re.findall(r'href="(/admin/bulk/[^"]+)"', page):
        assert client.get(unescape(step)).status_code == 200
    assert "2 gifts" in client.get(f"/admin/gifts/?batch={batch.pk}").content.decode()
    slip = client.get(f"/admin/batches/{batch.pk}/slip/")
    assert slip.content.startswith(b"%PDF")
    assert client.get(f"/admin/batches/entry/{batch.pk}/")["Location"] == f"/admin/batches/inspect/{batch.pk}/"


def test_what_was_counted_must_be_something(client: Client, general: Fund) -> None:
    wrong = {"expected_count": "0", "expected_total": "1.005", "currency": "USD", "method": "cheque"}
    page = client.post("/admin/batches/open/", wrong | {"received_on": "2999-01-01", "fund": general.pk})
    assert set(page.context["form"].errors) == {"expected_count", "expected_total", "received_on"}


def test_the_page_before_posting_names_the_rows_that_need_somebody(client: Client) -> None:
    batch = make_batch()
    type_row(batch, None, "50", donor_typed="smi")
    page = client.get(f"/admin/batches/post/{batch.pk}/").content.decode()
    assert "cannot be posted yet" in page
    assert "“smi” is nobody on record yet" in page
    client.post(f"/admin/batches/post/{batch.pk}/")
    assert not Gift.objects.exists()


def test_a_stale_row_is_answered_with_what_stands_there_and_a_closed_batch_says_so(client: Client) -> None:
    batch = make_batch()
    row = type_row(batch, make_person("Ann", "Lee"), "5")
    put(client, batch, key=row.key, amount="6", version=1)
    stale = put(client, batch, key=row.key, amount="7", version=1)
    assert (stale.status_code, stale.json()["row"]["amount"]) == (409, "6.00")
    assert put(client, batch, version="one").status_code == 422
    address = f"/admin/batches/entry/{batch.pk}/rows/{row.key}/"
    assert client.delete(address, json.dumps({"version": 2}), content_type="application/json").status_code == 200
    client.post(f"/admin/batches/discard/{batch.pk}/", {"reason": "Opened twice"})
    assert put(client, batch, amount="5").status_code == 410


def test_the_donor_is_found_as_one_types_and_somebody_new_is_added_after_a_look(client: Client) -> None:
    known = make_person("Łukasz", "Żółć", email="lukasz@example.org")
    found = client.get("/admin/batches/entry/donors/", {"q": "zolc"}).json()["donors"]
    assert [(one["id"], one["guess"]) for one in found] == [(known.pk, False)]

    def add(**said: str) -> Any:
        said = {"kind": "person", "given_name": "Lukasz", "family_name": "Zolc"} | said
        return client.post("/admin/batches/entry/donors/", json.dumps(said), content_type="application/json")

    asked = add(email="lukasz@example.org")
    assert (asked.status_code, asked.json()["matches"][0]["id"]) == (409, known.pk)
    assert add(given_name="", family_name="").json()["errors"].keys() == {"family_name"}
    added = add(family_name="Zola", street="2 Mill Lane", city="Portbury", is_someone_else="true")
    assert added.status_code == 201
    assert added.json()["donor"]["detail"] == "2 Mill Lane, Portbury"
    assert Constituent.objects.count() == 2


def test_the_list_asks_the_same_however_long(client: Client, assert_constant_queries: Callable) -> None:
    def more(count: int) -> None:
        for _ in range(count):
            type_row(make_batch(), make_person())

    assert_constant_queries(more, lambda: client.get("/admin/batches/?p=1"), at_most=25)


def test_the_sheet_asks_the_same_however_long(client: Client, assert_constant_queries: Callable) -> None:
    batch = make_batch()

    def more(count: int) -> None:
        for number in range(count):
            type_row(batch, make_person(), reference=str(number))

    assert_constant_queries(more, lambda: client.get(f"/admin/batches/entry/{batch.pk}/sheet/"), at_most=20)


@pytest.mark.parametrize(
    ("role", "sees", "types", "overrides"),
    [
        ("Administrator", True, True, True),
        ("Gift processor", True, True, False),
        ("Fundraiser", True, False, False),
        ("Read-only", True, False, False),
        ("Board reader", False, False, False),
    ],
)
def test_roles_may_what_their_work_needs(
    staff_client: Callable[..., Client], role: str, sees: bool, types: bool, overrides: bool, settings: object
) -> None:
    sync_roles()
    settings.DEMO = True  # no second factor is asked for in the demo
    batch, posted = make_batch(2, "110"), make_batch()
    type_row(batch, make_person())
    type_row(posted, make_person())
    post_batch(posted, by=None)
    client = staff_client(role)

    def may(url: str) -> bool:
        return client.get(f"/admin/batches/{url}").status_code == 200

    assert [may(""), may(f"inspect/{batch.pk}/"), may(f"{posted.pk}/slip/")] == [sees] * 3
    typing = [f"entry/{batch.pk}/", f"entry/{batch.pk}/sheet/", "entry/donors/?q=an", "open/"]
    typing += [f"change/{batch.pk}/", f"post/{batch.pk}/", f"discard/{batch.pk}/"]
    assert [may(url) for url in typing] == [types] * len(typing)
    assert (put(client, batch, amount="5").status_code == 200) == types
    client.post(f"/admin/batches/post/{batch.pk}/", {"override_reason": "One is missing"})
    assert BatchRow.objects.filter(batch=batch, donor__isnull=True).delete()
    client.post(f"/admin/batches/post/{batch.pk}/", {"override_reason": "One is missing"})
    assert Batch.objects.get(pk=batch.pk).is_posted == overrides


def test_a_batch_is_kept_as_a_template_and_the_next_one_begins_with_it(client: Client, general: Fund) -> None:
    plate = make_fund("The Kitchen")
    batch = make_batch(fund=plate, method="cash", bank_account="Bay Bank 12", title="Sunday plate")
    assert "Begin with a template" not in client.get("/admin/batches/open/").text
    client.post(f"/admin/batches/template/{batch.pk}/", {"name": "Sunday plate"})
    template = BatchTemplate.objects.get()
    again = client.post(f"/admin/batches/template/{batch.pk}/", {"name": "Sunday plate"})
    assert "already exists" in again.text
    form = client.get(f"/admin/batches/open/?template={template.pk}").context["form"]
    begun = {name: form[name].value() for name in ("title", "method", "fund", "bank_account", "wants_receipt")}
    assert begun == {
        "title": "Sunday plate",
        "method": "cash",
        "fund": plate.pk,
        "bank_account": "Bay Bank 12",
        "wants_receipt": True,
    }
    assert form["expected_total"].value() is None
    Fund.objects.filter(pk=plate.pk).update(closes_on="2020-01-01")
    assert client.get(f"/admin/batches/open/?template={template.pk}").context["form"]["fund"].value() == general.pk
    assert "Sunday plate" in client.get("/admin/batch-templates/").text
