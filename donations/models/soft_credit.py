"""Soft credit: recognition for a gift that somebody else made. It never adds to money."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, Money, positive_amount
from donations.models.gift import COUNTED_STATUSES, GiftKind


class SoftCreditRole(models.TextChoices):
    """Why somebody is recognised for a gift that is not theirs."""

    SPOUSE = "spouse", _("Spouse or partner")
    SOLICITOR = "solicitor", _("Asked for it")
    DAF_ADVISER = "daf_adviser", _("Donor-advised fund adviser")
    MATCHED_EMPLOYEE = "matched", _("Employee whose gift was matched")
    HONOUREE = "honouree", _("Honoured by it")
    HOUSEHOLD = "household", _("Household")
    OTHER = "other", _("Other")


class SoftCreditQuerySet(models.QuerySet["SoftCredit"]):
    """Questions about recognition."""

    def counted(self) -> Self:
        """Credits for gifts whose money is here; dues are no giving."""
        here = {"gift__status__in": COUNTED_STATUSES, "gift__net_base_amount__gt": 0}
        return self.filter(gift__kind=GiftKind.GIFT, **here)


class SoftCredit(models.Model):
    """Recognition of one constituent, in one role, for a gift whose hard credit belongs to somebody else.

    The amount is in the gift's currency. After a refund the recognition shrinks as the gift does.
    """

    gift = models.ForeignKey(
        "donations.Gift", verbose_name=_("gift"), on_delete=models.PROTECT, related_name="soft_credits"
    )
    constituent = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("recognised"),
        on_delete=models.PROTECT,
        related_name="soft_credits",
    )
    role = models.CharField(_("role"), max_length=12, choices=SoftCreditRole, default=SoftCreditRole.OTHER)
    amount = AmountField(
        _("recognised for"), help_text=_("In the gift’s currency; most often the whole gift. It adds to no total.")
    )
    note = models.CharField(_("note"), max_length=255, blank=True)
    is_automatic = models.BooleanField(
        _("by itself"),
        default=False,
        editable=False,
        help_text=_("Given by a rule, such as to who lives with the donor."),
    )

    objects = SoftCreditQuerySet.as_manager()

    class Meta:
        verbose_name = _("soft credit")
        verbose_name_plural = _("soft credits")
        ordering = ["is_automatic", "pk"]
        constraints = [
            positive_amount("amount", "donations_soft_credit_positive", _("Recognise for more than nothing.")),
            models.UniqueConstraint(
                fields=["gift", "constituent", "role"],
                name="donations_soft_credit_once_a_role",
                violation_error_message=_("They are recognised for this gift in this role already."),
            ),
            models.CheckConstraint(
                condition=Q(is_automatic=False) | Q(role="household"),
                name="donations_automatic_credit_is_household",
                violation_error_message=_("Only the household is recognised by itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.constituent}: {self.get_role_display()}"

    @property
    def money(self) -> Money:
        """What they are recognised for."""
        return Money(self.amount, self.gift.currency)
