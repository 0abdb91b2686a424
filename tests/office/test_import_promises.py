"""Pledges, soft credits and Gift Aid declarations from files: once each, told apart, and taken back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from core.organisation import current_organisation, forget_organisation
from core.organisation.models import Organisation
from donations.models import Gift, GiftAidDeclaration, Pledge, PledgeStatus, SoftCredit, SoftCreditRole
from donations.promises.paying import apply_payment
from donations.services.books import check_books
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift
from tests.office.imports import bring_in, undo

pytestmark = pytest.mark.django_db


def save(folder: Path, text: str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


PLEDGES = (
    "Pledge id,First name,Last name,E-mail,Pledge amount,Pledge date,First due,Installments,Frequency,Fund\n"
    "P1,Ann,Lee,ann@example.org,1200.00,2026-01-05,2026-02-01,12,Monthly,Roof\n"
    ",Bo,Ray,bo@example.org,90,2026-01-07,,3,quarterly,\n"
    "P3,Cy,Fox,cy@example.org,50,2026-01-07,,2,now and then,\n"
)


def test_pledges_come_in_once_with_their_schedule_and_an_undo_writes_off_what_nobody_paid(tmp_path: Path) -> None:
    path = save(tmp_path, PLEDGES)
    outcome, code = bring_in(path, "--system", "old")
    assert (code, outcome["kind"], outcome["created"]["pledge"]) == (1, "pledges", 2)
    assert [(error["row"], "no frequency" in error["message"]) for error in outcome["errors"]] == [(4, True)]
    roof = Pledge.objects.get(external_id="P1")
    assert (roof.donor.full_name, roof.instalments.count(), roof.fund_names) == ("Ann Lee", 12, "Roof")
    assert roof.instalments.order_by("number").last().due_on == dt.date(2027, 1, 1)
    again, _code = bring_in(path, "--system", "old")
    assert "pledge" not in again["created"]
    differs, _code = bring_in(save(tmp_path, PLEDGES.replace("1200.00", "1300.00"), "b.csv"), "--system", "old")
    assert (differs["unsure"], "pledge" in differs["updated"]) == (1, False)
    apply_payment(make_gift(roof.donor, "100"), by=None)
    taken = undo(outcome["id"])
    assert [(kept["type"], "paid" in kept["reason"]) for kept in taken["kept"] if kept["type"] == "pledge"] == [
        ("pledge", True)
    ]
    assert Pledge.objects.exclude(pk=roof.pk).get().status == PledgeStatus.WRITTEN_OFF
    assert check_books() == []


def test_soft_credits_find_their_gift_and_are_taken_back(tmp_path: Path) -> None:
    gift = make_gift(make_person("Ann", "Lee", email="ann@example.org"), "100")
    Gift.objects.filter(pk=gift.pk).update(external_system="old", external_id="G7")
    text = (
        "Gift id,Soft credit role,First name,Last name,E-mail,Amount\n"
        "G7,Spouse,Bo,Lee,bo@example.org,\n"
        "G7,Fundraiser,Cy,Fox,cy@example.org,40\n"
        "G7,Spouse,Ann,Lee,ann@example.org,\n"
        "G8,Spouse,Bo,Lee,bo@example.org,\n"
    )
    path = save(tmp_path, text)
    outcome, code = bring_in(path, "--system", "old")
    assert (code, outcome["kind"], [error["row"] for error in outcome["errors"]]) == (1, "soft_credits", [4, 5])
    assert sorted(SoftCredit.objects.values_list("constituent__given_name", "role", "amount")) == [
        ("Bo", SoftCreditRole.SPOUSE, Decimal(100)),
        ("Cy", SoftCreditRole.SOLICITOR, Decimal(40)),
    ]
    bring_in(path, "--system", "old")
    assert SoftCredit.objects.count() == 2
    undo(outcome["id"])
    assert not SoftCredit.objects.exists()
    assert check_books() == []


def test_declarations_come_in_once_and_are_cancelled_when_the_import_is_undone(tmp_path: Path) -> None:
    text = (
        "Title,First name,Last name,Declaration date,Past donations,House,Postcode\n"
        "Ms,Ann,Lee,2026-02-01,yes,12,TR11 3XX\n"
        "Mr,Bo,Ray,2026-02-01,no,9,nonsense\n"
    )
    path = save(tmp_path, text)
    refused, _code = bring_in(path)
    assert [error["row"] for error in refused["errors"]] == [2, 3]  # not a charity of the United Kingdom
    british = {"regime": "uk", "base_currency": "GBP", "country": "GB"}
    Organisation.objects.filter(pk=current_organisation().pk).update(**british)
    forget_organisation()
    outcome, _code = bring_in(save(tmp_path, text, "b.csv"))
    assert (outcome["kind"], [error["row"] for error in outcome["errors"]]) == ("gift_aid_declarations", [3])
    declaration = GiftAidDeclaration.objects.get()
    assert (declaration.donor.full_name, declaration.covers_past, declaration.house) == ("Ann Lee", True, "12")
    assert declaration.postcode == "TR11 3XX"
    bring_in(save(tmp_path, text, "c.csv"), "--system", "b")
    assert GiftAidDeclaration.objects.count() == 1
    undo(outcome["id"])
    declaration.refresh_from_db()
    assert declaration.counts_never
