"""What thanks add to the rooms below; called once from the app's `ready()`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from constituents import panels, timeline
from constituents.work.waiting import Waiting, WaitingWork, register_work
from core import clock
from core.audit import name_verbs
from core.jobs import schedule
from core.staff.parts import Panel
from donations.models import Acknowledgement
from donations.signals import gift_adjusted, gift_posted, gift_reinstated, gift_reversed, gifts_posted_in_bulk
from donations.staff import thanks_person
from donations.thanks import (
    permissions,  # noqa: F401  says what roles may do
    receivers,
)
from donations.thanks.mailing import take_back_failed
from donations.thanks.printing import forget_files

SEE, THANK = "donations.view_acknowledgement", "donations.thank_donor"


def register_thanks() -> None:
    """Fill the registries and listen."""
    gift_posted.connect(receivers.expect_one, dispatch_uid="donations.thanks.expect_one")
    gifts_posted_in_bulk.connect(receivers.expect_many, dispatch_uid="donations.thanks.expect_many")
    gift_adjusted.connect(receivers.follow_adjusted, dispatch_uid="donations.thanks.follow_adjusted")
    gift_reinstated.connect(receivers.expect_reinstated, dispatch_uid="donations.thanks.expect_reinstated")
    gift_reversed.connect(receivers.settle_reversed, dispatch_uid="donations.thanks.settle_reversed")
    register_work(WaitingWork("thanks", waiting_thanks, permission=THANK, order=5))
    panels.register_panel(
        Panel(
            "thanks",
            _("Waiting for thanks"),
            "wagtailadmin/giving/thanks/person.html",
            thanks_person.panel,
            order=5,
            permission=THANK,
        )
    )
    panels.register_actions("thanks", thanks_person.actions, permission=THANK)
    panels.register_next_steps("thanks", thanks_person.next_steps, permission=THANK)
    source = timeline.TimelineSource("thanks", _("Thanks"), thanks_person.thanks_events, SEE)
    timeline.register_timeline_source(source)
    schedule.register("donations.thanks.failed_mail", take_back_failed, every=dt.timedelta(minutes=10))
    schedule.register("donations.thanks.files", forget_files, every=dt.timedelta(days=1))
    name_verbs(
        {
            "thanks.given": _("Thanked"),
            "thanks.not_wanted": _("No thanks wanted"),
            "thanks.wait_again": _("Waiting for thanks again"),
            "thanks.run_opened": _("Letters of thanks made"),
            "thanks.run_downloaded": _("Letters of thanks downloaded"),
            "thanks.run_printed": _("Letters of thanks printed"),
            "thanks.run_taken_back": _("Letters of thanks not printed after all"),
            "thanks.run_discarded": _("Letters of thanks discarded"),
        }
    )


def waiting_thanks(user: Any) -> Waiting | None:
    """Return how many gifts wait for thanks, and since when."""
    rows = Acknowledgement.objects.waiting().filter(run=None).order_by("since")
    number = rows.count()
    if not number:
        return None
    now = clock.now()
    oldest = rows.values_list("since", flat=True)[0]
    text = ngettext("gift waits for thanks, for %(time)s", "gifts wait for thanks, the oldest for %(time)s", number) % {
        "time": timesince(oldest, now, depth=1)
    }
    return Waiting(number, text, reverse("thanks:index") + "?stage=waiting")
