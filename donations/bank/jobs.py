"""Applying what is sure of a statement, beside the web."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core.jobs import Progress, job
from donations.bank.applying import apply_sure
from donations.models import BankStatement


@job(kind="bank.apply")
def apply_sure_job(progress: Progress, *, statement: int) -> dict[str, Any]:
    """Apply the sure credits of a statement; what an earlier attempt applied is not asked about again."""
    row = BankStatement.objects.get(pk=statement)
    progress.total(progress.job.done + row.lines.waiting().count())
    by = progress.job.created_by if isinstance(progress.job.created_by, User) else None
    applied, waiting, refused = 0, 0, []
    for credit, suggestion, why in apply_sure(row, by=by):
        applied += suggestion is not None
        waiting += suggestion is None
        if why:
            refused.append(f"{credit}: {why}")
        progress.advance()
    words = {"applied": applied, "waiting": waiting}
    message = _("%(applied)d applied by themselves, %(waiting)d wait for you.") % words
    return {"message": " ".join([message, *refused[:10]]), "url": reverse("bank_credits:index") + "?state=waiting"}
