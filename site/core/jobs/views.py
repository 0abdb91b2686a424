"""What staff see of jobs: the list, one job with its bar, and the button that stops it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.jobs.models import Job, JobQuerySet
from core.jobs.running import cancel, try_again

# What htmx takes as the last answer to its asking again and again.
STOP_POLLING = 286
JOBS_ON_A_PAGE = 50
TONES = {
    Job.State.WAITING: "quiet",
    Job.State.RUNNING: "waiting",
    Job.State.DONE: "good",
    Job.State.FAILED: "wrong",
    Job.State.CANCELLED: "quiet",
}


def visible_jobs(request: HttpRequest) -> JobQuerySet:
    """Return the jobs that the user asked for, and everybody's to those who may see all."""
    jobs = Job.objects.select_related("created_by")
    return jobs if request.user.has_perm("core.view_job") else jobs.filter(created_by=request.user.pk)


@require_GET
@never_cache
def job_list(request: HttpRequest) -> HttpResponse:
    """List the jobs, the newest first."""
    page = Paginator(visible_jobs(request), JOBS_ON_A_PAGE).get_page(request.GET.get("p"))
    rows = [(job, TONES[Job.State(job.state)]) for job in page]
    context = {
        "jobs": page,
        "rows": rows,
        "page_title": _("Jobs"),
        "header_icon": "tasks",
        "breadcrumbs_items": _crumbs(),
    }
    return render(request, "wagtailadmin/steward/jobs/index.html", context)


@require_GET
@never_cache
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a job is; the page asks again by itself until the job is finished."""
    job = get_object_or_404(visible_jobs(request), pk=pk)
    context = {"job": job, "tone": TONES[Job.State(job.state)], **_outcome(request, job)}
    if "HX-Request" in request.headers:
        status = STOP_POLLING if job.is_finished else 200
        return render(request, "wagtailadmin/steward/jobs/job_progress.html", context, status=status)
    context |= {"page_title": job.label, "header_title": job.label, "header_icon": "tasks"}
    context["breadcrumbs_items"] = [*_crumbs(), {"url": "", "label": job.label}]
    return render(request, "wagtailadmin/steward/jobs/job.html", context)


@require_POST
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a job."""
    job = cancel(_own(request, pk))
    messages.info(request, _("“%(job)s” is being stopped.") % {"job": job.label})
    return redirect(job)


@require_POST
def job_try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a job again that failed or was cancelled."""
    return redirect(try_again(_own(request, pk)))


def _own(request: HttpRequest, pk: int) -> Job:
    job = get_object_or_404(visible_jobs(request), pk=pk)
    if job.created_by_id != request.user.pk and not request.user.has_perm("core.change_job"):
        raise PermissionDenied
    return job


def _outcome(request: HttpRequest, job: Job) -> dict[str, Any]:
    result = job.result if isinstance(job.result, dict) else {}
    url = str(result.get("url") or "")
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return {"message": result.get("message", ""), "url": url if safe else ""}


def _crumbs() -> list[dict[str, str]]:
    return [{"url": reverse("core_jobs"), "label": _("Jobs")}]
