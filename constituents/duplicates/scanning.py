"""The scan: everyone is read, candidates are compared stretch by stretch, and what is found is kept as it goes.

It is a job: it shows how far it is, stops when told to, and goes on after a kill where its last checkpoint stands. What
it reads goes to a scratch disk; in memory are only counts, one stretch of records and the groups at the end.
"""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from constituents.duplicates import keeping, reading
from constituents.duplicates.changes import changed_since
from constituents.duplicates.finder import Finder
from constituents.models import Constituent, DuplicatePair, DuplicateScan
from core import clock
from core.jobs import Job, Progress, enqueue, job

# What is shown of the way: half of it is reading.
_UNFINISHED = (Job.State.WAITING, Job.State.RUNNING)


class Steps:
    """The part of a job's progress a scan needs, for a scan in the foreground."""

    saved: dict[str, Any]

    def __init__(self) -> None:
        self.saved = {}

    def total(self, steps: int) -> None:
        """Nobody watches."""

    def advance(self, steps: int = 1) -> None:
        """Nobody watches."""

    def checkpoint(self, saved: dict[str, Any], *, advance: int = 0) -> None:
        """A scan in the foreground is begun anew when it is stopped."""
        self.saved = saved


def scan(progress: Progress | Steps, *, since: dt.datetime | None = None, by: Any = None) -> DuplicateScan:
    """Look for duplicates among everyone, or only of those whose record changed since an instant."""
    this = _begin(progress, since, by)
    among = None if since is None else changed_since(since)
    if since is not None and not among and not DuplicatePair.objects.filter(decided_at__gte=since).exists():
        return _as_it_was(this)
    people = Constituent.objects.current().count()
    progress.total(2 * people)
    with Finder() as finder:
        for chunk in reading.records():
            finder.add(chunk)
            progress.advance(0 if progress.saved.get("after") else len(chunk))
        finder.prepare()
        with closing(finder.stretches(progress.saved.get("after", 0), among=among)) as stretches:
            for stretch, found in stretches:
                with transaction.atomic():
                    keeping.keep(found, scan=this, finder=finder)
                    progress.checkpoint({"scan": this.pk, "after": stretch.last}, advance=stretch.records)
        keeping.finish(this, finder=finder, among=among)
        this.people, this.compared = finder.frequencies.records, finder.compared
    this.finished_at = clock.now()
    this.save()
    return this


def _as_it_was(this: DuplicateScan) -> DuplicateScan:
    """End a scan of what changed when nothing did, as on most nights of a small organisation: nobody is read."""
    this.people, this.found = Constituent.objects.current().count(), keeping.number_found()
    this.finished_at = clock.now()
    this.save()
    return this


def _begin(progress: Progress | Steps, since: dt.datetime | None, by: Any) -> DuplicateScan:
    this = DuplicateScan.objects.filter(pk=progress.saved.get("scan", 0), finished_at__isnull=True).first()
    if this is None:
        this = DuplicateScan.objects.create(started_at=clock.now(), changed_since=since, started_by=by)
        progress.checkpoint({"scan": this.pk})
    return this


def last_scan() -> DuplicateScan | None:
    """Return the last scan that came to its end."""
    return DuplicateScan.objects.filter(finished_at__isnull=False).first()


@job(kind="duplicates.scan")
def scan_job(progress: Progress, *, since: str = "") -> dict[str, str]:
    """Run a scan as a job."""
    done = scan(progress, since=dt.datetime.fromisoformat(since) if since else None, by=progress.job.created_by)
    message = ngettext(
        "%(people)s records looked through: %(found)s likely duplicate.",
        "%(people)s records looked through: %(found)s likely duplicates.",
        done.found,
    )
    return {"message": message % {"people": done.people, "found": done.found}, "url": reverse("duplicates:index")}


def unfinished_scan() -> Job | None:
    """Return the scan that waits or runs, if there is one."""
    return Job.objects.filter(kind=scan_job.kind, state__in=_UNFINISHED).first()


@transaction.atomic
def start_scan(*, by: Any, everyone: bool = False) -> Job:
    """Ask for a scan: of what changed since the last one, or of everyone. One that is under way is returned instead."""
    if (running := unfinished_scan()) is not None:
        return running
    before = None if everyone else last_scan()
    since = before.started_at.isoformat() if before else ""
    return enqueue(
        scan_job,
        key=f"duplicates-{clock.now().isoformat()}",
        label=_("Look for duplicates among what changed") if since else _("Look for duplicates among everyone"),
        by=by,
        since=since,
    )


def scan_nightly(*, now: dt.datetime) -> None:
    """Look at what changed since the last scan; the clock calls this every night."""
    start_scan(by=None)
