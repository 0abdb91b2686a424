"""Rules: built in plain words, tried out on the past month, switched on, and their log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel

from accounts.models import User
from constituents.errors import RuleActionError
from constituents.models import Rule, RuleOutcome, RuleRun
from constituents.work.actions import in_words as action_in_words
from constituents.work.conditions import criteria_in_words, in_words
from constituents.work.dry_run import dry_run
from constituents.work.kinds import events, find_event
from constituents.work.rule_form import ConditionsPanel, RuleForm, RuleLayout
from core import audit
from core.staff.columns import BooleanColumn, FieldColumn, LinkColumn, MomentColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Chip, Panel, Text
from core.staff.records import RecordView
from core.staff.verbs import VerbView
from core.staff.views import StaffCreateView, StaffEditView
from core.staff.viewsets import StaffViewSet

OUTCOME_TONES = {RuleOutcome.DONE: "good", RuleOutcome.FAILED: "wrong"}
# What the record page shows of the log.
SHOWN = 30


def event_in_words(rule: Rule) -> Text:
    """Return what sets the rule off."""
    kind = find_event(rule.event)
    return kind.label if kind else rule.event


def sentence_of(rule: Rule) -> dict[str, Any]:
    """Return the parts of the sentence a rule is: when, if, and, then."""
    kind = find_event(rule.event)
    facts = {fact.name: fact for fact in kind.facts} if kind else {}
    return {
        "event": kind.label if kind else rule.event,
        "help_text": kind.help_text if kind else _("No part of Steward announces this event any more."),
        "conditions": [in_words(facts[c["fact"]], c) for c in rule.conditions if c["fact"] in facts],
        "criteria": criteria_in_words(rule.criteria),
        "actions": [action_in_words(action) for action in rule.actions.select_related("plan", "tag", "person", "team")],
    }


class BuildsRule:
    """A form view whose builder's buttons show the form again, without a word of error."""

    form: RuleForm | None

    def form_invalid(self, form: RuleForm) -> HttpResponse:
        """Say what is wrong, unless it is still being built."""
        if not form.is_building:
            return super().form_invalid(form)  # type: ignore[misc]
        self.form = form
        return self.render_to_response(self.get_context_data(form=form))  # type: ignore[attr-defined]


class RuleEditView(BuildsRule, StaffEditView):
    """Change a rule."""


class RuleCreateView(BuildsRule, StaffCreateView):
    """A new rule: first what sets it off, then the rest."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for the event before anything else."""
        if find_event(request.GET.get("event", "")) is None:
            return render(request, "wagtailadmin/work/events.html", self._choice())
        return super().get(request, *args, **kwargs)

    def _choice(self) -> dict[str, Any]:
        self.form = None
        crumbs = [*self.breadcrumbs_items, {"url": reverse("rules:index"), "label": _("Rules")}]
        return {
            "events": events(),
            "view": self,
            "page_title": _("New rule"),
            "header_title": _("New rule"),
            "header_icon": "resubmit",
            "breadcrumbs_items": [*crumbs, {"url": "", "label": _("New rule")}],
        }

    def get_initial(self) -> dict[str, Any]:
        """Begin with the event that was chosen."""
        return super().get_initial() | {"event": self.request.GET.get("event", "")}


@transaction.atomic
def switch(rule: Rule, *, by: User | None, on: bool) -> Rule:
    """Have a rule act from now on, or no more. Raises RuleActionError for one that does nothing."""
    locked = Rule.objects.select_for_update().get(pk=rule.pk)
    if on and not locked.actions.exists():
        raise RuleActionError(_("This rule does nothing yet: edit it and add an action."))
    locked.is_active = on
    locked.save(update_fields=["is_active"])
    audit.record("rule.switched_on" if on else "rule.switched_off", locked, by=by, new={"is_active": on})
    return locked


class SwitchOnView(VerbView):
    """Let it act."""

    permission = "constituents.change_rule"
    title = _("Switch on")
    question = _("Switch “%(object)s” on?")
    explanation = _("From now on it acts on whatever happens. What happened before stays as it is.")
    icon = "check"
    priority = 5
    success_message = _("“%(object)s” is on.")

    @classmethod
    def refusal(cls, rule: Rule) -> Any:
        """Once is enough."""
        return _("This rule is on already.") if rule.is_active else ""

    def run(self, form: forms.BaseForm) -> Rule:
        """Switch it on."""
        return switch(self.object, by=self.acting, on=True)


