"""A receipt of long ago is drawn today as it was drawn then."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from io import BytesIO
from pathlib import Path
from unicodedata import bidirectional

import pytest
from pypdf import PdfReader

from donations.documents import LAYOUTS, draw_receipt
from donations.models import ReceiptSettings
from donations.receipts.regimes import Issuer, language_for, regime_named
from donations.receipts.snapshot import Recipient, take_snapshot
from tests.donations.drawn import drawn_by
from tests.donations.receipt_papers import CANADIAN, GERMAN, NOTICE, become, facts, words_of

KEPT = Path(__file__).parent / "kept"
# What the first version of Steward drew for the kept snapshots, as `drawn_by` writes it: every stroke, every letter
# and its place. The codes a file's part of a font knows letters by are no part of it.
DRAWN = {"receipt_layout_1.json": "a9f271659fb6f72eed9a4e22fe764149e0fc886370f1a5f1b9218fa0368446fa"}


def test_kept_snapshots_are_drawn_stroke_for_stroke_as_on_the_day_of_issue() -> None:
    for name, expected in DRAWN.items():
        content = draw_receipt(json.loads((KEPT / name).read_text("utf-8")))
        assert hashlib.sha256(drawn_by(content).encode()).hexdigest() == expected, name


NAMES = [
    "<b>Bold</b> & Sons", "Łukasz Żółć-Ångström", "Ελένη Παπαδοπούλου", "Ольга Щербакова", "דוד כהן", "محمد علي",
    "राधा शर्मा", "สมชาย ใจดี", "李小龍", "田中さくら", "김민수",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("values", [CANADIAN, GERMAN], ids=["canada", "germany"])
def test_a_name_prints_as_typed_in_any_script_in_every_layout(values: dict[str, str]) -> None:
    organisation, settings = become(values, **NOTICE), ReceiptSettings(**NOTICE)
    regime = regime_named(organisation.regime)
    line = regime.assess(facts("50", organisation.base_currency, received_on=dt.date(2026, 5, 4)))
    snapshot = take_snapshot(
        regime=regime, issuer=Issuer.of(organisation, settings), recipient=Recipient("All", tuple(NAMES)), lines=[line],
        serial="R2026-000001", issued_on=dt.date(2026, 5, 5),
    )  # fmt: skip
    content = draw_receipt(snapshot)
    words = words_of(content)
    for name in NAMES:
        assert name in words or bidirectional(name[0]) in {"R", "AL"} or "\u0900" <= name[0] <= "\u0e7f", name
    assert draw_receipt(snapshot) == content


@pytest.mark.django_db
def test_the_agency_and_the_signature_stand_together_however_many_gifts_a_receipt_has() -> None:
    organisation = become(CANADIAN)
    regime = regime_named("ca")
    for count in range(1, 20):
        gifts = [facts("50", "CAD", received_on=dt.date(2026, 1, 1) + dt.timedelta(days=day)) for day in range(count)]
        snapshot = take_snapshot(
            regime=regime, issuer=Issuer.of(organisation, ReceiptSettings()), recipient=Recipient("Ann", ("1 Mill",)),
            lines=[regime.assess(gift) for gift in gifts], serial="R2026-000001", issued_on=dt.date(2026, 5, 5),
        )  # fmt: skip
        last = PdfReader(BytesIO(draw_receipt(snapshot))).pages[-1].extract_text()
        assert "Authorized signature" in last, count
        assert "Canada Revenue Agency" in last, count


def test_the_layout_of_every_country_can_be_drawn_and_its_languages_are_found() -> None:
    assert all(regime_named(code).layout in LAYOUTS for code in ("us", "ca", "uk", "de"))
    assert language_for(regime_named("us"), "fr", "de") == "en"
