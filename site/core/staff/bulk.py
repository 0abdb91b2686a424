"""StaffBulkAction: run a verb for many rows of a list at once, after showing which and how many.

    class CloseFunds(StaffBulkAction):
        viewset = fund_viewset
        verb = staticmethod(close_fund)       # close_fund(fund, *, by, **form.cleaned_data)
        permission = "donations.change_fund"  # or "change"
        action_type = "close"
        display_name = _("Close")
        question = _("Close these funds?")

    hooks.register("register_bulk_action", CloseFunds)

"All in this list" means all that the list's search and filters let through, on every page. Rows for which a rule says
no are named with the reason; the others are done. If the list changed since it was shown, it is shown again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise, cached_property, classproperty
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction

from core.audit import record
from core.organisation import current_organisation
from core.staff.refusals import REFUSALS, explain

if TYPE_CHECKING:
    from core.staff.viewsets import StaffViewSet


class StaffBulkAction(BulkAction):
    """Do something to many rows; see the module."""

    # Lists hand the classes to their template, which would otherwise call them.
    do_not_call_in_templates = True

    viewset: ClassVar[StaffViewSet]
    verb: Callable[..., Any]
    permission: str = "change"
    question: str | Promise = ""
    explanation: str | Promise = ""
    danger = False
    display_name: str | Promise = ""
    action_type = ""
    form_class: type[forms.BaseForm] = forms.Form
    template_name = "wagtailadmin/steward/bulk/confirm.html"
    #: More rows than this do not fit into one request.
    most = 1_000
    names_shown = 12
    refusals_shown = 5

    @classproperty
    def models(cls) -> list[type[Model]]:  # noqa: N805
        """The viewset's records."""
        return [cls.viewset.model]

    @classproperty
    def aria_label(cls) -> str | Promise:  # noqa: N805
        """The button says it all."""
        return cls.display_name

    @classmethod
    def is_permitted(cls, user: Any) -> bool:
        """Return whether the user may run the verb."""
        meta = cls.viewset.model._meta
        own = f"{meta.app_label}.{get_permission_codename(cls.permission, meta)}"
        return user.has_perm(cls.permission if "." in cls.permission else own)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let in who may run the verb."""
        if not self.is_permitted(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def chosen(self) -> QuerySet:
        """The ticked rows, or all that the list's filters let through; never beyond what the user may see."""
        ids = self.request.GET.getlist("id")
        if "all" not in ids:
            keys = [key for key in ids if key.isdigit()]
            return self.viewset.base_queryset(self.request).filter(pk__in=keys)
        index = self.viewset.index_view
        view = index.view_class(**index.view_initkwargs)
        view.setup(self.request)
        return self.viewset.base_queryset(self.request).filter(pk__in=view.get_queryset().order_by().values("pk"))

    @cached_property
    def count(self) -> int:
        """How many."""
        return self.chosen.count()

    def get_actionable_objects(self) -> tuple[QuerySet, dict[str, Any]]:
        """Return the chosen rows; the list held those back that the user may not see."""
        return self.chosen, {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the template the count and some names."""
        return super(BulkAction, self).get_context_data(**kwargs) | {
            "view": self,
            "count": self.count,
            "names": [str(obj) for obj in self.chosen[: self.names_shown]],
            "too_many": self.count > self.most,
            "next": self.next_url,
            "submit_url": self.request.get_full_path(),
        }

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        """Run the verb row by row, and say what was done and what was not."""
        if self.request.POST.get("count") != str(self.count) or self.count > self.most:
            form.add_error(None, _("The list has changed since you saw it. Please look again."))
            return self.form_invalid(form)
        done, refused = 0, []
        with transaction.atomic():
            for obj in self.chosen:
                try:
                    with transaction.atomic():
                        type(self).verb(obj, by=self.request.user, **form.cleaned_data)
                    done += 1
                except REFUSALS as error:
                    refused.append(f"{obj}: {explain(error)}")
            self._record(done, len(refused))
        self._report(done, refused)
        return HttpResponseRedirect(self.next_url)

    def _record(self, done: int, refused: int) -> None:
        filters = {k: v for k, v in self.request.GET.lists() if k not in {"id", "next"} and any(v)}
        record(
            f"{self.viewset.model_name}.bulk_{self.action_type}",
            current_organisation(),
            by=self.request.user,
            new={"done": done, "refused": refused, "filter": filters},
        )

    def _report(self, done: int, refused: list[str]) -> None:
        if done:
            text = ngettext("%(action)s: %(count)d done.", "%(action)s: %(count)d done.", done)
            messages.success(self.request, text % {"action": self.display_name, "count": done})
        for line in refused[: self.refusals_shown]:
            messages.warning(self.request, line)
        if (rest := len(refused) - self.refusals_shown) > 0:
            text = ngettext("%(count)d more was not done.", "%(count)d more were not done.", rest)
            messages.warning(self.request, text % {"count": rest})
