"""ActsOnAll: a bulk action for all results of a list, however many: at once, or as a job with progress; with undo.

    class TagMany(ActsOnAll):
        viewset = constituent_viewset
        action_type = "tag"
        display_name = _("Tag")
        form_class = TagForm

        @classmethod
        def act(cls, rows, *, by, tag):        # some hundreds at a time, in one transaction
            return Done([...keys changed...], refused=["Ann Lee: ..."])

        @classmethod
        def undo(cls, keys, *, by, tag): ...   # optional: takes back what `act` did to these

What was shown and confirmed is what is done: the keys are frozen with the confirmation, and rows that are gone by then
are left out. One audit entry says what, how many and by which filters; `act` writes those of the single records, many
at a time. With `makes_file = True` the action writes a file instead, by `write(rows, out, *, by, **cleaned)`; it is
kept a week, for whoever asked for it.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, ClassVar

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from core import clock
from core.audit import record
from core.errors import DomainError
from core.jobs import Progress, enqueue, job
from core.organisation import current_organisation
from core.staff.bulk import StaffBulkAction
from core.staff.models import BulkRun

CHUNK = 500
KEPT = dt.timedelta(days=7)
REFUSALS_KEPT = 200


@dataclass
class Done:
    """What came of some rows: the keys that were changed, and in words what was refused."""

    changed: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class BulkUndoError(DomainError):
    """It cannot be taken back."""


class ActsOnAll(StaffBulkAction):
    """Do something to all results; see the module."""

    most = 250_000
    #: More rows than this are a job.
    at_once: ClassVar[int] = 300
    makes_file: ClassVar[bool] = False
    can_undo: ClassVar[bool] = False

    @classmethod
    def act(cls, rows: Sequence[Any], *, by: Any, **cleaned: Any) -> Done:
        """Do it to some rows."""
        raise NotImplementedError

    @classmethod
    def undo(cls, keys: Sequence[int], *, by: Any, **cleaned: Any) -> None:
        """Take it back from some rows."""
        raise NotImplementedError

    @classmethod
    def write(cls, rows: QuerySet, out: BinaryIO, *, by: Any, **cleaned: Any) -> int:
        """Write the file; return how many of the rows are in it."""
        raise NotImplementedError

    @classmethod
    def file_name(cls, **cleaned: Any) -> str:
        """Return what the file is called."""
        raise NotImplementedError

    @classmethod
    def rows(cls, keys: Sequence[int]) -> QuerySet:
        """Return rows by key, ready to be acted on."""
        return cls.viewset.model._default_manager.filter(pk__in=keys)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Freeze what is shown, and do it now or soon."""
        if self.request.POST.get("count") != str(self.count) or self.count > self.most:
            form.add_error(None, _("The list has changed since you saw it. Please look again."))
            return self.form_invalid(form)
        run = BulkRun.objects.create(
            label=str(self.display_name),
            action=f"{type(self).__module__}.{type(self).__qualname__}",
            form={name: values for name, values in self.request.POST.lists() if name in form.fields},
            chosen=list(self.chosen.values_list("pk", flat=True)),
            filters={k: v for k, v in self.request.GET.lists() if k not in {"id", "next"} and any(v)},
            made_by=self.request.user,
        )
        if self.count > self.at_once:
            work = enqueue(
                do_to_all, key=f"bulk-{run.uuid}", label=str(self.display_name), by=self.request.user, run=run.pk
            )
            return HttpResponseRedirect(work.get_absolute_url())
        perform(run)
        if self.makes_file:
            return HttpResponseRedirect(run.get_absolute_url())
        messages.success(
            self.request, format_html('{} <a href="{}">{}</a>', summary(run), run.get_absolute_url(), _("Details"))
        )
        return HttpResponseRedirect(self.next_url)


