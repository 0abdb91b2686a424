"""Custom fields: what an organisation wants to know about people that no other field holds, without a developer."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Lower
from django.utils.formats import number_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from constituents.models.constituent import Constituent
from core.theme.figures import day_in_words

Value = str | Decimal | dt.date | bool
"""A value as Python has it; a choice is its text."""

LONGEST_TEXT = 20_000


class ValueType(models.TextChoices):
    """What kind of value a custom field holds."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("One of a list")
    YES_NO = "yes_no", _("Yes or no")


class AppliesTo(models.TextChoices):
    """Whose records have the field."""

    PERSON = "person", _("People")
    ORGANISATION = "organisation", _("Organisations")
    BOTH = "both", _("People and organisations")


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    """Questions about custom fields."""

    def active(self) -> Self:
        """Those in use."""
        return self.filter(is_active=True)

    def of_kind(self, kind: str) -> Self:
        """Those that records of a kind have."""
        return self.filter(applies_to__in=[kind, AppliesTo.BOTH])

    def open_to(self, user: object) -> Self:
        """Those whose values the user may see; None is Steward itself, which may see all."""
        if user is None or user.has_perm("constituents.view_sensitive_constituent"):  # type: ignore[attr-defined]
            return self
        return self.filter(is_sensitive=False)


