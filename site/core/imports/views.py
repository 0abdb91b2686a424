"""The wizard: upload, look at what was recognised, compare, preview, run, undo; all behind one permission."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import FormView, ListView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core import audit
from core.errors import DomainError
from core.exports import write_csv
from core.imports import jobs, presenting, services
from core.imports.errors import ImportProblem
from core.imports.formats import format_named
from core.imports.forms import ReadingForm, UploadForm
from core.imports.models import ImportRun, ImportState, RowState
from core.imports.planning import forget_plan
from core.jobs import Job
from core.jobs import try_again as try_job_again
from core.staff.asked import acting

PERMISSION = "core.run_imports"
_BUSY = (ImportState.PLANNING, ImportState.RUNNING, ImportState.UNDOING)
_A_PAGE = 50


class MayImport:
    """Let in who may import."""

    permission = PERMISSION
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse before anything is looked up."""
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    @cached_property
    def run(self) -> ImportRun:
        """The import the address names."""
        runs = ImportRun.objects.select_related("job", "created_by")
        return get_object_or_404(runs, uuid=self.kwargs["uuid"])  # type: ignore[attr-defined]


class ImportPage(MayImport, WagtailAdminTemplateMixin):
    """A page of the wizard, with Wagtail's furniture."""

    header_icon = "upload"
    page_title = gettext_lazy("Imports")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the imports, this page."""
        items = [*self.breadcrumbs_items, {"url": reverse("imports"), "label": _("Imports")}]
        here = self.here()
        return [*items, {"url": "", "label": here}] if here else [*items[:-1], {"url": "", "label": _("Imports")}]

    def here(self) -> str:
        """What this page is called in the crumbs."""
        return ""


class ImportList(ImportPage, ListView):
    """What was brought in, newest first."""

    template_name = "wagtailadmin/steward/imports/list.html"
    paginate_by = _A_PAGE

    def get_queryset(self) -> Any:
        """Every import, with who did it."""
        return ImportRun.objects.select_related("created_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give each import its tone."""
        context = super().get_context_data(**kwargs)
        for run in context["page_obj"]:
            run.tone = presenting.TONES[ImportState(run.state)]
        return context


class Upload(ImportPage, FormView):
    """Take a file in and find out what it is."""

    template_name = "wagtailadmin/steward/imports/upload.html"
    form_class = UploadForm
    page_title = gettext_lazy("Import a file")

    def here(self) -> str:
        """Import a file."""
        return _("Import a file")

    def form_valid(self, form: UploadForm) -> HttpResponse:
        """Keep the file, or say why it cannot be read."""
        file = form.cleaned_data["file"]
        try:
            run = services.take_in(
                file,
                name=file.name,
                by=self.request.user,
                kind=form.cleaned_data["kind"],
                mode=form.cleaned_data["mode"],
            )
        except ImportProblem as problem:
            form.add_error("file", str(problem))
            return self.form_invalid(form)
        return HttpResponseRedirect(reverse("imports_show", args=[run.uuid]))


class Show(ImportPage, TemplateView):
    """One import, wherever it stands: what was recognised, how far it is, the preview, or the result."""

    def here(self) -> str:
        """The file's name."""
        return self.run.file_name

    def get_page_title(self) -> str:
        """The file's name."""
        return self.run.file_name

    @property
    def is_working(self) -> bool:
        """Whether a job has it in hand."""
        return self.run.state in _BUSY or (self.run.job is not None and not self.run.job.is_finished)

    def get_template_names(self) -> list[str]:
        """By state."""
        if self.is_working:
            part = "_progress" if getattr(self.request, "htmx", False) else "progress"
        elif self.run.state == ImportState.UPLOADED:
            part = "reading"
        else:
            part = "outcome"
        return [f"wagtailadmin/steward/imports/{part}.html"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it; a page that waited for the end is told to load anew."""
        response = super().get(request, *args, **kwargs)
        if getattr(request, "htmx", False) and not self.is_working:
            response = HttpResponse()
            response["HX-Refresh"] = "true"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give each part what it shows."""
        run = self.run
        context = super().get_context_data(**kwargs) | {
            "run": run,
            "tone": presenting.TONES[ImportState(run.state)],
            "findings": presenting.findings(run),
            "left_out": presenting.left_out(run),
            "new_fields": presenting.new_fields(run),
        }
        if self.is_working:
            return context | {"job": run.job, "stopped": run.job is not None and run.job.is_finished}
        if run.state == ImportState.UPLOADED:
            form = kwargs.get("form") or ReadingForm(run=run, file_format=format_named(run.kind))
            return context | {"form": form, "examples": run.recognised.get("date_examples", [])}
        return context | self._outcome()

    def _outcome(self) -> dict[str, Any]:
        run = self.run
        counts = presenting.counts(run)
        tabs = [
            ("rows", _("First rows"), 0),
            ("changes", _("Changes"), sum(each.changed for each in counts)),
            ("unsure", _("To look at"), sum(each.unsure for each in counts)),
            ("warnings", _("Kept as written"), run.rows.exclude(warnings=[]).count()),
            ("errors", _("Errors"), run.rows.filter(state=RowState.WRONG).count()),
        ]
        if run.state == ImportState.UNDONE:
            tabs.insert(0, ("kept", _("Kept"), presenting.kept_records(run).count()))
        tabs = [tab for tab in tabs if tab[2] or tab[0] == "rows"]
        chosen = self.request.GET.get("tab", tabs[0][0])
        chosen = chosen if chosen in {name for name, _label, _n in tabs} else tabs[0][0]
        return {
            "counts": counts,
            "wrong": next((number for name, _label, number in tabs if name == "errors"), 0),
            "amounts": presenting.money(run.summary.get("amounts", {})),
            "new_amounts": presenting.money(run.summary.get("new_amounts", {})),
            "tabs": [
                {"label": label, "count": number, "url": f"?tab={name}", "current": name == chosen}
                for name, label, number in tabs
            ],
            "tab": chosen,
            "undone": run.summary.get("undone"),
            "can_undo": bool(run.file) and any(each.new or each.changed for each in counts),
            **self._part(chosen),
        }

    def _part(self, tab: str) -> dict[str, Any]:
        if tab == "rows":
            return {"first_rows": presenting.first_rows(self.run)}
        source = {
            "changes": presenting.changed_records,
            "unsure": presenting.unsure_records,
            "kept": presenting.kept_records,
        }.get(tab)
        if source:
            rows = source(self.run)
        elif tab == "warnings":
            rows = self.run.rows.exclude(warnings=[]).exclude(state=RowState.WRONG).order_by("number")
        else:
            rows = self.run.rows.filter(state=RowState.WRONG).order_by("number")
        page = Paginator(rows, _A_PAGE).get_page(self.request.GET.get("p"))
        lines = presenting.as_lines(page, self.run) if source else list(page)
        return {"page": page, "lines": lines}


class Act(MayImport, View):
    """Something to do with an import; afterwards back to its page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it, or say why not."""
        try:
            return self.act() or HttpResponseRedirect(reverse("imports_show", args=[self.run.uuid]))
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("imports_show", args=[self.run.uuid]))

    def act(self) -> HttpResponse | None:
        """Do it; return where to go unless it is the import's page."""
        raise NotImplementedError


