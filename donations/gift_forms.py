"""Forms about a gift on record: correcting it, and what hangs on it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from constituents.contact_forms import one_constituent
from core import clock
from core.choices import offer, offer_records
from core.money import Money
from core.staff.verbs import ReasonForm
from core.theme.figures import day_in_words
from donations.forms import GiftFactsForm
from donations.models import (
    Fund,
    Gift,
    Match,
    NoticeWay,
    SoftCreditRole,
    Tribute,
    TributeNotice,
    Valuation,
)
from donations.models.rate import accepted_currencies
from donations.money_fields import AmountInput


class AdjustGiftForm(GiftFactsForm):
    """The money facts of a gift, as they should have been; and why they were not."""

    donor = one_constituent(label=_("Donor"))
    reason = ReasonForm.base_fields["reason"]

    def __init__(self, *args: Any, gift: Gift, **kwargs: Any) -> None:
        self.gift = gift
        self.parts = [(part.fund, part.amount) for part in gift.allocations.select_related("fund")]
        self.split_rows = tuple(range(1, max(len(self.split_rows), len(self.parts) - 1) + 1))
        super().__init__(*args, **kwargs)
        for name in ("fund", *(f"split_fund_{number}" for number in self.split_rows)):
            offer_records(self, name, Fund.objects.all())
        codes = dict.fromkeys([*accepted_currencies(), gift.currency])
        offer(self, "currency", [(code, code) for code in codes])
        self.fields["amount"].help_text = _("What is left of it, when part went back already.")
        self.fields["fund"].help_text = _("Takes what the parts below leave.")

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Begin with the gift as it stands."""
        return self.as_it_is.get(field_name, field.initial)

    @property
    def as_it_is(self) -> dict[str, Any]:
        """The gift, by the names of the fields."""
        gift = self.gift
        values = {name: getattr(gift, name) for name in self.DETAILS} | {
            "donor": gift.donor,
            "amount": gift.left.plain,
            "currency": gift.currency,
            "received_on": gift.received_on,
            "method": gift.method,
            "fund": self.parts[0][0].pk,
        }
        shares = gift.left.split([amount for _fund, amount in self.parts])
        for number, ((fund, _amount), share) in enumerate(zip(self.parts[1:], shares[1:], strict=True), start=1):
            values |= {f"split_fund_{number}": fund.pk, f"split_amount_{number}": share.plain}
        if gift.advantage_amount:
            values["advantage_amount"] = Money(gift.advantage_amount, gift.currency).plain
        else:
            values["advantage_amount"] = ""
        return values

    #: Facts of the gift that are taken from the form as they are.
    DETAILS = ("advantage_description", "advantage_kind", "description", "quantity", "quantity_unit", "ticker")

    @property
    def arguments(self) -> dict[str, Any]:
        """What the verb is called with."""
        cleaned = self.cleaned_data
        return {
            "donor": cleaned["donor"],
            "money": Money(cleaned["amount"], cleaned["currency"]),
            "received_on": cleaned["received_on"],
            "method": cleaned["method"],
            "allocations": cleaned["allocations"],
            "advantage_amount": cleaned["advantage_amount"] or Decimal(0),
            "reason": cleaned["reason"],
            **{name: cleaned[name] for name in self.DETAILS},
        }

    def comparison(self) -> list[tuple[Any, str, str, bool]]:
        """Return each fact as (label, before, after, whether it differs), in words."""
        before, after = _in_words(self.gift, self.parts), self._after_in_words()
        return [(label, before[label], after[label], before[label] != after[label]) for label in before]

    def _after_in_words(self) -> dict[Any, str]:
        arguments = self.arguments
        corrected = Gift(donor=arguments["donor"], received_on=arguments["received_on"], method=arguments["method"])
        corrected.amount, corrected.currency = arguments["money"].amount, arguments["money"].currency
        corrected.advantage_amount, corrected.status = arguments["advantage_amount"], self.gift.status
        for name in self.DETAILS:
            setattr(corrected, name, arguments[name])
        return _in_words(corrected, arguments["allocations"])


