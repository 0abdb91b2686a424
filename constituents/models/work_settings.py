"""WorkSettings: whom overdue work is escalated to, and which mail addresses are our own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from constituents.models.follow_up import works_here


@register_setting(icon="tasks", order=220)
class WorkSettings(BaseGenericSetting):
    """What happens to work that is left lying, and which mail addresses are our own."""

    escalate_after = models.PositiveSmallIntegerField(
        _("escalate after"),
        null=True,
        blank=True,
        default=5,
        help_text=_("Days a follow-up may be overdue before somebody else hears of it. Empty: never."),
    )
    escalate_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("tell"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to=works_here,
        help_text=_("Who gets one e-mail with what has become overdue. Empty: every administrator."),
    )
    own_addresses = models.TextField(
        _("our own mail addresses"),
        blank=True,
        help_text=_(
            "One a line, such as files@example.org or @example.org for the whole domain. Mail is never filed on anyone "
            "by these, nor by the addresses staff sign in with."
        ),
    )

    panels = [FieldRowPanel([FieldPanel("escalate_after"), FieldPanel("escalate_to")]), FieldPanel("own_addresses")]

    class Meta:
        verbose_name = _("my work")
        verbose_name_plural = _("my work")
