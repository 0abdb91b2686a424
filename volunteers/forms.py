"""What the coordinator fills in: who comes, a weekly pattern, hours."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput

from core import clock
from core.staff.verbs import ReasonForm
from volunteers.models import Opportunity, SignUp
from volunteers.services.shifts import WeeklyPattern


def volunteer_field(**options: Any) -> forms.Field:
    """Return a field to choose a person with, as every other staff form has it."""
    return formfield_for_dbfield(SignUp._meta.get_field("volunteer"), **options)


class SignUpForm(forms.Form):
    """Who comes; and, when they have another shift at that time, why all the same."""

    field_order = ["volunteer"]
    wait_if_full = forms.BooleanField(
        label=_("Put them on the waiting list when the shift is full"), required=False, initial=True
    )
    override_reason = forms.CharField(
        label=_("Why despite another shift"),
        required=False,
        max_length=255,
        help_text=_("Only when they have another shift at that time."),
    )
    tell_them = forms.BooleanField(label=_("Confirm by e-mail"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["volunteer"] = volunteer_field(label=_("Who"))
        self.order_fields(self.field_order)


class CancelSignUpForm(forms.Form):
    """Why, when they said."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=255)


class CancelShiftForm(ReasonForm):
    """Why, in words that may be read by those who meant to come."""

    reason = forms.CharField(label=_("Reason"), max_length=255, help_text=_("Stands in the e-mail and in the history."))
    tell_them = forms.BooleanField(label=_("Tell everyone signed up by e-mail"), required=False, initial=True)


class WeeklyForm(forms.Form):
    """A weekly pattern between two days, with exceptions."""

    opportunity = forms.ModelChoiceField(label=_("Opportunity"), queryset=Opportunity.objects.open())
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On"), choices=list(WEEKDAYS.items()), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    starts = forms.TimeField(label=_("From"), widget=AdminTimeInput)
    ends = forms.TimeField(
        label=_("Until"), widget=AdminTimeInput, help_text=_("Earlier than it begins: on the next day.")
    )
    first = forms.DateField(label=_("First day"), widget=AdminDateInput)
    last = forms.DateField(label=_("Last day"), widget=AdminDateInput)
    exceptions = forms.CharField(
        label=_("But not on"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Holidays and the like: dates such as 2026-12-25, one after the other."),
    )
    capacity = forms.IntegerField(label=_("Room for"), min_value=1, max_value=10_000, initial=5)
    minimum = forms.IntegerField(label=_("Needs at least"), min_value=0, max_value=10_000, initial=1)
    notes = forms.CharField(label=_("Notes"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"].initial = clock.today()

    def clean_exceptions(self) -> frozenset[dt.date]:
        """Read each date; name the one that is none."""
        return frozenset(_dates(self.cleaned_data["exceptions"]))

    def clean(self) -> dict[str, Any]:
        """Refuse what runs backwards."""
        data = super().clean() or {}
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("The last day is before the first."))
        if data.get("capacity") is not None and data.get("minimum") is not None and data["minimum"] > data["capacity"]:
            self.add_error("minimum", _("It needs more people than it has room for."))
        return data

    def pattern(self) -> WeeklyPattern:
        """Return what was filled in."""
        data = self.cleaned_data
        return WeeklyPattern(**{name: data[name] for name in data if name != "opportunity"})


def _dates(typed: str) -> Iterator[dt.date]:
    for word in re.split(r"[\s,;]+", typed.strip()):
        if word:
            yield _date(word)


def _date(word: str) -> dt.date:
    for written in ("%Y-%m-%d", *get_format("DATE_INPUT_FORMATS")):
        try:
            return dt.datetime.strptime(word, written).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise forms.ValidationError(_("“%(word)s” is not a date we can read."), params={"word": word})


class LogHoursForm(forms.Form):
    """Who, what, when, for how long."""

    field_order = ["volunteer"]
    opportunity = forms.ModelChoiceField(label=_("Opportunity"), queryset=Opportunity.objects.all())
    worked_on = forms.DateField(label=_("Day"), widget=AdminDateInput)
    hours = forms.DecimalField(
        label=_("Hours"), min_value=Decimal("0.25"), max_value=Decimal(24), max_digits=5, decimal_places=2
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=255)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["volunteer"] = volunteer_field(label=_("Volunteer"))
        self.fields["worked_on"].initial = clock.today()
        self.order_fields(self.field_order)
