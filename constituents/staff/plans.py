"""Plans and their runs: what is done with everyone to whom the same thing has happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.widgets import AdminDateInput

from constituents.models import Constituent, FollowUp, Plan, PlanRun, RunState
from constituents.staff.follow_ups import person_url
from constituents.staff.page import page_of
from constituents.staff.people import constituent_viewset
from constituents.work.plans import dates_of, move_plan, start_plan, stop_plan
from core import clock
from core.staff.asked import record_asked_for
from core.staff.bulk import StaffBulkAction
from core.staff.columns import BooleanColumn, DateColumn, LinkColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Chip, Panel
from core.staff.records import RecordView
from core.staff.verbs import ReasonForm, VerbView
from core.staff.viewsets import StaffViewSet

START = "constituents.start_plan"
RUN_TONES = {RunState.RUNNING: "waiting", RunState.FINISHED: "good"}


def constituent_field() -> forms.Field:
    """Return a field to choose a constituent with, as every other staff form has it."""
    return formfield_for_dbfield(FollowUp._meta.get_field("constituent"), label=_("For whom"))


class StartDayForm(forms.Form):
    """From which day."""

    starts_on = forms.DateField(
        label=_("Starts"), widget=AdminDateInput, help_text=_("The days of its steps are counted from here.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = clock.today()


class StartForOneForm(StartDayForm):
    """For whom, from which day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["constituent"] = constituent_field()
        self.order_fields(["constituent", "starts_on"])


class ChoosePlanForm(StartDayForm):
    """Which plan, from which day."""

    plan = forms.ModelChoiceField(label=_("Plan"), queryset=Plan.objects.filter(is_active=True))
    field_order = ["plan", "starts_on"]


class StartPlanView(VerbView):
    """Start this plan for somebody."""

    permission = START
    title = _("Start for somebody")
    question = _("Start “%(object)s” for whom?")
    explanation = _(
        "All its steps are written at once, each with its day; they stand on “My work” of whoever does them."
    )
    submit_label = _("Start")
    icon = "plus"
    priority = 5
    form_class = StartForOneForm
    success_message = _("“%(object)s” is started.")

    @classmethod
    def refusal(cls, plan: Plan) -> Any:
        """Only what is in use starts."""
        return "" if plan.is_active else _("This plan is not in use.")

    def run(self, form: StartForOneForm) -> PlanRun:  # type: ignore[override]
        """Start it."""
        cleaned = form.cleaned_data
        return start_plan(self.object, cleaned["constituent"], by=self.acting, starts_on=cleaned["starts_on"])


class StartForPersonView(VerbView):
    """Start a plan for the person whose page one comes from."""

    permission = START
    needs_object = False
    title = _("Start a plan")
    question = _("Start which plan for %(person)s?")
    submit_label = _("Start")
    icon = "plus"
    form_class = ChoosePlanForm
    success_message = _("The plan is started for %(person)s.")

    def words(self) -> dict[str, Any]:
        """Name the person."""
        return super().words() | {"person": self.person or _("nobody")}

    @property
    def person(self) -> Constituent | None:
        """Whom the address asks for."""
        return record_asked_for(self.request, "constituent", Constituent.objects.current())

    def run(self, form: ChoosePlanForm) -> PlanRun:  # type: ignore[override]
        """Start it."""
        if self.person is None:
            raise ValidationError(_("Open this from a person’s page."))
        cleaned = form.cleaned_data
        return start_plan(cleaned["plan"], self.person, by=self.acting, starts_on=cleaned["starts_on"])

    def get_success_url(self) -> str:
        """Go back to the person."""
        return page_of(self.person) if self.person else super().get_success_url()


class StartPlanForMany(StaffBulkAction):
    """Start a plan for everyone who is ticked."""

    viewset = constituent_viewset
    permission = START
    action_type = "start_plan"
    display_name = _("Start a plan")
    question = _("Start a plan for all of them?")
    explanation = _("For whom it is running already it is not started again.")
    form_class = ChoosePlanForm

    @staticmethod
    def verb(constituent: Constituent, *, by: Any, plan: Plan, starts_on: Any) -> PlanRun:
        """Start it for one."""
        return start_plan(plan, constituent, by=by, starts_on=starts_on)


class PlanRecordView(RecordView):
    """A plan: its steps with the days they would be due, and for whom it runs."""

    def chips(self) -> Iterable[Chip]:
        """Whether it is in use."""
        yield Chip(_("In use"), "good") if self.object.is_active else Chip(_("Not in use"))

    def panels(self) -> Iterable[Panel]:
        """The steps and the runs."""
        return [
            Panel("steps", _("Steps"), "wagtailadmin/work/plan_steps.html", self._steps),
            Panel("runs", _("Started for"), "wagtailadmin/work/plan_runs.html", self._runs),
        ]

    def _steps(self, plan: Plan) -> dict[str, Any]:
        steps = list(plan.steps.select_related("person", "team").order_by("sort_order", "pk"))
        days = dates_of(steps, clock.today(), skips_weekends=plan.skips_weekends)
        return {"steps": list(zip(steps, days, strict=True)), "today": clock.today()}

    def _runs(self, plan: Plan) -> dict[str, Any]:
        return {"runs": plan.runs.select_related("constituent")[:20]}


