"""Keep what a batch shares for the piles that come again, and begin the next one with it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from core import audit, clock
from donations.models import Batch, BatchTemplate, Fund
from donations.models.batch_template import SHARED


@transaction.atomic
def keep_as_template(batch: Batch, *, by: User | None, name: str) -> BatchTemplate:
    """Keep what the gifts of a batch share under a name. Raises ValidationError when the name is taken."""
    template = BatchTemplate(name=name.strip(), **{field: getattr(batch, field) for field in SHARED})
    template.full_clean()
    template.save()
    audit.record("batch_template.created", template, by=by, new=audit.snapshot(template))
    return template


def beginning_of(template: BatchTemplate) -> dict[str, Any]:
    """Return what the form of a batch begins with; a fund that is closed by now is left to the usual one."""
    begun = template.beginning()
    fund = begun.pop("fund", None)
    if fund is not None and Fund.objects.open_on(clock.today()).filter(pk=fund.pk).exists():
        begun["fund"] = fund.pk
    return begun
