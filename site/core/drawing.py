"""Draws form fields as Django's own templates do, to the byte, and the plainest of them without a template.

Every input is two templates there and every choice three: most of the time a form takes. What a widget of its own
names as its template is drawn with it, as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.formats import localize
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData, mark_safe

Widget = Mapping[str, Any]
_FOLDER = "django/forms/widgets/"


class QuickRenderer(TemplatesSetting):
    """Django's renderer over the site's templates, in a hurry where it makes no difference."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Return the HTML of a form, a field or a widget."""
        draw = _DRAWN.get(template_name)
        if draw is None:
            return super().render(template_name, context, request)
        return mark_safe(draw(context["widget"]).strip())  # noqa: S308  every part is escaped below


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_written(widget["value"])}"'
    return f'<input type="{_shown(widget["type"])}" name="{_shown(widget["name"])}"{value}{_attributes(widget)}>\n'


def _choice(widget: Widget) -> str:
    if not widget["wrap_label"]:
        return _input(widget) + "\n\n"
    key = widget["attrs"].get("id")
    of = f' for="{_shown(key)}"' if key else ""
    return f"<label{of}>{_input(widget)} {_shown(widget['label'])}</label>\n\n"


def _option(widget: Widget) -> str:
    return f'<option value="{_written(widget["value"])}"{_attributes(widget)}>{_shown(widget["label"])}</option>\n'


def _choices(widget: Widget) -> str:
    attrs = widget["attrs"]
    kept = "".join(f' {name}="{_shown(attrs[name])}"' for name in ("id", "class") if attrs.get(name))
    groups = _groups(widget, "  <div><label>{}</label>", "<div>\n    {}</div>", "  </div>")
    return f"<div{kept}>{groups}\n</div>"


def _select(widget: Widget) -> str:
    groups = _groups(widget, '  <optgroup label="{}">', "\n  {}", "  </optgroup>")
    return f'<select name="{_shown(widget["name"])}"{_attributes(widget)}>{groups}\n</select>'


def _groups(widget: Widget, begin: str, one: str, end: str) -> str:
    drawn = []
    for name, options, _index in widget["optgroups"]:
        inside = "".join(one.format(_drawn(option)) for option in options)
        drawn.append(f"\n{begin.format(_shown(name))}{inside}\n{end}" if name else inside)
    return "".join(drawn)


def _drawn(option: Widget) -> str:
    draw = _OPTIONS.get(option["template_name"])
    return draw(option) if draw else get_template(option["template_name"]).render({"widget": option})


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {_shown(name)}" if value is True else f' {_shown(name)}="{_written(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _shown(value: Any) -> str:
    """As `{{ value }}` is written."""
    return conditional_escape(localize(value))


def _written(value: Any) -> str:
    """As `{{ value|stringformat:'s' }}` is written."""
    return str(value) if isinstance(value, SafeData) else escape(str(value))


_INPUTS = ("text", "email", "number", "password", "hidden", "url", "date", "checkbox")
_DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _INPUTS},
    **{f"{_FOLDER}{name}.html": _choices for name in ("radio", "checkbox_select")},
    f"{_FOLDER}select.html": _select,
}
_OPTIONS: dict[str, Callable[[Widget], str]] = {
    f"{_FOLDER}radio_option.html": _choice,
    f"{_FOLDER}checkbox_option.html": _choice,
    f"{_FOLDER}select_option.html": _option,
}
