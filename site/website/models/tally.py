"""How often something was done on the public pages, counted for its limits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """How often one thing happened in one window of time; `website.limits` counts and asks, nobody else."""

    key = models.CharField(
        _("what and when"), max_length=80, primary_key=True, help_text=_("A digest: nobody's address stands here.")
    )
    count = models.PositiveIntegerField(_("how often"))
    before = models.PositiveIntegerField(_("how often in the window before"))
    ends_at = models.DateTimeField(_("of no use after"), db_index=True)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
