"""A receipt of long ago is drawn today as it was drawn then."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from donations.documents import LAYOUTS, draw_receipt
from donations.receipts.regimes import language_for, regime_named

KEPT = Path(__file__).parent / "kept"
# What the first version of Steward drew for the kept snapshots: the pages' own bytes, before they are packed, because
# another zlib packs them otherwise.
DRAWN = {"receipt_layout_1.json": "bc524ce47fd65f29699c328e1d4c30e388e1ddc67c6a832f9c5322dec26a931e"}


def drawing(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return hashlib.sha256(b"".join(page.get_contents().get_data() for page in pages)).hexdigest()


def test_kept_snapshots_are_drawn_byte_for_byte_as_on_the_day_of_issue() -> None:
    for name, expected in DRAWN.items():
        content = draw_receipt(json.loads((KEPT / name).read_text("utf-8")))
        assert drawing(content) == expected, name


def test_the_layout_of_every_country_can_be_drawn_and_its_languages_are_found() -> None:
    us = regime_named("us")
    assert us.layout in LAYOUTS
    assert language_for(us, "fr", "de") == "en"