class SwitchOffView(VerbView):
    """Keep it from acting."""

    permission = "constituents.change_rule"
    title = _("Switch off")
    question = _("Switch “%(object)s” off?")
    explanation = _("It acts on nothing that happens from now on. What it did stays, and so does its log.")
    icon = "cross"
    priority = 5
    success_message = _("“%(object)s” is off.")

    @classmethod
    def refusal(cls, rule: Rule) -> Any:
        """Once is enough."""
        return "" if rule.is_active else _("This rule is off already.")

    def run(self, form: forms.BaseForm) -> Rule:
        """Switch it off."""
        return switch(self.object, by=self.acting, on=False)


class RuleRecordView(RecordView):
    """A rule as a sentence, what it did, and what it would have done."""

    def chips(self) -> Iterable[Chip]:
        """On or off."""
        yield Chip(_("On"), "good") if self.object.is_active else Chip(_("Off"))

    def tabs(self) -> Sequence[tuple[str, Text]]:
        """What it did, and what it would have done."""
        return [("log", _("What it did")), ("try", _("Try it on the past month"))]

    def panels(self) -> Iterable[Panel]:
        """The sentence, and the open tab."""
        sentence = Panel("sentence", "", "wagtailadmin/work/rule_sentence.html", sentence_of)
        if self.tab == "try":
            return [sentence, Panel("try", _("Tried out"), "wagtailadmin/work/rule_try.html", self._try)]
        return [sentence, Panel("log", _("Log"), "wagtailadmin/work/rule_log.html", self._log)]

    def _log(self, rule: Rule) -> dict[str, Any]:
        return {"runs": rule.runs.select_related("event__constituent")[:SHOWN]}

    def _try(self, rule: Rule) -> dict[str, Any]:
        return {"run": dry_run(rule)}


class RuleViewSet(StaffViewSet):
    """Rules."""

    model = Rule
    icon = "resubmit"
    menu_area = Area.PEOPLE
    menu_order = 61
    add_view_class = RuleCreateView
    edit_view_class = RuleEditView
    inspect_view_enabled = True
    inspect_view_class = RuleRecordView
    list_display = [
        "name",
        FieldColumn("event", label=_("When"), accessor=event_in_words),
        BooleanColumn("is_active", label=_("On"), sort_key="is_active"),
    ]
    list_filter = ["is_active"]
    search_fields = ["name"]
    edit_handler = RuleLayout(
        [
            FieldPanel("name"),
            FieldPanel("event", classname="w-hidden"),
            ConditionsPanel(heading=_("If the event is so")),
            FieldPanel("criteria"),
            InlinePanel(
                "actions",
                heading=_("Then"),
                label=_("Action"),
                min_num=1,
                panels=[
                    FieldPanel("kind"),
                    FieldRowPanel([FieldPanel("plan"), FieldPanel("tag")]),
                    FieldRowPanel([FieldPanel("follow_up_kind"), FieldPanel("subject")]),
                    FieldPanel(
                        "text",
                        widget=forms.Textarea(attrs={"rows": 3}),
                        help_text=_("In an e-mail {first_name}, {name} and {organisation} are filled in."),
                    ),
                    FieldRowPanel([FieldPanel("days"), FieldPanel("priority"), FieldPanel("purpose")]),
                    FieldRowPanel([FieldPanel("assign_to"), FieldPanel("person"), FieldPanel("team")]),
                ],
            ),
        ],
        base_form_class=RuleForm,
    )
    verb_views = {"on": SwitchOnView, "off": SwitchOffView}
    empty_message = _(
        "A rule acts by itself: “When a gift is posted, if it is at least 500 and their first, start the plan New "
        "donor”. Add your first one and try it out on the past month."
    )


class RuleRunViewSet(StaffViewSet):
    """What rules did, and why they did not."""

    model = RuleRun
    icon = "list-ul"
    form_fields = ["why"]
    add_view_enabled = edit_view_enabled = delete_view_enabled = False
    select_related = ["rule", "event__constituent"]
    list_display = [
        MomentColumn("at"),
        LinkColumn("rule", get_url=lambda run: reverse("rules:inspect", args=[run.rule_id])),
        LinkColumn(
            "event.constituent",
            label=_("With"),
            get_url=lambda run: reverse("constituents:inspect", args=[run.event.constituent_id]),
        ),
        StatusChipColumn("outcome", tones=OUTCOME_TONES),
        FieldColumn("what_came_of_it", label=_("What was done, or why not")),
    ]
    list_filter = ["rule", "outcome"]
    search_fields = ["event__constituent__display_name", "why"]
    empty_message = _("No rule has met an event yet.")
