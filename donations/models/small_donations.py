"""Small donations (GASDS): collections of coins and taps nobody signed for, and what was claimed on them."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, Money, positive_amount
from donations.models.hmrc_claim import CURRENCY, ClaimState, HmrcClaim, paid_says_what, withdrawn_says_why


class CollectedBy(models.TextChoices):
    """How small donations may come; cheques, transfers and cards that were typed in do not count."""

    CASH = "cash", _("Cash")
    CONTACTLESS = "contactless", _("Contactless or chip and PIN")


class SmallCollection(models.Model):
    """A box, a plate, a card reader: many small donations counted as one sum.

    It is no money in the books: that is the gift the sum was entered as. It says how much of it was given in sums small
    enough, where and when, as HMRC asks to see it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    collected_on = models.DateField(
        _("collected on"), help_text=_("The day the box was emptied or the plate went round.")
    )
    place = models.CharField(
        _("where"), max_length=120, help_text=_("To know it by: “Bucket at the quay”, “Harvest supper”.")
    )
    how = models.CharField(_("how it came"), max_length=12, choices=CollectedBy, default=CollectedBy.CASH)
    amount = AmountField(
        _("amount"),
        help_text=_("In pounds, only what was given in sums of £30 or less, without a declaration or a ticket."),
    )
    banked_on = models.DateField(
        _("paid in on"), null=True, blank=True, help_text=_("The day it reached the bank; HMRC asks for it.")
    )
    gift = models.OneToOneField(
        "donations.Gift",
        verbose_name=_("entered as"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="small_collection",
        help_text=_("The gift that brought the sum into the books, where there is one."),
    )
    note = models.CharField(_("note"), max_length=500, blank=True, help_text=_("Such as who counted it."))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    # Kept beside its lines in claims that were sent, so that the database itself refuses to claim more than came.
    claimed_amount = AmountField(_("claimed on"), default=Decimal(0), editable=False)

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["-collected_on", "-pk"]
        permissions = [("export_smallcollection", _("Can export collections of small donations"))]
        constraints = [
            positive_amount("amount", "donations_collection_positive", _("A collection is more than nothing.")),
            models.CheckConstraint(
                condition=Q(claimed_amount__gte=0, claimed_amount__lte=F("amount")),
                name="donations_collection_claimed_once",
                violation_error_message=_("More would be claimed on the collection than it brought."),
            ),
            models.CheckConstraint(
                condition=Q(banked_on__isnull=True) | Q(banked_on__gte=F("collected_on")),
                name="donations_collection_banked_after",
                violation_error_message=_("It cannot be paid in before it was collected."),
            ),
        ]

    def __str__(self) -> str:
        return self.place

    @property
    def money(self) -> Money:
        """What it brought."""
        return Money(self.amount, CURRENCY)

    @property
    def is_claimed(self) -> bool:
        """Whether anything of it stands in a claim that was sent: from then on it stays as it is."""
        return self.claimed_amount > 0


class SmallClaim(HmrcClaim):
    """A claim on the small donations of one tax year: sums only, for the form of HMRC."""

    history = "small_claim"

    tax_year = models.PositiveSmallIntegerField(
        _("tax year"), help_text=_("Named by the year it ends in, as HMRC’s form asks: 2026 ends on 5 April 2026.")
    )
    amount = AmountField(_("claimed on"), default=Decimal(0), help_text=_("In pounds, what the donors gave."))
    top_up = AmountField(_("top-up"), default=Decimal(0), help_text=_("In pounds, at the basic rate."))
    owed_back = AmountField(
        _("owed back"),
        default=Decimal(0),
        help_text=_("Top-up that earlier claims got for gifts that went back since."),
    )
    # The limits as they stood when it was sent, to show an inspector why it was no more.
    most = AmountField(_("most in a year"), default=Decimal(0))
    gift_aided = AmountField(_("Gift Aid claimed on"), default=Decimal(0))
    # “Claimed on” is the amount here.
    submitted_on = models.DateField(_("claimed on the day"), null=True, blank=True)

    class Meta:
        verbose_name = _("small donations claim")
        verbose_name_plural = _("small donations claims")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tax_year"],
                condition=Q(state=ClaimState.DRAFT),
                name="donations_one_small_claim_being_gathered",
                violation_error_message=_("A claim for that year is being gathered already: send or withdraw it."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, top_up__gte=0, owed_back__gte=0, paid_amount__gte=0),
                name="donations_small_claim_not_negative",
                violation_error_message=_("The amounts of a claim are nothing or more."),
            ),
            models.CheckConstraint(
                condition=Q(amount__lte=F("most")) & Q(amount__lte=F("gift_aided") * 10),
                name="donations_small_claim_within_limits",
                violation_error_message=_("The claim is above what the scheme allows for a year."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ClaimState.DRAFT, ClaimState.WITHDRAWN])
                | Q(submitted_on__isnull=False, amount__gt=0),
                name="donations_small_claim_sent_has_its_day",
                violation_error_message=_("A claim that was sent says when, and is about more than nothing."),
            ),
            paid_says_what("donations_paid_small_claim_says_what"),
            withdrawn_says_why("donations_withdrawn_small_claim_says_why"),
        ]
        permissions = [
            ("submit_smallclaim", _("Can send claims on small donations and note their payment")),
            ("export_smallclaim", _("Can export claims on small donations")),
        ]

    def __str__(self) -> str:
        return _("Small donations claim %(number)s") % {"number": self.pk}

    @property
    def money(self) -> Money:
        """What is claimed on: the figure for HMRC's form."""
        return Money(self.amount, CURRENCY)

    @property
    def expected_money(self) -> Money:
        """What HMRC is to pay: the top-up less what earlier claims got too much."""
        return Money(self.top_up - self.owed_back, CURRENCY)