def summary(run: BulkRun) -> str:
    """Return what came of a run in a sentence."""
    count = len(run.changed)
    words = ngettext("%(action)s: %(count)d done.", "%(action)s: %(count)d done.", count)
    return words % {"action": run.label, "count": count}


@job(kind="core.bulk")
def do_to_all(progress: Progress, *, run: int) -> dict[str, str]:
    """Do a bulk action as a job."""
    found = BulkRun.objects.select_related("made_by").get(pk=run)
    perform(found, progress)
    return {"message": summary(found), "url": found.get_absolute_url()}


def perform(run: BulkRun, progress: Progress | None = None) -> None:
    """Do what was asked to the rows that were chosen; goes on where it was cut off."""
    action: type[ActsOnAll] = import_string(run.action)
    cleaned = _cleaned(action, run)
    if progress is not None:
        progress.total(len(run.chosen))
    if action.makes_file:
        _write(run, action, cleaned, progress)
    else:
        _act(run, action, cleaned, progress)
    with transaction.atomic():
        run.finished_at = clock.now()
        run.save()
        record(
            f"{action.viewset.model_name}.bulk_{action.action_type}",
            current_organisation(),
            by=run.made_by,
            new=run.payload,
        )


def _act(run: BulkRun, action: type[ActsOnAll], cleaned: dict[str, Any], progress: Progress | None) -> None:
    done = progress.saved.get("done", 0) if progress is not None else 0
    for keys in _chunks(run.chosen[done:]):
        with transaction.atomic():
            outcome = action.act(list(action.rows(keys)), by=run.made_by, **cleaned)
            done += len(keys)
            run.changed = [*run.changed, *outcome.changed]
            run.refused = [*run.refused, *outcome.refused][:REFUSALS_KEPT]
            run.refused_count += len(outcome.refused)
            run.save(update_fields=["changed", "refused", "refused_count"])
            if progress is not None:
                progress.checkpoint({"done": done}, advance=len(keys))


def _write(run: BulkRun, action: type[ActsOnAll], cleaned: dict[str, Any], progress: Progress | None) -> None:
    with tempfile.TemporaryFile() as out:
        count = action.write(action.rows(run.chosen), out, by=run.made_by, **cleaned)
        out.seek(0)
        run.file.save(action.file_name(**cleaned), File(out), save=False)
    run.changed = run.chosen[:count]
    if progress is not None:
        progress.advance(len(run.chosen))


@transaction.atomic
def undo_run(run: BulkRun, *, by: Any) -> None:
    """Take a bulk action back from the rows it changed. Raises BulkUndoError when that cannot be."""
    run = BulkRun.objects.select_for_update().get(pk=run.pk)
    action: type[ActsOnAll] = import_string(run.action)
    if not action.can_undo or run.finished_at is None:
        raise BulkUndoError(_("This cannot be undone."))
    if run.undone_at is not None:
        raise BulkUndoError(_("This is undone already."))
    cleaned = _cleaned(action, run)
    for keys in _chunks(run.changed):
        action.undo(keys, by=by, **cleaned)
    run.undone_at = clock.now()
    run.save(update_fields=["undone_at"])
    verb = f"{action.viewset.model_name}.bulk_{action.action_type}_undone"
    record(verb, current_organisation(), by=by, new={"undone": len(run.changed), "run": run.pk})


def forget_files(*, now: dt.datetime, **_kwargs: Any) -> None:
    """Take files away after a week: what was exported should not lie about."""
    for run in BulkRun.objects.filter(finished_at__lt=now - KEPT).exclude(file=""):
        run.file.delete(save=True)


def _cleaned(action: type[ActsOnAll], run: BulkRun) -> dict[str, Any]:
    data = QueryDict(mutable=True)
    for name, values in run.form.items():
        data.setlist(name, values)
    form = action.form_class(data)
    if not form.is_valid():
        raise BulkUndoError(_("What was asked no longer makes sense: %(errors)s") % {"errors": form.errors.as_text()})
    return form.cleaned_data


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