def _in_words(gift: Gift, parts: list[tuple[Fund, Decimal]]) -> dict[Any, str]:
    shares = gift.left.split([amount for _fund, amount in parts])
    each = zip(parts, shares, strict=True)
    funds = [f"{fund} {share}" if len(parts) > 1 else str(fund) for (fund, _amount), share in each]
    advantage = str(Money(gift.advantage_amount, gift.currency)) if gift.advantage_amount else ""
    return {
        _("Donor"): str(gift.donor),
        _("Amount"): str(gift.left),
        _("Gift date"): day_in_words(gift.received_on, "medium"),
        _("Method"): gift.get_method_display(),
        _("For"): ", ".join(funds),
        _("Goods given"): gift.goods,
        _("Donor got"): " ".join(filter(None, [advantage, gift.advantage_description])),
    }


class ChargeBackForm(ReasonForm):
    """How much bank or card network took back, and why."""

    amount = AmountInput(label=_("Amount"))
    field_order = ["amount", "reason"]


class SoftCreditForm(forms.Form):
    """Whom to recognise, as what, and for how much."""

    constituent = one_constituent(label=_("Who"))
    role = forms.ChoiceField(label=_("Why"), choices=[c for c in SoftCreditRole.choices if c[0] != "household"])
    amount = AmountInput(label=_("For"), required=False, help_text=_("Empty: for the whole gift."))
    note = forms.CharField(label=_("Note"), required=False, max_length=255)


class DedicationForm(forms.ModelForm):
    """In whose honour or memory."""

    honouree = one_constituent(label=_("Honouree on record"), required=False)

    class Meta:
        model = Tribute
        fields = ["kind", "honouree", "honouree_name", "occasion", "message", "tell_amount"]
        widgets = {"message": forms.Textarea(attrs={"rows": 3}), "kind": forms.RadioSelect}


class NoticeForm(forms.ModelForm):
    """Who is to be told, and how."""

    constituent = one_constituent(
        label=_("On record"), required=False, help_text=_("Their own address is used; leave the rest empty.")
    )

    class Meta:
        model = TributeNotice
        fields = [
            "constituent", "name", "salutation", "street", "city", "region", "postal_code", "country", "email", "way",
        ]  # fmt: skip


class ToldForm(forms.Form):
    """How they were told."""

    how = forms.ChoiceField(label=_("How"), choices=NoticeWay)


class ValuationForm(forms.ModelForm):
    """What goods or securities were worth, by whom and how."""

    amount = AmountInput(label=_("Valued at"), help_text=_("Kept in the books; no receipt prints it by itself."))

    class Meta:
        model = Valuation
        fields = ["amount", "method", "valuer", "valued_on", "note"]
        widgets = {"valued_on": AdminDateInput, "note": forms.Textarea(attrs={"rows": 2})}


class ClaimForm(forms.Form):
    """When the match was asked for."""

    claimed_on = forms.DateField(label=_("Claimed on"), widget=AdminDateInput)
    claim_reference = forms.CharField(
        label=_("Claim number"), required=False, max_length=120, help_text=_("As the employer’s form gave it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["claimed_on"].initial = clock.today


class ReceiveMatchForm(forms.Form):
    """Which gift of the employer brought the match, and how much of it."""

    gift = forms.ModelChoiceField(
        Gift.objects.none(),
        label=_("The employer’s gift"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the gift it came with.")},
    )
    amount = AmountInput(label=_("Of it, for this match"))

    def __init__(self, *args: Any, match: Match, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.match = match
        offer_records(self, "gift", gifts_of_employer(match))
        self.fields["amount"].initial = match.money.plain


def gifts_of_employer(match: Match) -> Any:
    """Return the employer's gifts since the employee's: one of them may have brought the match."""
    since = Gift.objects.counted().filter(donor=match.rule.employer_id, received_on__gte=match.gift.received_on)
    return since.order_by("-received_on", "-pk")
