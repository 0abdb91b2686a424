"""My work: what is due, done in one click with how it went; the next step offered at once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from constituents.models import FollowUp, FollowUpKind
from constituents.work.agenda import Agenda, Entry, When, Whose, agenda, counts, work_of
from constituents.work.dates import due_after
from constituents.work.follow_ups import add_follow_up, complete, postpone, reassign, reopen
from constituents.work.forms import NextStepForm, PostponeForm, ReassignForm
from constituents.work.pointers import pointers_of
from constituents.work.waiting import waiting_for
from core import clock
from core.staff.asked import acting
from core.staff.refusals import REFUSALS, explain

VIEW, CHANGE = "constituents.view_followup", "constituents.change_followup"
# What one click may change at once.
MOST = 500


class WorkView(WagtailAdminTemplateMixin, PermissionRequiredMixin, TemplateView):
    """What is to be done, by whom and by when."""

    permission_required = VIEW
    raise_exception = True
    template_name = "wagtailadmin/work/work.html"
    page_title = gettext_lazy("My work")
    header_icon = "tasks"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, and this page."""
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The agenda that was asked for, and what else waits."""
        user = self.request.user
        whose = _one_of(self.request, "whose", Whose.values, Whose.MINE)
        when = _one_of(self.request, "when", When.values, "")
        kinds = [kind for kind in self.request.GET.getlist("kind") if kind in FollowUpKind.values]
        page = self.request.GET.get("page", "1")
        found = agenda(
            user,
            today=clock.today(),
            whose=whose,
            when=when,
            kinds=kinds,
            page=max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1,
        )
        return super().get_context_data(**kwargs) | {
            "agenda": found,
            "whose": whose,
            "when": when,
            "kinds": kinds,
            "tabs": self._tabs(Whose, "whose", whose, drop=("page",)),
            "parts": self._parts(found, when),
            "kind_choices": FollowUpKind.choices,
            "waiting": waiting_for(user) if whose == Whose.MINE else [],
            "may_change": user.has_perm(CHANGE),
            "may_add": user.has_perm("constituents.add_followup"),
            "next_url": self._link(page=found.page + 1) if found.has_next else "",
            "previous_url": self._link(page=found.page - 1) if found.page > 1 else "",
            "postpone_form": PostponeForm(auto_id="bulk-%s"),
            "reassign_form": _bulk_reassign(),
            "here": self.request.get_full_path(),
            "today": clock.today(),
        }

    def _tabs(self, choices: Any, name: str, current: str, drop: tuple[str, ...]) -> list[dict[str, Any]]:
        empty = dict.fromkeys(drop, "")
        return [
            {"label": choice.label, "url": self._link(**{name: choice.value} | empty), "current": choice == current}
            for choice in choices
        ]

    def _parts(self, found: Agenda, when: str) -> list[dict[str, Any]]:
        return [
            {
                "part": part,
                "current": part.when == when,
                "url": self._link(when="" if part.when == when else part.when.value, page=""),
            }
            for part in found.parts
        ]

    def _link(self, **changed: Any) -> str:
        query = self.request.GET.copy()
        for name, value in changed.items():
            query.pop(name, None)
            if value:
                query[name] = str(value)
        return f"?{query.urlencode()}"


def _bulk_reassign() -> ReassignForm:
    form = ReassignForm(auto_id="bulk-%s")
    form.fields["who"].widget.attrs["form"] = "bulk"  # it stands outside the form it belongs to
    return form


def _one_of(request: HttpRequest, name: str, known: list[str], default: str) -> str:
    asked = request.GET.get(name, default)
    return asked if asked in known else default


class OneFollowUpView(PermissionRequiredMixin, View):
    """Something done to one row: htmx gets the row anew, a browser without script goes back to the list."""

    permission_required = CHANGE
    raise_exception = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, or say why not."""
        follow_up = get_object_or_404(FollowUp.objects.for_list(), pk=pk)
        error = ""
        try:
            with transaction.atomic():
                self.act(follow_up)
        except REFUSALS as refusal:
            error = explain(refusal)
        follow_up = FollowUp.objects.for_list().get(pk=pk)
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "wagtailadmin/work/row.html", self.context(follow_up, error))
        messages.error(request, error) if error else messages.success(request, self.said(follow_up))
        return HttpResponseRedirect(get_valid_next_url_from_request(request) or reverse("work"))

    def act(self, follow_up: FollowUp) -> None:
        """Run the verb."""
        raise NotImplementedError

    def said(self, follow_up: FollowUp) -> str:
        """Return what was done, in a sentence."""
        return ""

    def context(self, follow_up: FollowUp, error: str) -> dict[str, Any]:
        """Give the row what it needs."""
        return {
            "entry": Entry(follow_up, pointers_of([follow_up]).get(follow_up.pk)),
            "error": error,
            "may_change": True,
            "whose": self.request.POST.get("whose", ""),
            "here": get_valid_next_url_from_request(self.request) or reverse("work"),
            "today": clock.today(),
            "next_day": due_after(clock.today(), 7, skips_weekends=True),
            "kind_choices": FollowUpKind.choices,
        }


