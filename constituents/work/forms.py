"""How follow-ups are asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from accounts.models import User
from constituents.models import FollowUp, FollowUpKind
from constituents.models.follow_up import works_here
from constituents.work.dates import due_after
from constituents.work.follow_ups import NextStep
from core import clock


def staff() -> QuerySet[User]:
    """Return who works here: whoever may open the workspace."""
    keys = User.objects.filter(works_here()).values("pk")
    return User.objects.filter(pk__in=keys).order_by("first_name", "last_name", "email")


@dataclass(frozen=True, slots=True)
class Who:
    """One person, one team, or nobody yet."""

    owner: User | None = None
    team: Group | None = None

    @property
    def key(self) -> str:
        """As the form says it."""
        if self.owner is not None:
            return f"user:{self.owner.pk}"
        return f"team:{self.team.pk}" if self.team is not None else ""


class WhoField(forms.ChoiceField):
    """Who does it: one list of people and teams. Cleans to a Who."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Who"))
        super().__init__(choices=self._all, required=False, **kwargs)

    @staticmethod
    def _all() -> list[Any]:
        people = [(f"user:{user.pk}", str(user)) for user in staff()]
        teams = [(f"team:{team.pk}", team.name) for team in Group.objects.order_by("name")]
        return [("", _("Nobody yet")), (_("People"), people), (_("Teams"), teams)]

    def prepare_value(self, value: Any) -> Any:
        """Show a Who as its key."""
        return value.key if isinstance(value, Who) else value

    def clean(self, value: Any) -> Who:
        """Return who was chosen. Raises ValidationError for somebody who is not there."""
        chosen = super().clean(value)
        kind, _colon, key = str(chosen or "").partition(":")
        if kind == "user":
            return Who(owner=staff().get(pk=key))
        return Who(team=Group.objects.get(pk=key)) if kind == "team" else Who()

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare keys."""
        return super().has_changed(self.prepare_value(initial), data)


class FollowUpForm(WagtailAdminModelForm):
    """A follow-up, as staff add and change it."""

    who = WhoField(help_text=_("One person, or a team: whoever of them comes first takes it."))

    class Meta(WagtailAdminModelForm.Meta):
        model = FollowUp
        fields = ["constituent", "kind", "subject", "due_on", "priority", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["who"] = Who(self.instance.owner, self.instance.team)
            self.fields["constituent"].disabled = True
        else:
            self.initial.setdefault("due_on", due_after(clock.today(), 7, skips_weekends=True))


class NextStepForm(forms.Form):
    """What is to be done after this; empty when nothing is."""

    next_subject = forms.CharField(label=_("What next?"), required=False, max_length=255)
    next_kind = forms.ChoiceField(label=_("Kind"), choices=FollowUpKind.choices, required=False)
    next_due_on = forms.DateField(label=_("When"), required=False, widget=AdminDateInput)

    def clean(self) -> dict[str, Any]:
        """A next step has its day."""
        cleaned = super().clean() or {}
        if cleaned.get("next_subject") and not cleaned.get("next_due_on") and "next_due_on" not in self.errors:
            self.add_error("next_due_on", ValidationError(_("Say when.")))
        return cleaned

    def next_step(self) -> NextStep | None:
        """Return the next step, or None when nothing is to be done."""
        cleaned = self.cleaned_data
        if not cleaned.get("next_subject"):
            return None
        kind = cleaned.get("next_kind") or FollowUpKind.CALL
        return NextStep(cleaned["next_subject"], cleaned["next_due_on"], kind)


class CompleteForm(NextStepForm):
    """How it went, and what is next."""

    outcome = forms.CharField(
        label=_("How did it go?"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    log = forms.BooleanField(
        label=_("Log it as contact"),
        required=False,
        initial=True,
        help_text=_("It then stands on the person’s timeline; a task never does."),
    )
    field_order = ["outcome", "log", "next_subject", "next_kind", "next_due_on"]


class PostponeForm(forms.Form):
    """Until when."""

    due_on = forms.DateField(label=_("New day"), widget=AdminDateInput)

    def clean_due_on(self) -> dt.date:
        """Nothing is put off into the past."""
        day = self.cleaned_data["due_on"]
        if day < clock.today():
            raise ValidationError(_("Choose today or a later day."))
        return day


class ReassignForm(forms.Form):
    """To whom."""

    who = WhoField(label=_("Give to"))