class PlanViewSet(StaffViewSet):
    """Plans."""

    model = Plan
    icon = "list-ol"
    menu_area = Area.PEOPLE
    menu_order = 60
    inspect_view_enabled = True
    inspect_view_class = PlanRecordView
    list_display = [
        "name",
        BooleanColumn("is_active", label=_("In use")),
        BooleanColumn("skips_weekends", label=_("No weekends")),
    ]
    list_filter = ["is_active"]
    search_fields = ["name", "description"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("description", widget=forms.Textarea(attrs={"rows": 2})),
            FieldRowPanel([FieldPanel("skips_weekends"), FieldPanel("is_active")]),
            InlinePanel(
                "steps",
                heading=_("Steps"),
                label=_("Step"),
                help_text=_("In their order. A step counted from the step before moves when that one moves."),
                panels=[
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("subject")]),
                    FieldRowPanel([FieldPanel("days"), FieldPanel("anchor"), FieldPanel("priority")]),
                    FieldRowPanel([FieldPanel("assign_to"), FieldPanel("person"), FieldPanel("team")]),
                    FieldPanel("note", widget=forms.Textarea(attrs={"rows": 2})),
                ],
            ),
        ]
    )
    verb_views = {"start": StartPlanView}
    empty_message = _(
        "A plan is what you do with everyone to whom the same thing happens: “New donor: call in 2 days, letter in 7, "
        "visit in 30”. Add your first one."
    )


class RunVerb(VerbView):
    """A verb about a plan as it runs for somebody."""

    permission = START

    @classmethod
    def refusal(cls, run: PlanRun) -> Any:
        """Only what runs can be stopped or moved."""
        return "" if run.state == RunState.RUNNING else _("This plan is not running any more.")


class StopPlanView(RunVerb):
    """Stop a run."""

    verb = staticmethod(stop_plan)
    title = _("Stop")
    question = _("Stop “%(object)s”?")
    explanation = _("What is done stays done; what is still to do is dropped.")
    icon = "cross"
    danger = True
    form_class = ReasonForm
    success_message = _("Stopped.")


class MovePlanView(RunVerb):
    """Have it start on another day."""

    verb = staticmethod(move_plan)
    title = _("Move")
    question = _("From which day should “%(object)s” run?")
    explanation = _("Every step that is still open moves along.")
    icon = "calendar"
    priority = 10
    form_class = StartDayForm
    success_message = _("Moved.")


class PlanRunRecordView(RecordView):
    """A plan as it runs for somebody."""

    def chips(self) -> Iterable[Chip]:
        """Where it stands."""
        yield Chip(self.object.get_state_display(), RUN_TONES.get(RunState(self.object.state), "quiet"))

    def panels(self) -> Iterable[Panel]:
        """Its steps."""
        return [Panel("steps", _("Steps"), "wagtailadmin/work/steps.html", self._steps)]

    def side_panels(self) -> Iterable[Panel]:
        """With whom, and why it was stopped."""
        facts = [(_("With"), self.object.constituent), (_("Started by"), self.object.started_by or _("a rule"))]
        if self.object.reason:
            facts.append((_("Why it was stopped"), self.object.reason))
        return [Panel("facts", _("About"), "wagtailadmin/steward/panels/facts.html", lambda run: {"facts": facts})]

    def _steps(self, run: PlanRun) -> dict[str, Any]:
        return {"run": run, "steps": run.follow_ups.for_list().in_order()}


class PlanRunViewSet(StaffViewSet):
    """Plans as they run."""

    model = PlanRun
    form_fields = ["starts_on"]
    icon = "list-ol"
    add_view_enabled = edit_view_enabled = delete_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = PlanRunRecordView
    select_related = ["plan", "constituent", "started_by"]
    list_display = [
        "plan",
        LinkColumn("constituent", label=_("With"), get_url=person_url),
        DateColumn("starts_on"),
        StatusChipColumn("state", tones=RUN_TONES),
    ]
    list_filter = ["state", "plan"]
    search_fields = ["constituent__display_name", "plan__name"]
    verb_views = {"start": StartForPersonView, "move": MovePlanView, "stop": StopPlanView}
    empty_message = _("No plan was started yet. Start one from a person’s page, from a plan, or by a rule.")
