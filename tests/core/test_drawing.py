"""What is drawn without a template is what Django's templates draw, to the byte."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from core.drawing import _DRAWN, _OPTIONS, QuickRenderer

CHOICES = [("a", "A & B"), ("<b>", gettext_lazy("Country")), (3, 1234567), ("d", format_html("<b>{}</b>", "x&y"))]
GROUPED = [("", "None"), ("Near & far", [("1", "One"), (2, "Two")]), ("z", "Last")]
ATTRS = {"id": "id_<x>", "class": 'a "b"', "required": True, "disabled": False, "maxlength": 1234, "data-x": "ü&"}


class OwnRadio(forms.RadioSelect):
    option_template_name = "django/forms/widgets/input_option.html"


WIDGETS: list[tuple[forms.Widget, list[Any]]] = [
    (forms.TextInput(), [None, "", "a<b>&'\"", 1234, Decimal("1234.50"), format_html("<i>{}</i>", "&")]),
    (forms.EmailInput(), ["a@example.org"]),
    (forms.NumberInput(attrs={"step": "any"}), [1234567]),
    (forms.PasswordInput(), ["secret"]),
    (forms.HiddenInput(), ["x"]),
    (forms.URLInput(), ["https://example.org/?a=1&b=2"]),
    (forms.DateInput(), [dt.date(2026, 2, 1), "x"]),
    (forms.CheckboxInput(), [True, False, None, "yes"]),
    (forms.RadioSelect(choices=CHOICES), [None, "a", 3]),
    (forms.RadioSelect(choices=GROUPED), ["1"]),
    (OwnRadio(choices=CHOICES), ["a"]),
    (forms.CheckboxSelectMultiple(choices=CHOICES), [["a", "3"], None]),
    (forms.Select(choices=CHOICES), ["<b>", None]),
    (forms.Select(choices=GROUPED), [2]),
    (forms.SelectMultiple(choices=GROUPED), [["1", "z"]]),
    (forms.NullBooleanSelect(), [True]),
    (forms.Textarea(), ["two\nlines"]),
]


@pytest.mark.parametrize(("widget", "values"), WIDGETS, ids=lambda given: type(given).__name__)
@pytest.mark.parametrize("attrs", [None, {}, ATTRS], ids=["none", "empty", "all"])
def test_a_widget_is_drawn_as_django_draws_it(widget: forms.Widget, values: list[Any], attrs: Any) -> None:
    for value in values:
        ours = widget.render("na<me", value, attrs, renderer=QuickRenderer())
        assert ours == widget.render("na<me", value, attrs, renderer=TemplatesSetting())
        assert hasattr(ours, "__html__")


def test_every_drawing_is_compared() -> None:
    compared = {widget.template_name for widget, _values in WIDGETS}
    options = {getattr(widget, "option_template_name", None) for widget, _values in WIDGETS}
    assert (set(_DRAWN) - compared, set(_OPTIONS) - options) == (set(), set())
