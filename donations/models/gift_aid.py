"""Gift Aid declarations: what a donor in the United Kingdom agreed to, so that the tax on their gifts is claimed back.

Source: Income Tax Act 2007, sections 413 to 430; the Donations to Charity by Individuals (Appropriate Declarations)
Regulations 2000 (SI 2000/2074); HMRC, Charities: detailed guidance notes, chapter 3.
"""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.files import private_storage
from core.money import AmountField, positive_amount
from core.theme.figures import day_in_words

if TYPE_CHECKING:
    from constituents.models import Constituent


class DeclarationMethod(models.TextChoices):
    """How the donor said it."""

    WRITTEN = "written", _("In writing")
    ONLINE = "online", _("Online")
    ORAL = "oral", _("By word of mouth")


class CancelReason(models.TextChoices):
    """Why a declaration counts no longer."""

    DONOR_ASKED = "donor_asked", _("The donor asked us")
    NOT_ENOUGH_TAX = "not_enough_tax", _("They pay too little tax")
    DECEASED = "deceased", _("The donor died")
    MISTAKE = "mistake", _("It was recorded by mistake")
    NEVER_MADE = "never_made", _("Taken back within 30 days of our letter")


class Standing(models.TextChoices):
    """How a declaration stands."""

    STANDS = "stands", _("Counts")
    TO_CONFIRM = "to_confirm", _("To be confirmed")
    INCOMPLETE = "incomplete", _("Address incomplete")
    CANCELLED = "cancelled", _("Cancelled")


# These take the declaration back from its very beginning: it covers no gift at all.
AS_IF_NEVER_MADE = (CancelReason.MISTAKE, CancelReason.NEVER_MADE)


def evidence_path(declaration: GiftAidDeclaration, filename: str) -> str:
    """Return where the evidence is kept: under a name nobody can guess and nobody typed."""
    return f"gift-aid/evidence/{declaration.uuid}{PurePath(filename).suffix}"


class DeclarationQuerySet(models.QuerySet["GiftAidDeclaration"]):
    """Questions about declarations."""

    def of(self, constituent: Constituent) -> Self:
        """Those of one donor, the newest first."""
        return self.filter(donor=constituent).order_by("-declared_on", "-pk")

    def standing(self) -> Self:
        """Those that nobody cancelled."""
        return self.filter(cancelled_from__isnull=True)

    def incomplete(self) -> Self:
        """Those that lack house or postcode of the donor's home."""
        return self.filter(Q(house="") | Q(postcode="", is_abroad=False))

    def to_confirm(self) -> Self:
        """Those by word of mouth that neither a letter nor evidence proves yet."""
        return self.filter(method=DeclarationMethod.ORAL, written_record_sent_on__isnull=True, evidence="")

    def unready(self) -> Self:
        """Those that count once they are completed or confirmed."""
        return self.filter(Q(pk__in=self.incomplete().values("pk")) | Q(pk__in=self.to_confirm().values("pk")))

    def for_list(self) -> Self:
        """With what a list shows beside each."""
        return self.select_related("donor", "gift", "recorded_by")


