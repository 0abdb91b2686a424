"""What verbs are called on screen: `gift.posted` reads "Gift posted" unless its app has a better name for it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_names: dict[str, str | Promise] = {
    "audit.erased": _("Personal details removed from the history"),
    "export.downloaded": _("Exported"),
}


def name_verbs(names: Mapping[str, str | Promise]) -> None:
    """Add names for verbs, from an app's AppConfig.ready(): `name_verbs({"gift.posted": _("Posted")})`."""
    _names.update(names)


def verb_name(verb: str) -> str:
    """Return the verb's name, or its own words when no app named it."""
    if verb in _names:
        return str(_names[verb])
    words = verb.replace("wagtail.", "").replace(".", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
