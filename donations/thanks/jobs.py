"""Letters of thanks made beside the web."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.jobs import Progress, job
from donations.models import PrintState, ThankYouRun
from donations.thanks.printing import draw_run


@job(kind="thanks.letters")
def draw_run_job(progress: Progress, *, run: int) -> dict[str, Any]:
    """Draw the letters of a run; an attempt after a kill goes on with the letters that are missing."""
    found = draw_run(ThankYouRun.objects.select_related("template", "made_by").get(pk=run), progress)
    if found.state == PrintState.DISCARDED:
        return {"message": _("The letters were discarded.")}
    message = ngettext(
        "%(count)d letter is ready to be printed.", "%(count)d letters are ready to be printed.", found.letters
    )
    return {"message": message % {"count": found.letters}, "url": reverse("thank_you_runs:inspect", args=[found.pk])}
