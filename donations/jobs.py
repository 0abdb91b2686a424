"""Long work about giving, done beside the web."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from core.jobs import Progress, job
from donations.receipts.handing_out import email_year, print_year, to_email, to_print
from donations.services.yearly import donors_with_open_gifts, issue_year


@job(kind="receipts.yearly")
def issue_year_job(progress: Progress, *, year: int) -> dict[str, Any]:
    """Issue the year's receipts; what an earlier attempt issued is not issued again."""
    donors = donors_with_open_gifts(year)
    progress.total(len(donors))
    issued, errors = 0, []
    for step in issue_year(year, by=_asker(progress), donors=donors):
        issued += len(step.receipts)
        errors += [f"{donor}: {error}" for donor, error in step.errors]
        progress.advance(step.donors)
    message = ngettext("%(count)d receipt issued.", "%(count)d receipts issued.", issued) % {"count": issued}
    return {"message": " ".join([message, *errors[:20]]), "url": _page_of(year)}


@job(kind="receipts.email")
def email_year_job(progress: Progress, *, year: int) -> dict[str, Any]:
    """E-mail the year's receipts; what an earlier attempt sent is not sent again."""
    progress.total(progress.job.done + to_email(year).count())
    sent = 0
    for _receipt in email_year(year, by=_asker(progress)):
        sent += 1
        progress.advance()
    message = ngettext("%(count)d receipt is on its way.", "%(count)d receipts are on their way.", sent)
    return {"message": message % {"count": sent}, "url": _page_of(year)}


@job(kind="receipts.print")
def print_year_job(progress: Progress, *, year: int) -> dict[str, Any]:
    """Make the files for the printer; what an earlier attempt set apart is made first."""
    progress.total(progress.job.done + to_print(year).order_by().count())
    count = 0
    for printed in print_year(year, by=_asker(progress)):
        count += printed.count
        progress.advance(printed.count)
    message = ngettext("%(count)d receipt is ready to print.", "%(count)d receipts are ready to print.", count)
    return {"message": message % {"count": count}, "url": _page_of(year)}


def _asker(progress: Progress) -> User | None:
    return progress.job.created_by if isinstance(progress.job.created_by, User) else None


def _page_of(year: int) -> str:
    return f"{reverse('receipts:yearly')}?year={year}"
