"""HouseholdNaming: how this organisation writes the names of households, as staff set it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting


class NameOrder(models.TextChoices):
    """In which order people stand in a name."""

    HEAD_FIRST = "head_first", _("The head of the household first")
    ALPHABETICAL = "alphabetical", _("By given name, from A to Z")
    AS_ENTERED = "as_entered", _("As they were entered")


class LargeForm(models.TextChoices):
    """How a household is named that has too many adults to list."""

    HOUSEHOLD = "household", _("The Lee Household")
    FAMILY_OF = "family_of", _("The family of Ann Lee")
    FAMILY = "family", _("Family Lee")


class FormalForm(models.TextChoices):
    """What the formal salutation says after “Dear”."""

    TITLES = "titles", _("Titles and family names: Dr Lee and Mr Ray")
    TITLES_AND_NAMES = "titles_names", _("Titles and full names: Dr Ann Lee and Mr Bo Ray")
    NAMES = "names", _("Full names without titles: Ann Lee and Bo Ray")


def plural_pairs(text: str) -> dict[str, str]:
    """Read `Dr = Drs` lines. Raises ValidationError naming the line that is none."""
    pairs = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        one, equals, many = (part.strip() for part in line.partition("="))
        if not (one and equals and many):
            raise ValidationError(
                _("Line %(number)s is “%(line)s”; write one and several, such as: Dr = Drs"),
                params={"number": number, "line": line},
            )
        pairs[one] = many
    return pairs


class HouseholdNaming(BaseGenericSetting):
    """How households are named, in every language letters are written in."""

    order = models.CharField(_("order of people"), max_length=12, choices=NameOrder, default=NameOrder.HEAD_FIRST)
    groups_family_names = models.BooleanField(
        _("say a shared family name once"),
        default=True,
        help_text=_("“Ann and Bo Lee” instead of “Ann Lee and Bo Lee”."),
    )
    limit = models.PositiveSmallIntegerField(
        _("adults listed by name"),
        default=3,
        validators=[MinValueValidator(2), MaxValueValidator(9)],
        help_text=_("A household of more is named as a whole."),
    )
    large_form = models.CharField(
        _("a household of more"), max_length=12, choices=LargeForm, default=LargeForm.HOUSEHOLD
    )
    formal_form = models.CharField(_("formal salutation"), max_length=12, choices=FormalForm, default=FormalForm.TITLES)
    titles_on_envelopes = models.BooleanField(_("titles on envelopes"), default=True)
    joins_titles = models.BooleanField(
        _("one title for several"), default=True, help_text=_("“Drs Ann and Bo Lee” instead of “Dr Ann and Dr Bo Lee”.")
    )
    title_plurals = models.TextField(
        _("titles of several"),
        default="Dr = Drs\nMr = Messrs\nRev = Revs",
        blank=True,
        help_text=_("A line for each, one and several: Dr = Drs. Titles that are not here are written with each name."),
    )

    class Meta:
        verbose_name = _("names of households")
        verbose_name_plural = _("names of households")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def clean(self) -> None:
        """Refuse lines that are no pair of titles."""
        super().clean()
        try:
            plural_pairs(self.title_plurals)
        except ValidationError as error:
            raise ValidationError({"title_plurals": error}) from error


class HouseholdWords(models.Model):
    """The organisation's own words for one language, where it does not want ours."""

    naming = models.ForeignKey(HouseholdNaming, on_delete=models.CASCADE, related_name="words")
    language = models.CharField(_("language"), max_length=8, help_text=_("Its code, such as fr."))
    connector = models.CharField(
        _("word between the last two names"),
        max_length=20,
        blank=True,
        help_text=_("Such as: and, &. Empty: as usual."),
    )
    large_pattern = models.CharField(
        _("name of a large household"),
        max_length=120,
        blank=True,
        help_text=_("%(names)s stands for the name, as in: The %(names)s Household. Empty: as usual."),
    )
    family_name_first = models.BooleanField(
        _("family name first"),
        null=True,
        choices=[(None, _("As usual")), (True, _("Yes")), (False, _("No"))],
        blank=True,
    )

    class Meta:
        verbose_name = _("words for a language")
        verbose_name_plural = _("words for languages")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["naming", "language"],
                name="constituents_household_words_once",
                violation_error_message=_("Each language has one set of words."),
            ),
        ]

    def __str__(self) -> str:
        return self.language

    def clean(self) -> None:
        """Refuse a pattern without a place for the name, or with other placeholders."""
        super().clean()
        if not self.large_pattern:
            return
        try:
            written: Any = self.large_pattern % {"names": "Lee"}
        except (KeyError, TypeError, ValueError) as error:
            raise ValidationError({"large_pattern": _("Use no other placeholder than %(names)s.")}) from error
        if "Lee" not in written:
            raise ValidationError({"large_pattern": _("Write %(names)s where the name belongs.")})
