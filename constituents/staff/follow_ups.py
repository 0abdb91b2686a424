"""Follow-ups: everyone's in one list, one on its page, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList

from accounts.models import User
from constituents.models import Constituent, FollowUp, FollowUpState, Priority
from constituents.work.agenda import PAGE
from constituents.work.follow_ups import add_follow_up, change_follow_up, complete, drop, postpone, reopen
from constituents.work.forms import CompleteForm, FollowUpForm, PostponeForm, Who, staff
from constituents.work.pointers import pointers_of
from core import clock
from core.staff.asked import acting, record_asked_for
from core.staff.columns import DateColumn, FieldColumn, LinkColumn, StatusChipColumn
from core.staff.parts import Chip, Panel
from core.staff.records import RecordView
from core.staff.verbs import ReasonForm, VerbView
from core.staff.views import StaffCreateView
from core.staff.viewsets import StaffViewSet

TONES = {FollowUpState.OPEN: "waiting", FollowUpState.DONE: "good", FollowUpState.DROPPED: "quiet"}


def add_from_form(*, by: User | None, who: Who, **cleaned: Any) -> FollowUp:
    """Add what the form holds."""
    return add_follow_up(by=by, owner=who.owner, team=who.team, **cleaned)


def change_from_form(follow_up: FollowUp, *, by: User | None, **changed: Any) -> FollowUp:
    """Change what the form changed."""
    if "who" in changed:
        who = changed.pop("who")
        changed |= {"owner": who.owner, "team": who.team}
    return change_follow_up(follow_up, by=by, **changed)


def person_url(row: Any) -> str:
    """Return the page of the constituent a row is about."""
    return reverse("constituents:inspect", args=[row.constituent_id])


class FollowUpFilters(WagtailFilterSet):
    """What the list can be narrowed to."""

    owner = django_filters.ModelChoiceFilter(label=_("Who"), queryset=lambda request: staff())

    class Meta:
        model = FollowUp
        fields = ["state", "kind", "priority", "owner", "team"]


class FollowUpCreateView(StaffCreateView):
    """Add a follow-up, for the constituent whose page one comes from, and for oneself."""

    object: FollowUp

    def get_initial(self) -> dict[str, Any]:
        """Begin with what the address asks for."""
        known = record_asked_for(self.request, "constituent", Constituent.objects.current())
        return super().get_initial() | {"constituent": known, "who": Who(owner=acting(self.request))}

    def get_success_url(self) -> str:
        """Go back to the person."""
        return reverse("constituents:inspect", args=[self.object.constituent_id])


class OpenOnly(VerbView):
    """A verb of what is still to be done."""

    @classmethod
    def refusal(cls, follow_up: FollowUp) -> Any:
        """Nothing is done twice."""
        return "" if follow_up.is_open else _("This follow-up is finished already.")

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """With whom, and by when."""
        return [(_("With"), self.object.constituent), (_("Due"), self.object.due_on), (_("Note"), self.object.note)]


class CompleteView(OpenOnly):
    """Done: how it went, and what is next."""

    title = _("Done")
    question = _("Done: %(object)s")
    icon = "check"
    priority = 5
    form_class = CompleteForm
    success_message = _("Done: “%(object)s”.")

    def get_initial(self) -> dict[str, Any]:
        """The next step is most often of the same kind."""
        return super().get_initial() | {"next_kind": self.object.kind}

    def run(self, form: CompleteForm) -> FollowUp:  # type: ignore[override]
        """Complete, and note the next step."""
        cleaned = form.cleaned_data
        return complete(
            self.object, by=self.acting, outcome=cleaned["outcome"], log=cleaned["log"], next_step=form.next_step()
        )


class PostponeView(OpenOnly):
    """Put it off."""

    verb = staticmethod(postpone)
    title = _("Postpone")
    question = _("Until when is “%(object)s” put off?")
    explanation = _("What follows it in its plan moves along.")
    icon = "calendar"
    priority = 10
    form_class = PostponeForm
    success_message = _("“%(object)s” has a new day.")


class DropView(OpenOnly):
    """It will not be done."""

    verb = staticmethod(drop)
    title = _("Drop")
    question = _("Drop “%(object)s”?")
    explanation = _("It stays on record as dropped, with the reason.")
    icon = "cross"
    danger = True
    priority = 30
    form_class = ReasonForm
    success_message = _("“%(object)s” is dropped.")


class ReopenView(VerbView):
    """It is to be done after all."""

    verb = staticmethod(reopen)
    title = _("Open again")
    question = _("Open “%(object)s” again?")
    explanation = _("Contact that was logged stays on the timeline.")
    icon = "rotate"
    priority = 5
    success_message = _("“%(object)s” is open again.")

    @classmethod
    def refusal(cls, follow_up: FollowUp) -> Any:
        """What is open cannot be opened."""
        return _("This follow-up is open.") if follow_up.is_open else ""


class FollowUpRecordView(RecordView):
    """One follow-up: what, with whom, how it went, and its place in a plan."""

    def subtitle(self) -> str:
        """The kind."""
        return self.object.get_kind_display()

    def chips(self) -> Iterable[Chip]:
        """Where it stands."""
        yield Chip(self.object.get_state_display(), TONES[FollowUpState(self.object.state)])
        if self.object.is_open and self.object.due_on < clock.today():
            yield Chip(_("Overdue"), "wrong")
        if self.object.priority == Priority.HIGH:
            yield Chip(_("High"), "wrong")
        if self.object.is_open and self.object.escalated_at:
            yield Chip(_("Escalated"), "waiting")

    def panels(self) -> Iterable[Panel]:
        """The facts, and the other steps of its plan."""
        panels = [Panel("facts", "", "wagtailadmin/work/follow_up.html", self._facts)]
        if self.object.run_id:
            panels.append(Panel("steps", _("The plan"), "wagtailadmin/work/steps.html", self._steps))
        return panels

    def _facts(self, follow_up: FollowUp) -> dict[str, Any]:
        return {"about": pointers_of([follow_up]).get(follow_up.pk)}

    def _steps(self, follow_up: FollowUp) -> dict[str, Any]:
        return {"run": follow_up.run, "steps": FollowUp.objects.filter(run=follow_up.run).for_list().in_order()[:PAGE]}


class FollowUpViewSet(StaffViewSet):
    """Follow-ups."""

    model = FollowUp
    icon = "tasks"
    menu_label = _("Follow-ups")
    add_view_class = FollowUpCreateView
    delete_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = FollowUpRecordView
    list_display = [
        "subject",
        LinkColumn("constituent", label=_("With"), get_url=person_url),
        FieldColumn("get_kind_display", label=_("Kind"), sort_key="kind"),
        DateColumn("due_on", label=_("Due"), sort_key="due_on"),
        FieldColumn("whose", label=_("Who")),
        StatusChipColumn("state", tones=TONES),
    ]
    filterset_class = FollowUpFilters
    list_export = ["subject", "kind", "constituent", "due_on", "whose", "priority", "state", "outcome", "closed_at"]
    search_fields = ["subject", "note", "outcome", "constituent__display_name"]
    select_related = ["constituent", "owner", "team", "run__plan"]
    ordering = ["due_on", "priority", "pk"]
    edit_handler = ObjectList(
        [
            FieldPanel("constituent"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("subject")]),
            FieldRowPanel([FieldPanel("due_on"), FieldPanel("who"), FieldPanel("priority")]),
            FieldPanel("note", widget=forms.Textarea(attrs={"rows": 3})),
        ],
        base_form_class=FollowUpForm,
    )
    verbs = {"create": add_from_form, "edit": change_from_form}
    verb_views = {"done": CompleteView, "postpone": PostponeView, "drop": DropView, "reopen": ReopenView}
    empty_message = _("A follow-up is the next step with somebody: “Call to say thank you”. Add the first one.")
