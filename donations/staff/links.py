"""Where records are looked at, in rooms below too, and the gifts behind a number."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.admin.admin_url_finder import AdminURLFinder


def page_of(record: Model) -> str | None:
    """Return the address of a record's page in the workspace, or None when it has none."""
    return AdminURLFinder().get_edit_url(record)


def gifts_url(**filters: Any) -> str:
    """Return the list of gifts behind a number."""
    return f"{reverse('gifts:index')}?{urlencode(filters)}"