class GiftAidDeclaration(models.Model):
    """What one person agreed to on one day. A couple makes one each; an organisation makes none.

    What was agreed never changes (a trigger keeps it): a further declaration is one more row, an end is a cancellation.
    Only the address may be mended, and each mending stands in the history.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    donor = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("donor"),
        on_delete=models.PROTECT,
        related_name="gift_aid_declarations",
    )
    declared_on = models.DateField(_("declared on"), help_text=_("The date on the form, or the day they told us."))
    covers_past = models.BooleanField(
        _("gifts of the four years before"), default=True, help_text=_("Counted to the day.")
    )
    covers_this = models.BooleanField(
        _("this gift"), default=True, help_text=_("The gift it came with: the one named, or any of that very day.")
    )
    covers_future = models.BooleanField(_("gifts to come"), default=True, help_text=_("Until it is cancelled."))
    gift = models.ForeignKey(
        "donations.Gift",
        verbose_name=_("the gift it came with"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="gift_aid_declarations",
    )
    wording = models.TextField(_("wording"), help_text=_("Word for word as the donor saw or heard it."))
    method = models.CharField(
        _("how it was made"), max_length=8, choices=DeclarationMethod, default=DeclarationMethod.WRITTEN
    )
    written_record_sent_on = models.DateField(
        _("written record sent on"),
        null=True,
        blank=True,
        help_text=_("One by word of mouth counts once we have sent it to the donor in writing."),
    )
    house = models.CharField(
        _("house name or number"),
        max_length=255,
        blank=True,
        help_text=_("Of their home, never of an office. For a home abroad the whole address in one line."),
    )
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    is_abroad = models.BooleanField(
        _("lives outside the United Kingdom"),
        default=False,
        help_text=_("Such as on the Isle of Man or the Channel Islands; they may still pay enough tax here."),
    )
    evidence = models.FileField(
        _("evidence"),
        storage=private_storage,
        upload_to=evidence_path,
        max_length=160,
        blank=True,
        help_text=_("The signed form, a recording’s transcript, the e-mail: what an inspector will ask for."),
    )
    evidence_name = models.CharField(_("name of the file"), max_length=255, blank=True, editable=False)
    evidence_type = models.CharField(_("kind of file"), max_length=100, blank=True, editable=False)

    cancelled_from = models.DateField(
        _("cancelled from"), null=True, blank=True, help_text=_("Gifts of that day and later are not covered.")
    )
    cancel_reason = models.CharField(_("why it ended"), max_length=16, choices=CancelReason, blank=True)
    cancel_note = models.CharField(_("note on the end"), max_length=500, blank=True)

    source = models.CharField(_("where it was made"), max_length=60, help_text=_("On paper, giving page, portal."))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Gift Aid declaration")
        verbose_name_plural = _("Gift Aid declarations")
        ordering = ["-declared_on", "-pk"]
        indexes = [models.Index(fields=["donor", "-declared_on"], name="donations_declarations_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(covers_past=True) | Q(covers_this=True) | Q(covers_future=True),
                name="donations_declaration_covers_something",
                violation_error_message=_("Choose at least one: past gifts, this gift, gifts to come."),
            ),
            models.CheckConstraint(
                condition=Q(gift__isnull=True) | Q(covers_this=True),
                name="donations_declaration_of_this_gift",
                violation_error_message=_("A gift is named, but “this gift” is not covered."),
            ),
            models.CheckConstraint(
                condition=~Q(wording=""),
                name="donations_declaration_keeps_its_wording",
                violation_error_message=_("Keep the wording the donor agreed to."),
            ),
            models.CheckConstraint(
                condition=Q(written_record_sent_on__isnull=True)
                | Q(method=DeclarationMethod.ORAL, written_record_sent_on__gte=models.F("declared_on")),
                name="donations_written_record_follows_the_word",
                violation_error_message=_("The written record is for one by word of mouth, and is sent after it."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_from__isnull=True, cancel_reason="")
                | (Q(cancelled_from__isnull=False) & ~Q(cancel_reason="")),
                name="donations_cancelled_declaration_says_why",
                violation_error_message=_("Say from when and why the declaration is cancelled."),
            ),
        ]
        permissions = [
            ("cancel_giftaiddeclaration", _("Can cancel Gift Aid declarations")),
            ("export_giftaiddeclaration", _("Can export Gift Aid declarations")),
        ]

    def __str__(self) -> str:
        return _("%(donor)s, %(date)s") % {
            "donor": self.donor,
            "date": day_in_words(self.declared_on, "medium"),
        }

    @property
    def scope(self) -> str:
        """What it covers, in words: `Past four years, this gift and gifts to come`."""
        parts = [
            str(words)
            for covered, words in [
                (self.covers_past, _("past four years")),
                (self.covers_this, _("this gift")),
                (self.covers_future, _("gifts to come")),
            ]
            if covered
        ]
        return capfirst(", ".join(parts))

    @property
    def is_cancelled(self) -> bool:
        """Whether it was cancelled, from whatever day."""
        return self.cancelled_from is not None

    @property
    def counts_never(self) -> bool:
        """Whether it was taken back from its very beginning."""
        return self.cancel_reason in AS_IF_NEVER_MADE

    @property
    def waits_for_record(self) -> bool:
        """Whether it was made by word of mouth and neither our letter nor a recording proves it yet."""
        return self.method == DeclarationMethod.ORAL and not self.written_record_sent_on and not self.evidence

    @property
    def has_address(self) -> bool:
        """Whether it names the donor's home as HMRC asks for."""
        return bool(self.house.strip()) and (self.is_abroad or bool(self.postcode.strip()))

    @property
    def standing(self) -> Standing:
        """How it stands: it counts, or what is missing, or that it is cancelled."""
        if self.is_cancelled:
            return Standing.CANCELLED
        if self.waits_for_record:
            return Standing.TO_CONFIRM
        return Standing.STANDS if self.has_address else Standing.INCOMPLETE

    def get_standing_display(self) -> str:
        """Return how it stands in words."""
        return str(self.standing.label)


class NotEnoughTax(models.Model):
    """The donor told us that they do not pay enough tax: nothing is claimed on their gifts of that time."""

    donor = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("donor"),
        on_delete=models.PROTECT,
        related_name="not_enough_tax",
    )
    since = models.DateField(
        _("from"), help_text=_("Gifts of that day and later; often 6 April, when a tax year begins.")
    )
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day. Empty: until they say else.")
    )
    told_on = models.DateField(_("told us on"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("not enough tax")
        verbose_name_plural = _("not enough tax")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="donations_not_enough_tax_dates_in_order",
                violation_error_message=_("It ends before it begins."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.donor}: {self.since}"


class JointShare(models.Model):
    """One person's share of a gift that two gave together: each needs a declaration of their own."""

    gift = models.ForeignKey(
        "donations.Gift", verbose_name=_("gift"), on_delete=models.PROTECT, related_name="gift_aid_shares"
    )
    person = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="gift_aid_shares",
    )
    amount = AmountField(_("share"), help_text=_("In the gift’s own currency; the shares add up to the gift."))

    class Meta:
        verbose_name = _("share of a joint gift")
        verbose_name_plural = _("shares of joint gifts")
        ordering = ["gift", "pk"]
        constraints = [positive_amount("amount", "donations_share_positive", _("A share is more than nothing."))]

    def __str__(self) -> str:
        return f"{self.person}: {self.amount}"


class SplitPayment(models.Model):
    """Part of a payment bought something whose price the donor knew beforehand: only the rest is a gift.

    Source: HMRC, chapter 3, “split payments”: the benefit could have been bought separately at that price, and the
    donor knew it when they paid.
    """

    gift = models.OneToOneField(
        "donations.Gift", verbose_name=_("gift"), on_delete=models.PROTECT, related_name="gift_aid_split"
    )
    note = models.CharField(
        _("how they knew the price"), max_length=500, help_text=_("Such as: it stood on the invitation.")
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("split payment")
        verbose_name_plural = _("split payments")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(note=""),
                name="donations_split_payment_says_how",
                violation_error_message=_("Say how the donor knew the price."),
            )
        ]

    def __str__(self) -> str:
        return str(self.gift)
