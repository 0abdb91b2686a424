"""Long work about giving, done beside the web."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from core.jobs import Progress, job
from donations.services.yearly import donors_with_open_gifts, issue_year


@job(kind="receipts.yearly")
def issue_year_job(progress: Progress, *, year: int) -> dict[str, Any]:
    """Issue the year's receipts; what an earlier attempt issued is not issued again."""
    donors = donors_with_open_gifts(year)
    progress.total(len(donors))
    by = progress.job.created_by
    issued, errors = 0, []
    for step in issue_year(year, by=by if isinstance(by, User) else None, donors=donors):
        issued += len(step.receipts)
        errors += [f"{donor}: {error}" for donor, error in step.errors]
        progress.advance(step.donors)
    message = ngettext("%(count)d receipt issued.", "%(count)d receipts issued.", issued) % {"count": issued}
    return {"message": " ".join([message, *errors[:20]]), "url": reverse("receipts:index")}
