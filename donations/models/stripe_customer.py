"""StripeCustomer: who somebody is at Stripe."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StripeCustomer(models.Model):
    """Who somebody is at Stripe. One person may be several customers, for instance after a merge."""

    constituent = models.ForeignKey(
        "constituents.Constituent", verbose_name=_("donor"), on_delete=models.PROTECT, related_name="stripe_customers"
    )
    customer_id = models.CharField(_("customer"), max_length=255, unique=True)
    livemode = models.BooleanField(_("real money"), default=False)
    created_at = models.DateTimeField(_("first seen at"), auto_now_add=True)

    class Meta:
        verbose_name = _("Stripe customer")
        verbose_name_plural = _("Stripe customers")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.constituent} ({self.customer_id})"