class DoneView(OneFollowUpView):
    """Done, with how it went."""

    def act(self, follow_up: FollowUp) -> None:
        """Complete it and log the contact."""
        complete(follow_up, by=acting(self.request), outcome=self.request.POST.get("outcome", "").strip()[:4000])

    def said(self, follow_up: FollowUp) -> str:
        """Offer the next step, in words: the page with the form is one click away."""
        return _("Done: “%(what)s”.") % {"what": follow_up}


class UndoView(OneFollowUpView):
    """It was not done after all."""

    def act(self, follow_up: FollowUp) -> None:
        """Open it again."""
        reopen(follow_up, by=acting(self.request))

    def said(self, follow_up: FollowUp) -> str:
        """Say so."""
        return _("Open again: “%(what)s”.") % {"what": follow_up}


class NextView(OneFollowUpView):
    """The step after the one that was done."""

    permission_required = "constituents.add_followup"
    added: FollowUp | None = None

    def act(self, follow_up: FollowUp) -> None:
        """Note it, for whoever did the one before."""
        form = NextStepForm(self.request.POST)
        form.fields["next_subject"].required = True
        if not form.is_valid():
            raise ValidationError([error for errors in form.errors.values() for error in errors])
        step = form.next_step()
        assert step is not None  # noqa: S101 - its subject is required
        self.added = add_follow_up(
            constituent=follow_up.constituent,
            subject=step.subject,
            due_on=step.due_on,
            kind=step.kind,
            owner=follow_up.owner or acting(self.request),
            about=follow_up.about,
            by=acting(self.request),
        )

    def said(self, follow_up: FollowUp) -> str:
        """Name the new one."""
        return _("Next: “%(what)s”.") % {"what": self.added}

    def context(self, follow_up: FollowUp, error: str) -> dict[str, Any]:
        """The row says what was added in place of the offer."""
        return super().context(follow_up, error) | {"added": self.added}


class BulkView(PermissionRequiredMixin, View):
    """Postpone, or hand over, all that was ticked."""

    permission_required = CHANGE
    raise_exception = True

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it row by row, and say what was done and what was not."""
        back = HttpResponseRedirect(get_valid_next_url_from_request(request) or reverse("work"))
        keys = [key for key in request.POST.getlist("id") if key.isdecimal()][:MOST]
        form = PostponeForm(request.POST) if request.POST.get("action") == "postpone" else ReassignForm(request.POST)
        if not keys:
            messages.warning(request, _("Tick at least one follow-up first."))
        elif not form.is_valid():
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        else:
            self._run(request, keys, form.cleaned_data)
        return back

    def _run(self, request: HttpRequest, keys: list[str], chosen: dict[str, Any]) -> None:
        done, refused = 0, []
        with transaction.atomic():
            for follow_up in FollowUp.objects.filter(pk__in=keys).in_order():
                try:
                    with transaction.atomic():
                        if "due_on" in chosen:
                            postpone(follow_up, by=acting(request), due_on=chosen["due_on"])
                        else:
                            who = chosen["who"]
                            reassign(follow_up, by=acting(request), owner=who.owner, team=who.team)
                    done += 1
                except REFUSALS as error:
                    refused.append(explain(error))
        text = ngettext("%(count)d follow-up changed.", "%(count)d follow-ups changed.", done)
        messages.success(request, text % {"count": done})
        for line in refused[:5]:
            messages.warning(request, line)


def addresses() -> list[URLPattern]:
    """The screen and what its buttons call."""
    return [
        path("work/", WorkView.as_view(), name="work"),
        path("work/bulk/", BulkView.as_view(), name="work_bulk"),
        path("work/<int:pk>/done/", DoneView.as_view(), name="work_done"),
        path("work/<int:pk>/undo/", UndoView.as_view(), name="work_undo"),
        path("work/<int:pk>/next/", NextView.as_view(), name="work_next"),
    ]


class WorkMenuItem(MenuItem):
    """The first thing in the menu."""

    def is_shown(self, request: HttpRequest) -> bool:
        """For those who may see follow-ups."""
        return request.user.has_perm(VIEW)


def menu_item() -> MenuItem:
    """Stand at the top of the menu."""
    return WorkMenuItem(gettext_lazy("My work"), reverse("work"), name="work", icon_name="tasks", order=10)


def home_panel(request: HttpRequest) -> dict[str, Any] | None:
    """The first page's part: how much is due, and the next few; None when nothing is."""
    today = clock.today()
    mine = work_of(request.user, Whose.MINE)
    numbers = counts(mine, today)
    if not any(numbers.values()):
        return None
    upcoming = mine.for_list().in_order()[:6]
    return {
        "numbers": [
            (When(name).label, number, f"{reverse('work')}?{urlencode({'when': name})}")
            for name, number in numbers.items()
        ],
        "follow_ups": upcoming,
        "today": today,
        "url": reverse("work"),
    }
