"""What we hold about somebody, to read: every table under its name, every row as facts."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from constituents.models import Constituent
from core import clock
from core.documents import Document, unprintable

# Longer words stand in data.json only.
LONGEST = 600


def own_data_document(me: Constituent, data: dict[str, list[dict[str, Any]]]) -> bytes:
    """Return the PDF. It prints what our typefaces can; data.json beside it holds every character."""
    document = Document(_("What we hold about you"), language=me.language or get_language() or "en")
    document.letterhead()
    document.heading(_("What we hold about you"))
    document.paragraph(
        _("%(name)s, on %(date)s. The same, complete and for programs to read, is in data.json.")
        % {"name": _printable(me.full_name), "date": date_format(clock.today())}
    )
    for label, rows in data.items():
        model = apps.get_model(label)
        document.heading(str(model._meta.verbose_name_plural).capitalize(), level=2)
        names = {field.name: str(field.verbose_name) for field in model._meta.concrete_fields}
        for row in rows:
            facts = [(names[name].capitalize(), _printable(value)) for name, value in row.items() if _is_short(value)]
            if facts:
                document.facts(facts)
    return document.render()


def _is_short(value: Any) -> bool:
    return value not in (None, "") and not isinstance(value, (dict, list)) and len(str(value)) <= LONGEST


def _printable(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    words = str(value)
    for character in unprintable(words):
        words = words.replace(character, "?")
    return words