class SmallClaimLine(models.Model):
    """One small gift, or what is claimed on of one collection, in a claim."""

    claim = models.ForeignKey(SmallClaim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="lines")
    gift = models.ForeignKey(
        "donations.Gift",
        verbose_name=_("gift"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="small_claim_lines",
    )
    collection = models.ForeignKey(
        SmallCollection,
        verbose_name=_("collection"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="lines",
    )
    amount = AmountField(_("claimed on"))
    # True from the moment the claim is sent: from then on the line stays as it is.
    is_final = models.BooleanField(_("sent"), default=False)
    # False once the claim is withdrawn, or all of it went back: it may be claimed again.
    is_live = models.BooleanField(_("in a live claim"), default=True)
    went_back = AmountField(_("went back"), default=Decimal(0), help_text=_("What later claims gave back of it."))

    class Meta:
        verbose_name = _("small donation in a claim")
        verbose_name_plural = _("small donations in claims")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(gift__isnull=False, collection__isnull=True)
                | Q(gift__isnull=True, collection__isnull=False),
                name="donations_small_line_of_one_thing",
                violation_error_message=_("A line of a claim is about a gift or about a collection, not both."),
            ),
            models.UniqueConstraint(
                fields=["gift"],
                condition=Q(is_live=True, gift__isnull=False),
                name="donations_gift_in_one_small_claim",
                violation_error_message=_("This gift was claimed on already."),
            ),
            models.UniqueConstraint(
                fields=["claim", "collection"],
                condition=Q(collection__isnull=False),
                name="donations_collection_once_a_claim",
                violation_error_message=_("The collection stands in this claim already."),
            ),
            positive_amount("amount", "donations_small_line_positive", _("A claim is about more than nothing.")),
            models.CheckConstraint(
                condition=Q(went_back__gte=0, went_back__lte=F("amount")),
                name="donations_small_line_gives_back_once",
                violation_error_message=_("No more can be given back than was claimed on."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.gift or self.collection}"


class SmallGiveBack(models.Model):
    """What a claim gave back to HMRC of a line of an earlier one, because the gift went back to the donor."""

    claim = models.ForeignKey(
        SmallClaim, verbose_name=_("given back with"), on_delete=models.PROTECT, related_name="gives_back"
    )
    line = models.ForeignKey(
        SmallClaimLine, verbose_name=_("line"), on_delete=models.PROTECT, related_name="given_back"
    )
    amount = AmountField(_("went back"), help_text=_("In pounds, the part of the gift that is gone."))
    tax = AmountField(_("tax"), help_text=_("In pounds, what we were paid on it."))

    class Meta:
        verbose_name = _("top-up given back")
        verbose_name_plural = _("top-ups given back")
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "line"],
                name="donations_small_give_back_once_a_claim",
                violation_error_message=_("This claim gives it back already."),
            ),
            positive_amount(
                "amount", "donations_small_give_back_positive", _("What is given back is more than nothing.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.amount}"
