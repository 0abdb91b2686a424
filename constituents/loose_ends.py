"""What a death leaves to decide in this room: follow-ups that somebody still means to do."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from constituents.household_steps import LooseEnd
from constituents.models import Constituent, FollowUp


def open_follow_ups(person: Constituent) -> Iterator[LooseEnd]:
    """Return the next steps with somebody who has died."""
    for step in FollowUp.objects.open().filter(constituent=person).in_order():
        words = {"what": step.subject, "day": date_format(step.due_on, "SHORT_DATE_FORMAT")}
        yield LooseEnd(_("Follow-up: %(what)s, due %(day)s") % words, reverse("follow_ups:inspect", args=[step.pk]))
