"""Where records are looked at, in rooms below too."""

from __future__ import annotations

from django.db.models import Model
from wagtail.admin.admin_url_finder import AdminURLFinder


def page_of(record: Model) -> str | None:
    """Return the address of a record's page in the workspace, or None when it has none."""
    return AdminURLFinder().get_edit_url(record)
