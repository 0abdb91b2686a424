"""Change how households are named, and name them all again by the new rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from constituents.models import Household, HouseholdNaming, HouseholdWords
from constituents.services.households import refresh_names_of
from core import audit, clock
from core.jobs import Job, Progress, enqueue, job

_CHUNK = 2_000


@job(kind="households.names")
def write_names_job(progress: Progress) -> dict[str, Any]:
    """Write the names of all households, except those kept by hand."""
    progress.total(Household.objects.count())
    changed = progress.saved.get("changed", 0)
    while ids := list(
        Household.objects.filter(pk__gt=progress.saved.get("last", 0))
        .order_by("pk")
        .values_list("pk", flat=True)[:_CHUNK]
    ):
        with transaction.atomic():
            changed += refresh_names_of(Household.objects.filter(pk__in=ids))
            progress.checkpoint({"last": ids[-1], "changed": changed}, advance=len(ids))
    message = ngettext("%(count)d household has a new name.", "%(count)d households have a new name.", changed)
    return {"message": message % {"count": changed}}


@transaction.atomic
def change_naming(naming: HouseholdNaming, *, by: User | None, words: Sequence[HouseholdWords]) -> Job | None:
    """Save the rules and the words of each language; returns the job that names households again, if there are any.

    Words that are all empty are not kept.
    """
    old = audit.snapshot(HouseholdNaming.objects.get(pk=naming.pk)) if naming.pk else {}
    old["words"] = _told(naming.words.all()) if naming.pk else []
    naming.full_clean()
    naming.save()
    for own in words:
        own.naming = naming
        if own.connector or own.large_pattern or own.family_name_first is not None:
            own.full_clean()
            own.save()
        elif own.pk:
            own.delete()
    new = audit.snapshot(naming) | {"words": _told(naming.words.all())}
    before, after = audit.changes(old, new)
    if not after:
        return None
    audit.record("household.naming_changed", naming, by=by, old=before, new=after)
    if not Household.objects.exists():
        return None
    return enqueue(
        write_names_job,
        key=f"households.names-{clock.now().isoformat()}",
        label=_("Names of households"),
        by=by,
    )


def _told(words: Any) -> list[str]:
    return [f"{own.language}: {own.connector} / {own.large_pattern} / {own.family_name_first}" for own in words]
