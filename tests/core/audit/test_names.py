"""Whatever is written into the history has a name there, in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from core.audit import verbs

ROOMS = ("constituents", "donations", "memberships", "volunteers", "communications", "site")
RECORDED = re.compile(r'(?:\brecord\(\s*|\bverb=)"(?P<verb>[a-z_]+\.[a-z_]+)"')


def test_every_verb_that_is_recorded_by_name_has_a_name_on_screen() -> None:
    sources = [path for room in ROOMS for path in (Path(settings.BASE_DIR) / room).rglob("*.py")]
    recorded = {match["verb"] for path in sources for match in RECORDED.finditer(path.read_text(encoding="utf-8"))}
    assert len(recorded) > 100, "the sources are not where they were"
    assert sorted(recorded - set(verbs._names)) == []
