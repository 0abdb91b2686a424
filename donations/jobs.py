"""Long work about giving, done beside the web."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core.jobs import Progress, job
from donations.services.yearly import issue_year, plan_year


@job(kind="receipts.yearly")
def issue_year_job(progress: Progress, *, year: int) -> dict[str, Any]:
    """Issue the year's receipts; what an earlier attempt issued is not issued again."""
    progress.total(sum(1 for _planned in plan_year(year)))
    by = progress.job.created_by
    run = issue_year(year, by=by if isinstance(by, User) else None, advance=progress.advance)
    message = ngettext("%(count)d receipt issued.", "%(count)d receipts issued.", len(run.receipts)) % {
        "count": len(run.receipts)
    }
    for donor, error in run.errors[:20]:
        message += " " + _("%(donor)s: %(error)s") % {"donor": donor, "error": error}
    return {"message": message, "url": reverse("receipts:index")}
