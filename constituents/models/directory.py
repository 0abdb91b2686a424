"""Directory choices: field by field, who may see it in the member directory. No row means nobody."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who may see a field."""

    NOBODY = "nobody", _("Nobody")
    MEMBERS = "members", _("Members")
    EVERYONE = "everyone", _("Everyone")


class DirectoryField(models.TextChoices):
    """What a member can show of themselves."""

    NAME = "name", _("Name")
    PHOTO = "photo", _("Photo")
    TOWN = "town", _("Town")
    OCCUPATION = "occupation", _("Occupation")
    ORGANISATION = "organisation", _("Organisation")
    BIOGRAPHY = "biography", _("About me")
    WEBSITE = "website", _("Website")
    EMAIL = "email", _("Messages by e-mail (your address stays hidden)")
    SKILLS = "skills", _("Skills")


class DirectoryChoiceQuerySet(models.QuerySet["DirectoryChoice"]):
    """Questions about directory choices."""

    def visible_to(self, *, members: bool) -> Self:
        """Choices a reader may see: a member sees more than the public."""
        audiences = [Audience.EVERYONE, Audience.MEMBERS] if members else [Audience.EVERYONE]
        return self.filter(audience__in=audiences)


class DirectoryChoice(models.Model):
    """A constituent's choice for one field."""

    constituent = models.ForeignKey(
        "constituents.Constituent", on_delete=models.CASCADE, related_name="directory_choices"
    )
    field = models.CharField(_("field"), max_length=16, choices=DirectoryField)
    audience = models.CharField(_("who sees it"), max_length=8, choices=Audience, default=Audience.NOBODY)

    objects = DirectoryChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("directory choice")
        verbose_name_plural = _("directory choices")
        constraints = [
            models.UniqueConstraint(
                fields=["constituent", "field"],
                name="constituents_directory_choice_once",
                violation_error_message=_("There is a choice for this field already."),
            )
        ]
        indexes = [models.Index(fields=["field", "audience", "constituent"])]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.get_audience_display()}"
