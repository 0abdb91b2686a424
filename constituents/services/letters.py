"""Words put into a letter: `Dear {first_name}`. Fields are checked when it is written; values print as they are.

A field is a name in braces and nothing else: no template language reads a letter, and a name that looks like a field is
not read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.models import Constituent

#: What may stand in a letter: its name, what it is called, what it says of what the letter is about.
Fields = Mapping[str, tuple[object, Callable[[Any], str]]]

#: What a letter may say of a constituent.
FIELDS: Mapping[str, tuple[object, Callable[[Constituent], str]]] = {
    "name": (gettext_lazy("the name in full"), lambda one: one.full_name),
    "formal_name": (gettext_lazy("the name as on an envelope"), lambda one: one.formal_name),
    "first_name": (gettext_lazy("what friends say"), lambda one: one.informal_name),
    "title": (gettext_lazy("the title"), lambda one: one.title),
    "last_name": (gettext_lazy("the family name"), lambda one: one.family_name or one.organisation_name),
    "household": (gettext_lazy("the household, else the name"), lambda one: str(one.household or one.full_name)),
}
_FIELD = re.compile(r"\{([^{}]*)\}")


def check_letter(words: str, fields: Fields = FIELDS) -> None:
    """Raise ValidationError naming fields that there are not, and braces that open or close nothing."""
    unknown = sorted({name for name in _FIELD.findall(words) if name.strip() not in fields})
    if unknown:
        raise ValidationError(
            _("There is no field {%(name)s}. There are: %(known)s.")
            % {"name": unknown[0], "known": ", ".join(f"{{{name}}}" for name in fields)}
        )
    if any(brace in _FIELD.sub("", words) for brace in "{}"):
        raise ValidationError(_("A brace stands alone. A field is a name in braces, such as {first_name}."))


def fill_letter(words: str, subject: Any, fields: Fields = FIELDS) -> str:
    """Return the words with the fields of one constituent, or of what else a letter is about put in.

    What is not known is left out.
    """
    return _FIELD.sub(lambda found: fields[found[1].strip()][1](subject), words)


def paragraphs_of(words: str) -> list[str]:
    """Return what empty lines part."""
    return [part.strip() for part in re.split(r"\n\s*\n", words.replace("\r\n", "\n")) if part.strip()]
