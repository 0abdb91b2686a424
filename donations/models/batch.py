"""Batch: a pile of cheques and cash, typed in row by row, that becomes gifts all at once or not at all."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money, positive_amount
from core.theme.figures import day_in_words
from donations.models.gift import Method
from donations.models.tribute import DedicationKind


class BatchState(models.TextChoices):
    """Where the pile stands."""

    OPEN = "open", _("Open")
    POSTED = "posted", _("Posted")
    DISCARDED = "discarded", _("Discarded")


class BatchQuerySet(models.QuerySet["Batch"]):
    """Questions about batches."""

    def open(self) -> Self:
        """Still being typed."""
        return self.filter(state=BatchState.OPEN)

    def with_entered(self) -> Self:
        """With `entered_count` and `entered_total`: the rows that hold something, and what they add up to."""
        rows = BatchRow.objects.filter(batch=models.OuterRef("pk")).filled().order_by().values("batch")
        count = rows.annotate(entered=models.Count("pk")).values("entered")
        total = rows.annotate(entered=models.Sum("amount")).values("entered")
        return self.annotate(
            entered_count=models.functions.Coalesce(models.Subquery(count), 0),
            entered_total=models.functions.Coalesce(
                models.Subquery(total), Decimal(0), output_field=AmountField(max_digits=15, decimal_places=3)
            ),
        )


class Batch(models.Model):
    """A pile of gifts: what it should come to, what its gifts share, and what became of it.

    Its rows are no gifts before it is posted. It posts when their count and total are the expected ones, or when a
    supervisor says why they are not.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(
        _("title"), max_length=120, blank=True, help_text=_("To know the pile by: “Monday’s post”, “Harvest supper”.")
    )
    state = models.CharField(_("state"), max_length=10, choices=BatchState, default=BatchState.OPEN)

    expected_count = models.PositiveIntegerField(
        _("expected number of gifts"), help_text=_("Counted by hand, before anything is typed.")
    )
    expected_total = AmountField(
        _("expected total"), help_text=_("Added up by hand or machine, before anything is typed.")
    )
    currency = CurrencyField(_("currency"), help_text=_("One batch, one currency: it goes to one account."))

    method = models.CharField(_("method"), max_length=12, choices=Method, default=Method.CHEQUE)
    received_on = models.DateField(_("gift date"), help_text=_("For cheques by post, their postmark."))
    fund = models.ForeignKey("donations.Fund", verbose_name=_("fund"), on_delete=models.PROTECT, related_name="+")
    appeal = models.ForeignKey(
        "donations.Appeal",
        verbose_name=_("appeal"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Credits its campaign too."),
    )
    wants_receipt = models.BooleanField(
        _("receipts wanted"), default=True, help_text=_("Offer a receipt for each gift once the batch is posted.")
    )
    bank_account = models.CharField(
        _("bank account"), max_length=120, blank=True, help_text=_("Where it is paid in; printed on the deposit slip.")
    )

    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("posted or discarded at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("posted or discarded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    posted_count = models.PositiveIntegerField(_("gifts posted"), null=True, blank=True)
    posted_total = AmountField(_("total posted"), null=True, blank=True)
    # Why it was posted although it does not agree, or why it was discarded.
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["state", "-opened_at"])]
        permissions = [
            ("post_batch", _("Can post batches")),
            ("override_batch", _("Can post a batch whose count or total is not the expected one")),
            ("export_batch", _("Can export batches")),
        ]
        constraints = [
            positive_amount("expected_total", "donations_batch_total_positive", _("A batch is more than nothing.")),
            models.CheckConstraint(
                condition=Q(expected_count__gt=0),
                name="donations_batch_count_positive",
                violation_error_message=_("A batch holds at least one gift."),
            ),
            models.CheckConstraint(
                condition=Q(state=BatchState.OPEN, closed_at__isnull=True)
                | (~Q(state=BatchState.OPEN) & Q(closed_at__isnull=False)),
                name="donations_closed_batch_says_when",
                violation_error_message=_("A batch that is posted or discarded says when, and no other does."),
            ),
            models.CheckConstraint(
                condition=Q(state=BatchState.POSTED, posted_count__isnull=False, posted_total__isnull=False)
                | (~Q(state=BatchState.POSTED) & Q(posted_count__isnull=True, posted_total__isnull=True)),
                name="donations_posted_batch_says_what",
                violation_error_message=_("A batch that is posted says how many gifts it holds, and how much."),
            ),
            models.CheckConstraint(
                condition=Q(state=BatchState.OPEN)
                | ~Q(reason="")
                | Q(state=BatchState.POSTED, posted_count=F("expected_count"), posted_total=F("expected_total")),
                name="donations_batch_agrees_or_says_why",
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self) -> str:
        named = _("Batch %(number)s") % {"number": self.pk or "?"}
        return f"{named} · {self.title}" if self.title else f"{named} · {day_in_words(self.received_on, 'medium')}"

    @property
    def is_open(self) -> bool:
        """Whether rows may still be typed."""
        return self.state == BatchState.OPEN

    @property
    def is_posted(self) -> bool:
        """Whether its rows are gifts."""
        return self.state == BatchState.POSTED

    @property
    def expected_money(self) -> Money:
        """What the pile should come to."""
        return Money(self.expected_total, self.currency)

    @property
    def posted_money(self) -> Money | None:
        """What it came to, once it is posted."""
        return None if self.posted_total is None else Money(self.posted_total, self.currency)


class BatchRowQuerySet(models.QuerySet["BatchRow"]):
    """Questions about rows."""

    def filled(self) -> Self:
        """Rows that hold something of a gift: the blank line one types next on is none."""
        return self.exclude(donor__isnull=True, donor_typed="", amount__isnull=True, amount_typed="", reference="")

    def for_entry(self) -> Self:
        """With what the grid shows of each row, in a constant number of queries."""
        return self.select_related("batch", "donor", "fund", "appeal__campaign", "changed_by", "gift").prefetch_related(
            "parts__fund", "donor__addresses", "donor__household_memberships__household__addresses"
        )


class BatchRow(models.Model):
    """One line of a batch as it was typed so far, whole or not; it becomes a gift when the batch is posted.

    Method, date, fund and appeal begin as the batch's; from then on they are the row's own. What cannot be read yet
    (half a name, an amount with a typing mistake) is kept as it was typed.
    """

    # The browser names the row, so that saying the same thing twice after a lost answer adds nothing.
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(Batch, verbose_name=_("batch"), on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField(_("position"))
    version = models.PositiveIntegerField(_("version"), default=1, help_text=_("Counts the changes."))

    donor = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("donor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    donor_typed = models.CharField(_("donor as typed"), max_length=200, blank=True)
    amount = AmountField(_("amount"), null=True, blank=True)
    amount_typed = models.CharField(_("amount as typed"), max_length=40, blank=True)
    reference = models.CharField(
        _("reference"), max_length=120, blank=True, help_text=_("Cheque number, transfer text.")
    )

    method = models.CharField(_("method"), max_length=12, choices=Method)
    received_on = models.DateField(_("gift date"))
    fund = models.ForeignKey("donations.Fund", verbose_name=_("fund"), on_delete=models.PROTECT, related_name="+")
    appeal = models.ForeignKey(
        "donations.Appeal", verbose_name=_("appeal"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    tribute_kind = models.CharField(
        _("dedication"), max_length=8, choices=DedicationKind, default=DedicationKind.MEMORY
    )
    tribute = models.CharField(_("in honour or memory of"), max_length=255, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_anonymous = models.BooleanField(_("anonymous"), default=False, help_text=_("Never name the donor in public."))
    wants_receipt = models.BooleanField(_("receipt wanted"), default=True)
    twin_is_meant = models.BooleanField(
        _("another one"), default=False, help_text=_("It looks like a gift that is on record, and is another one.")
    )

    # As `donations.promises.matching` names it: instalment-12, recurring-3. Kept when the batch is posted.
    promise = models.CharField(
        _("promise it keeps"), max_length=40, blank=True, help_text=_("An instalment of a pledge, a standing order.")
    )

    gift = models.OneToOneField(
        "donations.Gift",
        verbose_name=_("gift"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="batch_row",
    )
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("changed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = BatchRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch row")
        verbose_name_plural = _("batch rows")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=Decimal(0)),
                name="donations_batch_row_amount_positive",
                violation_error_message=_("A gift is more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(gift__isnull=True) | Q(donor__isnull=False, amount__isnull=False),
                name="donations_posted_row_is_whole",
                violation_error_message=_("A row needs its donor and its amount to become a gift."),
            ),
        ]

    def __str__(self) -> str:
        return _("Row %(number)s") % {"number": self.position}

    @property
    def money(self) -> Money | None:
        """The amount in the batch's currency, once one can be read."""
        return None if self.amount is None else Money(self.amount, self.batch.currency)

    @property
    def is_blank(self) -> bool:
        """Whether nothing of a gift stands on it."""
        return not (self.donor_id or self.donor_typed or self.amount or self.amount_typed or self.reference)


class BatchPart(models.Model):
    """The part of a row that goes to another fund than its own, whole or half-typed; the rest stays with its own."""

    row = models.ForeignKey(BatchRow, on_delete=models.CASCADE, related_name="parts")
    fund = models.ForeignKey(
        "donations.Fund", verbose_name=_("fund"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    amount = AmountField(_("amount"), null=True, blank=True)
    amount_typed = models.CharField(_("amount as typed"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=Decimal(0)),
                name="donations_batch_part_positive",
                violation_error_message=_("A part is more than nothing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund}: {self.amount or self.amount_typed}"


class BatchVisit(models.Model):
    """Who had the grid of a batch open, and when it last said so."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="visits")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "user"],
                name="donations_one_visit_each",
                violation_error_message=_("Who looks at a batch is noted once."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.batch}"
