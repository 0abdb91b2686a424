"""Where lists of volunteering lead."""

from __future__ import annotations

from django.urls import reverse

from volunteers.models import HoursEntry, SignUp


def person_of(row: SignUp | HoursEntry) -> str:
    """Return the page of who came, or worked."""
    return reverse("constituents:inspect", args=[row.volunteer_id])
