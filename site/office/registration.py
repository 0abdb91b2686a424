"""What the office adds to the rooms below; called once from the app's `ready()`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.audit import name_verbs
from core.imports.formats import register_format
from office.demo.parts import register_parts
from office.imports.npsp import NPSP


def register_office() -> None:
    """Offer the parts of the demo and the formats of files that reach across domains."""
    register_parts()
    register_format(NPSP)
    name_verbs({"demo.loaded": _("Demo data loaded"), "report.downloaded": _("Report downloaded")})
