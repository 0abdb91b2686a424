"""What the wizard asks: the file, and how to read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.imports.cleaning.profile import DAY_FIRST, MONTH_FIRST
from core.imports.columns import NEW
from core.imports.formats import Format, format_named, formats
from core.imports.models import ImportMode, ImportRun

_DATE_ORDERS = [
    (DAY_FIRST, _("Day first: 3/4 is 3 April")),
    (MONTH_FIRST, _("Month first: 3/4 is March 4")),
]


def _kinds() -> Iterable[tuple[str, Any]]:
    yield "", _("Find out by itself")
    for each in formats():
        yield each.name, each.label


class UploadForm(forms.Form):
    """A file, and what may happen to records that are already here."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (.xlsx), as your old system or your spreadsheet wrote it. Nothing is changed yet."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    mode = forms.ChoiceField(
        label=_("When somebody is on record already"),
        choices=ImportMode,
        initial=ImportMode.UPDATE,
        widget=forms.RadioSelect,
        help_text=_("Blank cells never erase anything, and posted gifts are never changed."),
    )
    kind = forms.ChoiceField(label=_("Kind of file"), required=False, choices=_kinds)


class ReadingForm(forms.Form):
    """How to read the file: kind, system, dates, and which field each filled column holds."""

    kind = forms.ChoiceField(label=_("Kind of file"), choices=lambda: list(_kinds())[1:])
    system = forms.CharField(
        label=_("Ids come from"),
        max_length=60,
        help_text=_("The system whose ids are in the file. Bring in its next file under the same name."),
    )
    mode = forms.ChoiceField(label=_("When somebody is on record already"), choices=ImportMode)
    date_order = forms.ChoiceField(
        label=_("Order of dates"), choices=_DATE_ORDERS, widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, run: ImportRun, file_format: Format, **kwargs: Any) -> None:
        findings = run.recognised
        kwargs["initial"] = {
            "kind": run.kind,
            "system": run.system,
            "mode": run.mode,
            "date_order": run.options.get("date_order") or findings.get("date_order") or None,
        }
        super().__init__(*args, **kwargs)
        self.run = run
        self.fields["date_order"].required = "date_order" in findings.get("questions", [])
        if not findings.get("date_examples"):
            del self.fields["date_order"]
        known = self._known(file_format)
        self.columns = [column for column in findings.get("columns", []) if column["filled"]]
        for column in self.columns:
            proposal = column.get("new")
            initial = NEW if proposal and proposal["path"] == column["field"] else column["field"]
            self.fields[f"column_{column['index']}"] = forms.ChoiceField(
                label=column["name"], choices=known, required=False, initial=initial
            )

    def _known(self, file_format: Format) -> list[tuple[Any, Any]]:
        """What a column may become: nothing, a field of the format, a field the organisation made, a new one."""
        own = [(each.path, each.label) for each in file_format.fields]
        if file_format.keeper is None:
            return [("", _("Not imported")), *own]
        kept = [(each.path, each.label) for each in file_format.keeper.fields(self.run)]
        return [
            ("", _("Not imported")),
            (NEW, _("A new custom field")),
            (_("Fields"), own),
            *([(_("Custom fields"), kept)] if kept else []),
        ]

    def asked(self) -> list[forms.BoundField]:
        """The questions above the table of columns."""
        return [self[name] for name in ("kind", "system", "mode", "date_order") if name in self.fields]

    def rows(self) -> Iterable[tuple[dict[str, Any], forms.BoundField]]:
        """Each filled column with its choice of a field."""
        for column in self.columns:
            yield column, self[f"column_{column['index']}"]

    def clean(self) -> dict[str, Any]:
        """One field is held by one column."""
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for column in self.columns:
            path = cleaned.get(f"column_{column['index']}")
            if path and path != NEW and path in seen and not self._joins(path):
                self.add_error(
                    f"column_{column['index']}",
                    forms.ValidationError(
                        _("“%(other)s” holds this already. Choose another, or leave one out."),
                        params={"other": seen[path]},
                    ),
                )
            elif path:
                seen[path] = column["name"]
        return cleaned

    def _joins(self, path: str) -> bool:
        """Whether several columns may follow each other in the field: parts of a name, lines of an address."""
        file_format = format_named(self.run.kind)
        try:
            field = file_format.find(path)
        except KeyError:
            return False
        return file_format.keeper is not None and field.kind == "text"

    def changed_columns(self) -> dict[str, str]:
        """Header to field, for the columns somebody decided on."""
        chosen = dict(self.run.options.get("columns") or {})
        for column in self.columns:
            name = f"column_{column['index']}"
            if name in self.changed_data:
                chosen[column["name"]] = self.cleaned_data[name]
        return chosen
