"""What of membership waits for somebody."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext_lazy

from constituents.work.waiting import Waiting, WaitingWork, register_work
from memberships.models import Application, Membership, Status


def register() -> None:
    """Offer it to “My work”."""
    view = "memberships.view_membership"
    register_work(WaitingWork("members_in_grace", members_in_grace, permission=view, order=20))
    register_work(WaitingWork("applications", applications, permission=view, order=21))


def members_in_grace(user: Any) -> Waiting:
    """Return how many members could still be kept."""
    number = Membership.objects.in_status(Status.GRACE).count()
    one, many = "member is in grace: a word may keep them", "members are in grace: a word may keep them"
    return Waiting(number, ngettext_lazy(one, many, number), reverse("memberships:index"))


def applications(user: Any) -> Waiting:
    """Return how many asked to join or renew and have no answer."""
    number = Application.objects.open().count()
    return Waiting(
        number, ngettext_lazy("wish to join is open", "wishes to join are open", number), reverse("memberships:index")
    )