class CustomField(models.Model):
    """One thing to know about people or organisations, as staff defined it."""

    label = models.CharField(_("label"), max_length=120, help_text=_("What forms, lists and files call it."))
    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        blank=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", _("Use small letters, figures and underscores."))],
        help_text=_(
            "Names it for good in files and letters, whatever its label becomes. Made from the label if empty."
        ),
    )
    value_type = models.CharField(_("holds"), max_length=8, choices=ValueType, default=ValueType.TEXT)
    applies_to = models.CharField(_("on records of"), max_length=12, choices=AppliesTo, default=AppliesTo.BOTH)
    choices = models.JSONField(
        _("choices"), default=list, blank=True, help_text=_("One a line, in the order they are offered.")
    )
    help_text = models.CharField(
        _("help"), max_length=255, blank=True, help_text=_("Stands beside the field: what to put there.")
    )
    is_sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_("Only those who may see sensitive details see it: in forms, pages, files, searches and segments."),
    )
    why_held = models.CharField(
        _("why we hold this"),
        max_length=255,
        blank=True,
        help_text=_("What you would answer somebody who asks why you keep this about them."),
    )
    in_search = models.BooleanField(
        _("found by the search box"), default=False, help_text=_("For what people are looked up by, such as a badge.")
    )
    identifies = models.BooleanField(
        _("belongs to one record only"),
        default=False,
        help_text=_("Such as a passport number: compared when looking for duplicates, never used to match an import."),
    )
    position = models.PositiveSmallIntegerField(
        _("order"), default=100, help_text=_("Lower numbers stand first on the form and the page.")
    )
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("Switch off instead of deleting: the values stay, out of sight.")
    )
    source = models.CharField(
        _("came with"), max_length=120, blank=True, editable=False, help_text=_("The file an import made it for.")
    )

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        ordering = ["position", "label", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("label"),
                name="constituents_custom_field_label_once",
                violation_error_message=_("There is a custom field with this label already."),
            ),
            models.CheckConstraint(
                condition=Q(is_sensitive=False) | ~Q(why_held=""),
                name="constituents_sensitive_field_says_why",
                violation_error_message=_("Say why you hold this: a sensitive field needs a reason."),
            ),
            models.CheckConstraint(
                condition=Q(is_sensitive=False) | Q(in_search=False),
                name="constituents_sensitive_field_not_searched",
                violation_error_message=_("A sensitive field cannot be found by the search box, which everybody uses."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """A list needs something to choose from."""
        if self.value_type == ValueType.CHOICE and not self.choices:
            raise ValidationError({"choices": _("Write down what can be chosen, one a line.")})

    @property
    def column(self) -> str:
        """The column of a value that holds it."""
        return COLUMNS[ValueType(self.value_type)]

    @property
    def traits(self) -> str:
        """What is special about it, in words."""
        words = [
            ("" if self.is_active else _now("Switched off")),
            (_now("Sensitive") if self.is_sensitive else ""),
            (_now("Found by the search box") if self.in_search else ""),
        ]
        return ", ".join(word for word in words if word)

    def fits(self, constituent: Constituent) -> bool:
        """Whether records like this one have the field."""
        return self.applies_to in (constituent.kind, AppliesTo.BOTH)


COLUMNS = {
    ValueType.TEXT: "text",
    ValueType.CHOICE: "text",
    ValueType.NUMBER: "number",
    ValueType.DATE: "date",
    ValueType.YES_NO: "yes_no",
}


class CustomValueQuerySet(models.QuerySet["CustomValue"]):
    """Questions about values."""

    def shown(self) -> Self:
        """Values of fields in use, with their fields, in their order."""
        return self.filter(field__is_active=True).select_related("field").order_by("field__position", "field__label")


class CustomValue(models.Model):
    """What one record holds in one custom field: exactly one column is filled, the one of the field's type."""

    # The unique pair and the indexes below begin with these, so they need none of their own.
    constituent = models.ForeignKey(Constituent, on_delete=models.CASCADE, related_name="custom_values", db_index=False)
    field = models.ForeignKey(CustomField, on_delete=models.CASCADE, related_name="values", db_index=False)
    text = models.TextField(_("text"), blank=True, max_length=LONGEST_TEXT)
    number = models.DecimalField(_("number"), max_digits=20, decimal_places=6, null=True, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    yes_no = models.BooleanField(_("yes or no"), null=True, blank=True)

    objects = CustomValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("custom value")
        verbose_name_plural = _("custom values")
        constraints = [
            models.UniqueConstraint(
                fields=["constituent", "field"],
                name="constituents_custom_value_once",
                violation_error_message=_("This field has a value already."),
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(text="") & Q(number__isnull=True, date__isnull=True, yes_no__isnull=True)
                    | Q(text="", number__isnull=False, date__isnull=True, yes_no__isnull=True)
                    | Q(text="", number__isnull=True, date__isnull=False, yes_no__isnull=True)
                    | Q(text="", number__isnull=True, date__isnull=True, yes_no__isnull=False)
                ),
                name="constituents_custom_value_is_one",
                violation_error_message=_("A field holds one value: words, a number, a date, or yes and no."),
            ),
        ]
        indexes = [
            # PostgreSQL cannot index a text of any length: its beginning will do.
            models.Index(models.F("field"), Left("text", 100), name="constituents_custom_text"),
            models.Index(
                fields=["field", "number"], condition=Q(number__isnull=False), name="constituents_custom_number"
            ),
            models.Index(fields=["field", "date"], condition=Q(date__isnull=False), name="constituents_custom_date"),
            models.Index(
                fields=["field", "yes_no"], condition=Q(yes_no__isnull=False), name="constituents_custom_yes_no"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.in_words}"

    @property
    def value(self) -> Value | None:
        """The value as Python has it."""
        return next((each for each in (self.number, self.date, self.yes_no) if each is not None), self.text or None)

    @property
    def in_words(self) -> str:
        """The value as a page shows it."""
        return value_in_words(self.value)

    @property
    def in_file(self) -> Value | None:
        """The value as a cell of a file: numbers and dates as such, yes and no in words."""
        if self.number is not None:
            return Decimal(f"{self.number.normalize():f}")
        return plain_text(self.value) if self.date is None else self.date

    def hold(self, value: Value | None, column: str) -> None:
        """Fill the column with the value, and empty the others."""
        self.text, self.number, self.date, self.yes_no = "", None, None, None
        setattr(self, column, value)

    def as_text(self, column: str) -> str:
        """Return what stands in a column as it could be typed."""
        return plain_text(getattr(self, column))


def plain_text(value: Value | None) -> str:
    """Return a value as a file has it: `12.5`, `2026-03-31`, `yes`; it reads back as it was."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dt.date():
            return value.isoformat()
        case Decimal():
            return f"{value.normalize():f}"
    return str(value)


def value_in_words(value: Value | None) -> str:
    """Return a value as a page shows it."""
    match value:
        case None:
            return ""
        case bool():
            return _now("Yes") if value else _now("No")
        case dt.date():
            return day_in_words(value, "medium")
        case Decimal():
            places = max(0, -int(value.normalize().as_tuple().exponent))
            return number_format(value, decimal_pos=places)
    return str(value)
