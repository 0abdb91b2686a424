"""How a rule is built: one row for each thing its event knows, each of which may matter or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList, Panel

from constituents.models import Rule
from constituents.segments.forms import BuildsCriteria, CriteriaField
from constituents.work.conditions import TESTS, Condition
from constituents.work.kinds import Event, Fact, FactKind, find_event

ANY = ("", _("does not matter"))


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact on the form: how it is compared, and with what."""

    label: str
    test: BoundField
    value: BoundField | None


class RuleForm(BuildsCriteria, WagtailAdminModelForm):
    """A rule; its event is chosen before the form opens and never changes."""

    criteria = CriteriaField(label=_("And if they are among these"), required=False)

    class Meta(WagtailAdminModelForm.Meta):
        model = Rule
        fields = ["name", "event", "criteria"]
        widgets = {"event": forms.HiddenInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criteria"].limit_to(self.for_user)  # type: ignore[attr-defined]
        name = self.instance.event or (self.data.get("event") if self.is_bound else "") or self.initial.get("event", "")
        self.kind: Event | None = find_event(str(name))
        if self.instance.pk:
            self.fields["event"].disabled = True
        chosen = {condition["fact"]: condition for condition in self.instance.conditions}
        for fact in self.facts:
            self._add_fields(fact, chosen.get(fact.name))

    @property
    def facts(self) -> list[Fact]:
        """What the event knows."""
        return list(self.kind.facts) if self.kind is not None else []

    def _add_fields(self, fact: Fact, chosen: Condition | None) -> None:
        test, value = (chosen["test"], chosen["value"]) if chosen else ("", "")
        label = capfirst(str(fact.label))
        if fact.kind is FactKind.YES_NO:
            answers = [ANY, ("yes", _("yes")), ("no", _("no"))]
            self.fields[f"{fact.name}_test"] = forms.ChoiceField(label=label, choices=answers, required=False)
            self.initial[f"{fact.name}_test"] = value
            return
        tests = [ANY, *((test.value, test.label) for test in TESTS[fact.kind])]
        self.fields[f"{fact.name}_test"] = forms.ChoiceField(label=label, choices=tests, required=False)
        if fact.kind is FactKind.NUMBER:
            field: forms.Field = forms.DecimalField(label=label, required=False, max_digits=15, decimal_places=2)
        else:
            field = forms.ChoiceField(label=label, required=False, choices=[("", "—"), *fact.choices()])
        self.fields[f"{fact.name}_value"] = field
        self.initial.update({f"{fact.name}_test": test, f"{fact.name}_value": value})

    def fact_rows(self) -> list[FactRow]:
        """Return the rows of the form, in the order of the event's facts."""
        return [
            FactRow(
                str(fact.label),
                self[f"{fact.name}_test"],
                self[f"{fact.name}_value"] if f"{fact.name}_value" in self.fields else None,
            )
            for fact in self.facts
        ]

    def clean(self) -> dict[str, Any]:
        """Make conditions of the rows that matter."""
        cleaned = super().clean() or {}
        if find_event(cleaned.get("event") or self.instance.event) is None:
            self.add_error("event", _("Choose what sets the rule off."))
        self.instance.conditions = [
            condition for fact in self.facts if (condition := self._condition(fact, cleaned)) is not None
        ]
        return cleaned

    def _condition(self, fact: Fact, cleaned: dict[str, Any]) -> dict[str, str] | None:
        test, value = cleaned.get(f"{fact.name}_test"), cleaned.get(f"{fact.name}_value")
        if not test:
            return None
        if fact.kind is FactKind.YES_NO:
            return {"fact": fact.name, "test": "is", "value": test}
        if value in (None, ""):
            self.add_error(f"{fact.name}_value", _("Say with what to compare, or choose “does not matter”."))
            return None
        return {"fact": fact.name, "test": test, "value": str(value)}


class RuleLayout(ObjectList):
    """The form's layout. The rows of the facts stand in their own panel, and nowhere a second time."""

    class BoundPanel(ObjectList.BoundPanel):
        def render_missing_fields(self) -> str:
            """Leave nothing to be added at the end."""
            return ""


class ConditionsPanel(Panel):
    """The rows of the event's facts, in the form of a rule."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtailadmin/work/conditions.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Give the template the rows."""
            return super().get_context_data(parent_context) | {"rows": self.form.fact_rows(), "kind": self.form.kind}
