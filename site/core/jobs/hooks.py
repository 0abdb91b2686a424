"""Where the staff workspace finds the jobs; imported by core.wagtail_hooks."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from core.jobs import views


class JobsMenuItem(MenuItem):
    """The list of everybody's jobs, for those who may see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it with the permission; others reach their own jobs from where they asked for them."""
        return request.user.has_perm("core.view_job")


@hooks.register("register_admin_urls")
def job_urls() -> list[URLPattern]:
    """Put the jobs at /admin/jobs/."""
    return [
        path("jobs/", views.job_list, name="core_jobs"),
        path("jobs/<int:pk>/", views.job_detail, name="core_job"),
        path("jobs/<int:pk>/cancel/", views.job_cancel, name="core_job_cancel"),
        path("jobs/<int:pk>/again/", views.job_try_again, name="core_job_again"),
    ]


@hooks.register("register_settings_menu_item")
def jobs_menu_item() -> MenuItem:
    """List the jobs among the settings."""
    return JobsMenuItem(_("Jobs"), reverse("core_jobs"), name="jobs", icon_name="tasks", order=800)
