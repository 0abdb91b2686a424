"""Gift Aid claims: which gifts the tax was claimed back on, in which files, and what is owed back since."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.files import private_storage
from core.money import AmountField, Money, positive_amount
from donations.models.hmrc_claim import CURRENCY, ClaimState, HmrcClaim, paid_says_what, withdrawn_says_why


class Grouping(models.TextChoices):
    """What one row of the schedule stands for."""

    GIFT = "gift", _("Each gift")
    DONOR = "donor", _("All gifts of a donor in a financial year")


class GiftAidClaim(HmrcClaim):
    """A claim on gifts of people who declared that they pay tax; sent as files, row by row."""

    history = "gift_aid"

    up_to = models.DateField(_("gifts up to"), help_text=_("The last day whose gifts are claimed."))
    grouping = models.CharField(_("one row for"), max_length=8, choices=Grouping, default=Grouping.GIFT)
    aggregates = models.BooleanField(
        _("add small gifts together"),
        default=False,
        help_text=_("Gifts of 30 pounds or less of several donors, up to 1,000 pounds in a row without names."),
    )
    gift_amount = AmountField(_("gifts"), default=Decimal(0), help_text=_("In pounds, what the donors gave."))
    tax_amount = AmountField(_("tax claimed"), default=Decimal(0), help_text=_("In pounds, at the basic rate."))
    owed_back = AmountField(
        _("owed back"), default=Decimal(0), help_text=_("Tax that earlier claims got for gifts that went back since.")
    )
    earliest_on = models.DateField(_("earliest gift"), null=True, blank=True)

    class Meta:
        verbose_name = _("Gift Aid claim")
        verbose_name_plural = _("Gift Aid claims")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=ClaimState.DRAFT),
                name="donations_one_claim_being_gathered",
                violation_error_message=_("Another claim is being gathered already: finish or discard it first."),
            ),
            models.CheckConstraint(
                condition=Q(gift_amount__gte=0, tax_amount__gte=0, owed_back__gte=0, paid_amount__gte=0),
                name="donations_claim_amounts_not_negative",
                violation_error_message=_("The amounts of a claim are nothing or more."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ClaimState.DRAFT, ClaimState.WITHDRAWN]) | Q(submitted_on__isnull=False),
                name="donations_claim_sent_has_its_day",
                violation_error_message=_("A claim that was sent says when."),
            ),
            paid_says_what("donations_paid_claim_says_what"),
            withdrawn_says_why("donations_withdrawn_claim_says_why"),
        ]
        permissions = [
            ("submit_giftaidclaim", _("Can send Gift Aid claims and note their payment")),
            ("export_giftaidclaim", _("Can export Gift Aid claims")),
        ]

    def __str__(self) -> str:
        return _("Claim %(number)s") % {"number": self.pk}

    @property
    def gifts_money(self) -> Money:
        """What the donors gave."""
        return Money(self.gift_amount, CURRENCY)

    @property
    def tax_money(self) -> Money:
        """What is claimed back on it."""
        return Money(self.tax_amount, CURRENCY)

    @property
    def expected_money(self) -> Money:
        """What HMRC is to pay: the tax less what earlier claims got too much."""
        return Money(self.tax_amount - self.owed_back, CURRENCY)


class ClaimRow(models.Model):
    """One row of the schedule, letter by letter as it was sent."""

    claim = models.ForeignKey(GiftAidClaim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="rows")
    file_number = models.PositiveSmallIntegerField(_("file"))
    item = models.PositiveSmallIntegerField(_("item"), help_text=_("The row’s number in its file."))
    title = models.CharField(_("title"), max_length=4, blank=True)
    first_name = models.CharField(_("first name"), max_length=35, blank=True)
    last_name = models.CharField(_("last name"), max_length=35, blank=True)
    house = models.CharField(_("house name or number"), max_length=40, blank=True)
    postcode = models.CharField(_("postcode"), max_length=8, blank=True)
    aggregated = models.CharField(_("aggregated donations"), max_length=35, blank=True)
    is_sponsored = models.BooleanField(_("sponsored event"), default=False)
    donated_on = models.DateField(_("donation date"))
    amount = AmountField(_("amount"))

    class Meta:
        verbose_name = _("row of a claim")
        verbose_name_plural = _("rows of claims")
        ordering = ["claim", "file_number", "item"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "file_number", "item"],
                name="donations_claim_row_number_unique",
                violation_error_message=_("This row of the schedule is taken already."),
            ),
            positive_amount("amount", "donations_claim_row_positive", _("A row is more than nothing.")),
        ]

    def __str__(self) -> str:
        return self.aggregated or f"{self.first_name} {self.last_name}"


class ClaimLine(models.Model):
    """One gift, or one person's share of a joint gift, in a claim; it stands in one live claim at most."""

    claim = models.ForeignKey(GiftAidClaim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="lines")
    gift = models.ForeignKey(
        "donations.Gift", verbose_name=_("gift"), on_delete=models.PROTECT, related_name="gift_aid_lines"
    )
    share = models.ForeignKey(
        "donations.JointShare",
        verbose_name=_("share"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="lines",
    )
    declaration = models.ForeignKey(
        "donations.GiftAidDeclaration", verbose_name=_("declaration"), on_delete=models.PROTECT, related_name="lines"
    )
    row = models.ForeignKey(
        ClaimRow, verbose_name=_("row"), null=True, blank=True, on_delete=models.PROTECT, related_name="lines"
    )
    amount = AmountField(_("claimed on"), help_text=_("In pounds, the part of the gift that the tax is claimed on."))
    # True from the moment the claim is sent: from then on the line stays as it is.
    is_final = models.BooleanField(_("sent"), default=False)
    # False once the claim is withdrawn, or all of the gift went back: it may be claimed again.
    is_live = models.BooleanField(_("in a live claim"), default=True)

    class Meta:
        verbose_name = _("gift in a claim")
        verbose_name_plural = _("gifts in claims")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gift"],
                condition=Q(is_live=True, share__isnull=True),
                name="donations_gift_in_one_live_claim",
                violation_error_message=_("Gift Aid has been claimed on this gift already."),
            ),
            models.UniqueConstraint(
                fields=["share"],
                condition=Q(is_live=True, share__isnull=False),
                name="donations_share_in_one_live_claim",
                violation_error_message=_("Gift Aid has been claimed on this share already."),
            ),
            models.CheckConstraint(
                condition=Q(is_final=False) | Q(row__isnull=False),
                name="donations_line_sent_has_a_row",
                violation_error_message=_("A gift in a claim that was sent stands in a row of the schedule."),
            ),
            positive_amount("amount", "donations_claim_line_positive", _("A claim is about more than nothing.")),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.gift}"


