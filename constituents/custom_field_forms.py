"""Forms of custom fields: the definition, and a form field for each on the form of a record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateInput

from constituents.models import Constituent, CustomField, ValueType
from constituents.models.custom_field import LONGEST_TEXT, AppliesTo
from constituents.services.people import CUSTOM


class LinesField(forms.CharField):
    """A list, one entry a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Show the entries below each other."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the entries, each once."""
        text = super().to_python(value) or ""
        return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare entries, not line ends."""
        return (initial or []) != self.to_python(data)


class CustomFieldForm(WagtailAdminModelForm):
    """The definition of a custom field."""

    choices = LinesField(
        label=_("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Only for “One of a list”: one a line, in the order they are offered."),
    )

    class Meta:
        model = CustomField
        fields = (
            "label", "help_text", "value_type", "applies_to", "choices", "is_sensitive", "why_held", "in_search",
            "identifies", "position", "key",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            # Files, letters and segments know it by this.
            self.fields["key"].disabled = True
        else:
            self.fields["position"].required = False
            self.initial["position"] = None

    def clean(self) -> dict[str, Any]:
        """A list needs something to choose from; a new field stands last unless told otherwise."""
        cleaned = super().clean() or {}
        if cleaned.get("value_type") == ValueType.CHOICE and not cleaned.get("choices"):
            self.add_error("choices", ValidationError(_("Write down what can be chosen, one a line.")))
        if cleaned.get("position") is None:
            cleaned.pop("position", None)
        if not cleaned.get("key"):
            cleaned.pop("key", None)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """The key and the place are made where they are left out."""
        left_out = {name for name in ("key", "position") if not self.cleaned_data.get(name)}
        return super()._get_validation_exclusions() | left_out


def is_custom(name: str) -> bool:
    """Whether a form field stands for a custom field."""
    return name.startswith(CUSTOM)


def add_custom_fields(form: Any, kind: str, instance: Constituent, user: Any) -> bool:
    """Put the custom fields of a kind of record on its form; returns whether sensitive values are shown."""
    known = CustomField.objects.active().filter(applies_to__in=[kind, AppliesTo.BOTH]).open_to(user)
    held = {}
    if instance.pk is not None:
        held = {value.field_id: value.value for value in instance.custom_values.all()}
    shows_sensitive = False
    for field in known:
        name = f"{CUSTOM}{field.key}"
        form.fields[name] = _form_field(field)
        form.initial.setdefault(name, held.get(field.pk))
        shows_sensitive |= field.is_sensitive and field.pk in held
    return shows_sensitive


def _form_field(field: CustomField) -> forms.Field:
    help_text = " ".join(part for part in (field.help_text, field.why_held if field.is_sensitive else "") if part)
    facts: dict[str, Any] = {"label": field.label, "required": False, "help_text": help_text}
    match field.value_type:
        case ValueType.NUMBER:
            return forms.DecimalField(max_digits=20, decimal_places=6, **facts)
        case ValueType.DATE:
            return forms.DateField(widget=AdminDateInput, **facts)
        case ValueType.CHOICE:
            return forms.ChoiceField(choices=[("", "—"), *((choice, choice) for choice in field.choices)], **facts)
        case ValueType.YES_NO:
            return forms.TypedChoiceField(
                choices=[("", "—"), ("True", _("Yes")), ("False", _("No"))],
                coerce=lambda text: {"True": True, "False": False}.get(text),
                empty_value=None,
                **facts,
            )
    return forms.CharField(max_length=LONGEST_TEXT, widget=AdminAutoHeightTextInput, **facts)