class Read(Act):
    """Take the answers to how the file is read; compare with what is on record when that was asked for."""

    def act(self) -> HttpResponse | None:
        """Keep the answers and go on, or show the form with what is wrong."""
        run = self.run
        form = ReadingForm(self.request.POST, run=run, file_format=format_named(run.kind))
        if not form.is_valid():
            page = Show()
            page.setup(self.request, uuid=run.uuid)
            return page.render_to_response(page.get_context_data(form=form))
        kind = form.cleaned_data["kind"]
        changed_kind = kind != run.kind
        services.read_anew(
            run,
            kind=kind,
            system=form.cleaned_data["system"],
            mode=form.cleaned_data["mode"],
            date_order=form.cleaned_data.get("date_order", ""),
            columns={} if changed_kind else form.changed_columns(),
        )
        if not changed_kind and "look" not in self.request.POST:
            jobs.start_plan(run, by=self.request.user)
        return None


class Run(Act):
    """Apply the plan."""

    def act(self) -> HttpResponse | None:
        """Queue it."""
        jobs.start_run(self.run, by=self.request.user)
        return None


class Undo(ImportPage, TemplateView):
    """Ask before an import is taken back; then do it."""

    template_name = "wagtailadmin/steward/imports/undo.html"
    page_title = gettext_lazy("Undo")

    def here(self) -> str:
        """Undo."""
        return _("Undo the import of %(file)s") % {"file": self.run.file_name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say how much it is."""
        return super().get_context_data(**kwargs) | {"run": self.run, "counts": presenting.counts(self.run)}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Queue it."""
        try:
            jobs.start_undo(self.run, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("imports_show", args=[self.run.uuid]))


class StartOver(Act):
    """Throw the plan away and go back to the questions."""

    def act(self) -> HttpResponse | None:
        """Forget the plan."""
        forget_plan(self.run)
        return None


class Discard(Act):
    """Throw an import away that has not run."""

    def act(self) -> HttpResponse | None:
        """Delete it and its file."""
        name = self.run.file_name
        services.discard(self.run)
        messages.success(self.request, _("“%(file)s” is discarded; nothing of it was imported.") % {"file": name})
        return HttpResponseRedirect(reverse("imports"))


class TryAgain(Act):
    """Queue the job again that failed."""

    def act(self) -> HttpResponse | None:
        """Go on from where it stopped."""
        if self.run.job is not None:
            try_job_again(Job.objects.get(pk=self.run.job.pk))
        return None


class Errors(MayImport, View):
    """The refused rows as a file: each as it stood, with the reason, ready to be corrected and brought in again."""

    def get(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        """Write the file, record that it left, send it."""
        rows = services.error_rows(self.run)
        file = TemporaryFile()  # noqa: SIM115 - FileResponse closes it
        count = write_csv(rows, next(rows), file, bom=True)
        audit.record("import.errors_downloaded", self.run, by=acting(request), new={"rows": count})
        file.seek(0)
        name = f"{slugify(self.run.file_name.rpartition('.')[0]) or 'import'}-errors.csv"
        return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
