"""What every claim to HMRC has in common, on Gift Aid and on small donations alike: how it is sent, paid, withdrawn."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, Money

# Both are claimed in pounds.
CURRENCY = "GBP"


class ClaimState(models.TextChoices):
    """Where a claim stands."""

    DRAFT = "draft", _("Being gathered")
    SUBMITTED = "submitted", _("Claimed")
    PAID = "paid", _("Paid")
    PARTLY_PAID = "partly_paid", _("Paid in part")
    WITHDRAWN = "withdrawn", _("Withdrawn")


Claim = TypeVar("Claim", bound="HmrcClaim", covariant=True)


class ClaimQuerySet(models.QuerySet[Claim]):
    """Questions about claims."""

    def with_hmrc(self) -> Self:
        """Those that were sent, whatever came of them."""
        return self.filter(state__in=[ClaimState.SUBMITTED, ClaimState.PAID, ClaimState.PARTLY_PAID])


class HmrcClaim(models.Model):
    """A claim: gathered as a draft, sent, paid. What was sent never changes."""

    # What its verbs are called in the history begins with this: `gift_aid.paid`.
    history: ClassVar[str]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=ClaimState, default=ClaimState.DRAFT)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    submitted_on = models.DateField(_("claimed on"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("claimed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reference = models.CharField(
        _("HMRC’s reference"), max_length=80, blank=True, help_text=_("From the confirmation; may be added later.")
    )
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    paid_amount = AmountField(_("paid"), default=Decimal(0))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdraw_reason = models.CharField(_("why it was withdrawn"), max_length=500, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_draft(self) -> bool:
        """Whether it is still being gathered."""
        return self.state == ClaimState.DRAFT

    @property
    def expected_money(self) -> Money:
        """What HMRC is to pay: the tax less what earlier claims got too much."""
        raise NotImplementedError


def paid_says_what(name: str) -> models.CheckConstraint:
    """Return the constraint that a paid claim says when and how much."""
    return models.CheckConstraint(
        condition=~Q(state__in=[ClaimState.PAID, ClaimState.PARTLY_PAID]) | Q(paid_on__isnull=False, paid_amount__gt=0),
        name=name,
        violation_error_message=_("Say when and how much HMRC paid."),
    )


def withdrawn_says_why(name: str) -> models.CheckConstraint:
    """Return the constraint that a withdrawn claim says why."""
    return models.CheckConstraint(
        condition=~Q(state=ClaimState.WITHDRAWN) | ~Q(withdraw_reason=""),
        name=name,
        violation_error_message=_("Say why the claim is withdrawn."),
    )