class OwedBack(models.Model):
    """Tax we got for money that went back to the donor since: the next claim gives it back to HMRC."""

    line = models.ForeignKey(ClaimLine, verbose_name=_("gift"), on_delete=models.PROTECT, related_name="owed_back")
    amount = AmountField(_("went back"), help_text=_("In pounds, the part of the gift that is gone."))
    tax = AmountField(_("tax"), help_text=_("In pounds, what we were paid on it."))
    reason = models.CharField(_("reason"), max_length=500)
    arose_on = models.DateField(_("since"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    settled_by = models.ForeignKey(
        GiftAidClaim,
        verbose_name=_("given back with"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="settles",
    )
    taken_back_on = models.DateField(
        _("taken back on"), null=True, blank=True, help_text=_("The money came after all, before it was given back.")
    )

    class Meta:
        verbose_name = _("tax owed back")
        verbose_name_plural = _("tax owed back")
        ordering = ["pk"]
        constraints = [
            positive_amount("amount", "donations_owed_back_positive", _("What is owed back is more than nothing.")),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="donations_owed_back_says_why",
                violation_error_message=_("Say why it is owed back."),
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | Q(taken_back_on__isnull=True),
                name="donations_owed_back_settled_or_taken_back",
                violation_error_message=_("What is owed back is given back or withdrawn, not both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.tax}"


def claim_file_path(file: ClaimFile, _filename: str = "") -> str:
    """Return where a file of a claim is kept."""
    return f"gift-aid/claims/{file.claim.uuid}/{file.file_name}"


class FileFormat(models.TextChoices):
    """In which form a file of a claim is kept."""

    ODS = "ods", _("Spreadsheet for HMRC (.ods)")
    CSV = "csv", _("Table (.csv)")


class ClaimFile(models.Model):
    """A file of a claim: the very bytes that were sent, with their hash."""

    claim = models.ForeignKey(GiftAidClaim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField(_("number"))
    format = models.CharField(_("form"), max_length=4, choices=FileFormat)
    file = models.FileField(_("file"), storage=private_storage, upload_to=claim_file_path, max_length=200)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    byte_count = models.PositiveIntegerField(_("size in bytes"))
    row_count = models.PositiveSmallIntegerField(_("rows"))
    amount = AmountField(_("gifts"))

    class Meta:
        verbose_name = _("file of a claim")
        verbose_name_plural = _("files of claims")
        ordering = ["claim", "number", "format"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "number", "format"],
                name="donations_claim_file_once",
                violation_error_message=_("This file of the claim is made already."),
            ),
            models.CheckConstraint(
                condition=~Q(sha256="") & Q(byte_count__gt=0),
                name="donations_claim_file_has_its_hash",
                violation_error_message=_("A file that is kept says how long it is and what it was hashed to."),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def file_name(self) -> str:
        """The name a download gets: `gift-aid-7-1.ods`."""
        return f"gift-aid-{self.claim_id}-{self.number}.{self.format}"
