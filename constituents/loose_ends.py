"""What a death leaves to decide in this room: follow-ups that somebody still means to do."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from constituents.household_steps import LooseEnd
from constituents.models import Constituent, FollowUp
from core.theme.figures import day_in_words


def open_follow_ups(person: Constituent) -> Iterator[LooseEnd]:
    """Return the next steps with somebody who has died."""
    for step in FollowUp.objects.open().filter(constituent=person).in_order():
        words = {"what": step.subject, "day": day_in_words(step.due_on, "medium")}
        yield LooseEnd(_("Follow-up: %(what)s, due %(day)s") % words, reverse("follow_ups:inspect", args=[step.pk]))
