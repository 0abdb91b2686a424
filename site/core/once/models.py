"""SentForm: one form that was sent and done."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SentForm(models.Model):
    """That a form was done, and where its sender was led. What it held is kept as a fingerprint alone."""

    token = models.UUIDField(primary_key=True, editable=False)
    #: Who sent what, and where: the same token with anything else is another wish, and is not passed over in silence.
    fingerprint = models.CharField(max_length=64, editable=False)
    #: Empty while it is being done.
    goes_to = models.TextField(blank=True, editable=False)
    sent_at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("form that was sent")
        verbose_name_plural = _("forms that were sent")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.token)
