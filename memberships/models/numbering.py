"""The counter that member numbers come from, and the app's few settings."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


class NumberCounter(models.Model):
    """The last member number given out: one row, locked while the next is taken."""

    last = models.PositiveBigIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("member number counter")
        verbose_name_plural = _("member number counters")

    def __str__(self) -> str:
        return str(self.last)


@register_setting(icon="group", order=210)
class MembershipSettings(BaseGenericSetting):
    """How this organisation counts its members."""

    number_prefix = models.CharField(
        _("member numbers begin with"),
        max_length=10,
        blank=True,
        default="M-",
        validators=[RegexValidator(r"^[\w./-]*$", _("Use letters, digits, and - . / only."))],
    )
    number_digits = models.PositiveSmallIntegerField(
        _("digits"), default=5, validators=[MaxValueValidator(12)], help_text=_("Shorter numbers get zeros in front.")
    )
    new_days = models.PositiveSmallIntegerField(
        _("days a member counts as new"), default=60, help_text=_("From joining; holds for members who join from now.")
    )
    gap_days = models.PositiveSmallIntegerField(_("days without membership that “member since” survives"), default=90)

    class Meta:
        verbose_name = _("membership settings")

    def __str__(self) -> str:
        return str(_("Membership settings"))
