"""People say what they hear about, take their data, and ask to be forgotten."""

import io
import json
import zipfile

from constituents.models import ConsentRecord, Constituent, Interaction
from core.audit.models import AuditEntry
from portal.own_data import OTHERS, leading_here
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift, make_receipt
from tests.factories.volunteers import make_shift
from volunteers.services.signing_up import sign_up


def answers(me: Constituent) -> dict[str, str]:
    records = ConsentRecord.objects.filter(constituent=me).latest_each()
    return {f"{record.channel} {record.purpose}": record.decision for record in records}


def test_a_tick_is_consent_with_the_words_that_were_shown(mine, me, user) -> None:
    mine.post("/account/preferences/", {"email": ["newsletter"], "post": ["events"]})
    said = answers(me)
    assert said["email newsletter"] == said["post events"] == "given"
    assert said["email appeals"] == "refused"
    record = ConsentRecord.objects.get(channel="email", purpose="newsletter")
    assert (record.wording, record.where) == ("By e-mail: News, a few times a year", "portal")
    assert record.recorded_by == user


def test_taking_a_tick_away_adds_a_record_and_changes_none(mine, me) -> None:
    mine.post("/account/preferences/", {"email": ["newsletter"]})
    before = list(ConsentRecord.objects.order_by("pk").values())
    mine.post("/account/preferences/", {})
    assert list(ConsentRecord.objects.order_by("pk").values())[: len(before)] == before
    assert answers(me)["email newsletter"] == "withdrawn"
    assert ConsentRecord.objects.count() == len(before) + 1
    assert 'value="newsletter" id="id_email_0" checked' not in mine.get("/account/preferences/").text


def test_saving_the_same_answers_again_adds_nothing(mine, me) -> None:
    for _ in range(2):
        mine.post("/account/preferences/", {"email": ["events"]})
    assert ConsentRecord.objects.count() == 10


def test_the_data_one_takes_is_ones_own_and_all_of_it(mine, me, user) -> None:
    receipt = make_receipt(make_gift(me, "120.00"))
    make_gift(make_person("Somebody", "Elseworth"), "77.77")
    sign_up(make_shift(), volunteer=me, by=user)
    mine.post("/account/preferences/", {"email": ["events"]})
    response = mine.post("/account/privacy/data/")
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        data = json.loads(archive.read("data.json"))
        assert archive.read("data.pdf").startswith(b"%PDF")
        assert archive.read(f"receipts/{receipt.file_name}").startswith(b"%PDF")
    assert data["constituents.Constituent"][0]["family_name"] == "Lee"
    assert [gift["amount"] for gift in data["donations.Gift"]] == ["120.000"]
    assert data["constituents.EmailAddress"][0]["address"] == "ann@example.org"
    assert len(data["constituents.ConsentRecord"]) == 10
    assert data["volunteers.SignUp"]
    assert "Elseworth" not in json.dumps(data)
    assert AuditEntry.objects.filter(action="privacy.data_taken").count() == 1
    assert mine.get("/account/privacy/data/").status_code == 405


def test_every_table_that_points_at_a_constituent_is_in_the_data_or_named_as_left_out() -> None:
    found = {f"{model._meta.label}.{path}" for model, path in leading_here()}
    assert {"donations.Gift.donor", "constituents.Interaction.participants", "memberships.Membership.payer"} <= found
    assert not found & OTHERS


def test_asking_for_erasure_tells_staff_once_and_says_what_happens(mine, me) -> None:
    assert mine.post("/account/privacy/erasure/", {"words": "I moved away."}).status_code == 422
    mine.post("/account/privacy/erasure/", {"words": "I moved away.", "sure": "on"})
    request = Interaction.objects.get()
    assert list(request.participants.all()) == [me]
    assert request.notes == "I moved away."
    mine.post("/account/privacy/erasure/", {"sure": "on"})
    assert Interaction.objects.count() == 1
    assert "You asked us on" in mine.get("/account/privacy/").text
