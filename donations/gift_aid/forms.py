"""Forms for staff: a declaration and its life, a claim and its life."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from constituents.contact_forms import one_constituent
from core import clock
from core.money import Money
from core.theme.figures import day_in_words
from donations.gift_aid.small import SmallDonations
from donations.models import CancelReason, CollectedBy, DeclarationMethod, Gift, Grouping
from donations.models.hmrc_claim import CURRENCY
from donations.money_fields import AmountInput


class HomeForm(forms.Form):
    """Where the donor lives, as HMRC asks for it."""

    house = forms.CharField(
        label=_("House name or number"),
        max_length=255,
        help_text=_("Of their home, such as 12 or The Old Barn. Abroad: the whole address in one line."),
    )
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False, help_text=_("Such as SW1A 1AA."))
    is_abroad = forms.BooleanField(
        label=_("They live outside the United Kingdom"),
        required=False,
        help_text=_("Also on the Isle of Man and the Channel Islands. They may still pay enough tax here."),
    )


class DeclarationForm(HomeForm):
    """A declaration, from paper, from the telephone, or from another system."""

    donor = one_constituent(label=_("Donor"), help_text=_("One person; each of a couple declares for themselves."))
    declared_on = forms.DateField(label=_("Declared on"), widget=AdminDateInput, help_text=_("The date on the form."))
    covers_past = forms.BooleanField(label=_("Covers gifts of the four years before"), required=False)
    covers_this = forms.BooleanField(label=_("Covers the gift it came with"), required=False)
    covers_future = forms.BooleanField(label=_("Covers gifts to come"), required=False)
    gift = forms.ModelChoiceField(
        Gift.objects.none(),
        label=_("The gift it came with"),
        required=False,
        empty_label=_("Any of that very day"),
        help_text=_("For a declaration that speaks of one gift."),
    )
    method = forms.ChoiceField(label=_("How it was made"), choices=DeclarationMethod)
    written_record_sent_on = forms.DateField(
        label=_("Written record sent on"),
        widget=AdminDateInput,
        required=False,
        help_text=_("Only for word of mouth: it counts from the day you have confirmed it to the donor in writing."),
    )
    wording = forms.CharField(
        label=_("Wording"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Word for word as the donor saw or heard it. Ours stands here; change it where the form differs."),
    )
    evidence = forms.FileField(
        label=_("Evidence"), required=False, help_text=_("The signed form as PDF or picture, the e-mail.")
    )

    field_order = (
        "donor", "declared_on", "covers_past", "covers_this", "gift", "covers_future", "house", "postcode",
        "is_abroad", "method", "written_record_sent_on", "wording", "evidence",
    )  # fmt: skip

    def __init__(self, *args: Any, gifts: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["gift"]
        choice.queryset = Gift.objects.all() if gifts is None else gifts
        if gifts is None:
            choice.widget = forms.HiddenInput()


class CancelForm(forms.Form):
    """From when a declaration counts no more."""

    cancelled_from = forms.DateField(
        label=_("Cancelled from"),
        widget=AdminDateInput,
        help_text=_("Gifts of that day and later are not covered; what was claimed for earlier ones stays."),
    )
    why = forms.ChoiceField(label=_("Why"), choices=CancelReason)
    note = forms.CharField(label=_("Note"), required=False, max_length=500, help_text=_("Such as: rang on 3 May."))


class ConfirmForm(forms.Form):
    """When the letter went out."""

    sent_on = forms.DateField(
        label=_("Sent on"),
        widget=AdminDateInput,
        help_text=_("The donor may take it back for 30 days; cancel it then as never made."),
    )


class EvidenceForm(forms.Form):
    """The paper an inspector asks for."""

    evidence = forms.FileField(label=_("File"), help_text=_("PDF, picture, or text; kept privately, and stays."))


class NotEnoughTaxForm(forms.Form):
    """A time for which nothing is to be claimed."""

    since = forms.DateField(
        label=_("From"), widget=AdminDateInput, help_text=_("Often 6 April, when a tax year begins.")
    )
    until = forms.DateField(
        label=_("Until"),
        widget=AdminDateInput,
        required=False,
        help_text=_("The last day. Empty: until they say else."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class EnoughTaxForm(forms.Form):
    """When a time ends for which nothing was to be claimed."""

    until = forms.DateField(
        label=_("Last day of too little tax"),
        widget=AdminDateInput,
        help_text=_("Often 5 April, when a tax year ends."),
    )


class GatherForm(forms.Form):
    """What a claim is to take in."""

    up_to = forms.DateField(label=_("Gifts up to"), widget=AdminDateInput, help_text=_("Often the end of a quarter."))
    grouping = forms.ChoiceField(
        label=_("One row for"),
        choices=Grouping,
        help_text=_("HMRC takes either. One row a gift is easier to compare with the bank."),
    )
    aggregates = forms.BooleanField(
        label=_("Add gifts of £30 or less together"),
        required=False,
        help_text=_("Rows without names, of several donors and up to £1,000. Declarations are still needed for each."),
    )

    def clean_up_to(self) -> Any:
        """Refuse a day to come beside its field."""
        day = self.cleaned_data["up_to"]
        if day > clock.today():
            raise forms.ValidationError(_("Only what has come can be claimed: choose today or an earlier day."))
        return day


class GatherSmallForm(forms.Form):
    """Which tax year's small donations."""

    tax_year = forms.TypedChoiceField(
        label=_("Tax year"), coerce=int, widget=forms.RadioSelect, help_text=_("A claim is about one year.")
    )

    def __init__(self, *args: Any, years: Sequence[SmallDonations] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("%(year)s: %(amount)s left to claim on, until %(day)s")
        self.fields["tax_year"].choices = [  # type: ignore[attr-defined]
            (
                year.year,
                said
                % {
                    "year": year.name,
                    "amount": Money(year.claimable, CURRENCY),
                    "day": day_in_words(year.claim_by, "medium"),
                },
            )
            for year in years
        ]


class CollectionForm(forms.Form):
    """What a box or a plate brought."""

    place = forms.CharField(
        label=_("Where"), max_length=120, help_text=_("To know it by: “Bucket at the quay”, “Harvest supper”.")
    )
    collected_on = forms.DateField(
        label=_("Collected on"), widget=AdminDateInput, help_text=_("The day the box was emptied.")
    )
    amount = AmountInput(
        label=_("Amount"),
        help_text=_("In pounds, only what was given in sums of £30 or less, without a declaration or a ticket."),
    )
    how = forms.ChoiceField(label=_("How it came"), choices=CollectedBy)
    banked_on = forms.DateField(label=_("Paid in on"), widget=AdminDateInput, required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=500, help_text=_("Such as who counted it."))


class SendForm(forms.Form):
    """Close the claim."""

    reference = forms.CharField(
        label=_("HMRC’s reference"), required=False, max_length=80, help_text=_("May be added with the payment.")
    )


class PaymentForm(forms.Form):
    """What HMRC paid."""

    paid_on = forms.DateField(label=_("Paid on"), widget=AdminDateInput)
    amount = AmountInput(
        label=_("Paid in all"), help_text=_("In pounds. Less than expected: the claim is paid in part.")
    )
    reference = forms.CharField(label=_("HMRC’s reference"), required=False, max_length=80)


class JointForm(forms.Form):
    """Whose gift it is besides."""

    other = one_constituent(label=_("Given together with"), help_text=_("Each needs a declaration of their own."))
    own_share = AmountInput(label=_("Share of the donor on record"), required=False, help_text=_("Empty: half each."))


class SplitForm(forms.Form):
    """How the donor knew the price."""

    note = forms.CharField(
        label=_("How the donor knew the price"),
        max_length=500,
        help_text=_(
            "They could have bought it alone, and knew its price before they paid: it stood on the invitation."
        ),
    )
