"""CriteriaField: conditions put together in any form, by keyboard, with or without script.

    class RuleForm(BuildsCriteria, forms.Form):
        criteria = CriteriaField(label=_("If"), required=False)

    form.fields["criteria"].limit_to(request.user)   # only what the user may ask by

Each press adds, removes or changes a part and shows the form again with everything typed. With script the same answer
is fetched from `segment_criteria` and put in place, with how many it finds by now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from constituents.errors import CriteriaError
from constituents.segments.building import Draft, read_draft
from constituents.segments.criteria import Criterion
from constituents.segments.preview import preview_of
from constituents.segments.registry import all_criteria, criteria_for
from constituents.segments.tree import EVERYONE, parse


class CriteriaWidget(forms.Widget):
    """The builder."""

    template_name = "wagtailadmin/people/segments/builder.html"

    class Media:
        js = [forms.Script("js/criteria.js", type="module")]

    #: The criteria on offer; None: all there are.
    known: Mapping[str, Criterion] | None = None
    #: What is wrong, by place.
    faults: Mapping[str, str] = {}
    #: Whether to say how many are found by now.
    with_preview = True
    one_per_household = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the conditions as they stand on the form, finished or not."""
        self.one_per_household = data.get("one_per_household") in ("on", "true", "True", True)
        if f"{name}-n" in data:
            return read_draft(data, name, self.known_now)
        given = data.get(name)
        if isinstance(given, str):
            try:
                return json.loads(given)
            except ValueError:
                return given
        return given

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """An empty builder is an answer."""
        return f"{name}-n" not in data and name not in data

    @property
    def known_now(self) -> Mapping[str, Criterion]:
        """The criteria on offer now."""
        return all_criteria() if self.known is None else self.known

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Give the template the conditions as rows, and what they find."""
        known = self.known_now
        value = value if isinstance(value, dict) and "of" in value else EVERYONE
        found = None
        if self.with_preview:
            found = preview_of(value, known, one_per_household=self.one_per_household)
        return super().get_context(name, None, attrs) | {
            "name": name,
            "root": Draft(name, known, self.faults).group(value),
            "url": reverse("segment_criteria"),
            "preview": found,
            "with_preview": self.with_preview,
            "fault": self.faults.get("", ""),
        }

    def use_required_attribute(self, initial: Any) -> bool:
        """It is many fields."""
        return False

    def id_for_label(self, id_: str) -> str:
        """A label names the whole."""
        return ""


class CriteriaField(forms.Field):
    """Conditions, as JSON. Its value is always one that `matching()` can answer."""

    widget = CriteriaWidget
    default_error_messages = {"required": _("Add at least one condition.")}

    def limit_to(self, user: Any) -> None:
        """Offer and accept only what the user may ask by."""
        self.widget.known = criteria_for(user)

    def clean(self, value: Any) -> dict[str, Any]:
        """Return the conditions. Raises ValidationError with every fault and its place."""
        value = deepcopy(EVERYONE) if value in (None, "") else value
        try:
            parse(value, known=self.widget.known)
        except CriteriaError as error:
            self.widget.faults = error.faults
            raise ValidationError(str(error)) from error
        if self.required and not value["of"]:
            raise ValidationError(self.error_messages["required"], code="required")
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is asked, not how it is written."""
        return _canonical(initial or EVERYONE) != _canonical(data or EVERYONE)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


class BuildsCriteria(forms.BaseForm):
    """A form with a builder: the press of a button of it is not the form's own, and finds nothing wrong yet."""

    @property
    def is_building(self) -> bool:
        """Whether a button of a builder was pressed."""
        names = [name for name, field in self.fields.items() if isinstance(field, CriteriaField)]
        return self.is_bound and any(f"{self.add_prefix(name)}-do" in self.data for name in names)

    def is_valid(self) -> bool:
        """Not while it is being built; then everything stands there as typed."""
        if not self.is_building:
            return super().is_valid()
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}
        return False
