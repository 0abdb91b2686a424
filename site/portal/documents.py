"""What we hold about somebody, to read: every table under its name, every row as facts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import DecimalField, Model, UUIDField
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from constituents.models import Constituent
from core import clock
from core.documents import Document, unprintable
from core.theme.figures import day_in_words

# Longer words stand in data.json only.
LONGEST = 600


def own_data_document(me: Constituent, data: dict[str, list[dict[str, Any]]]) -> bytes:
    """Return the PDF. It prints what our typefaces can; data.json beside it holds every character."""
    document = Document(_("What we hold about you"), language=me.language or get_language() or "en")
    document.letterhead()
    document.heading(_("What we hold about you"))
    document.paragraph(
        _("%(name)s, on %(date)s. The same, complete and for programs to read, is in data.json.")
        % {"name": _printable(me.full_name), "date": day_in_words(clock.today())}
    )
    for label, rows in data.items():
        model = apps.get_model(label)
        title = _("Your record") if model is Constituent else str(model._meta.verbose_name_plural).capitalize()
        document.heading(title, level=2)
        for row in rows:
            facts = list(_facts(model, row, me))
            if facts:
                document.facts(facts)
    return document.render()


def _facts(model: type[Model], row: dict[str, Any], me: Constituent) -> Iterator[tuple[str, str]]:
    """Say a row as its fields have it: choices in words, amounts without needless zeros; not what says nothing."""
    for field in model._meta.concrete_fields:
        value = row.get(field.name)
        says_nothing = value in (None, "") or isinstance(value, (dict, list)) or isinstance(field, UUIDField)
        if says_nothing or len(str(value)) > LONGEST or (field.is_relation and value == me.full_name):
            continue
        if isinstance(field, DecimalField):
            value = f"{Decimal(str(value)).normalize():f}"
        elif field.choices:
            value = dict(field.flatchoices).get(value, value)
        yield str(field.verbose_name).capitalize(), _printable(value)


def _printable(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    words = str(value)
    for character in unprintable(words):
        words = words.replace(character, "?")
    return words
