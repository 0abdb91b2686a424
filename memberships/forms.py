"""What staff fill in: joining, renewing, changing level, ending."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.widgets import AdminDateInput

from constituents.models import Constituent
from core import clock
from core.choices import offer, offer_records
from core.money import Money
from core.staff.verbs import ReasonForm
from donations.models import Method
from memberships.models import Level, Membership, MembershipPerson
from memberships.models.level import LevelQuerySet
from memberships.services.dues import Payment
from memberships.services.quotes import quote_change
from memberships.wording import day, price_in_words

# How dues reach a desk; the other methods of gifts do not come with a membership.
_METHODS = (Method.CHEQUE, Method.CASH, Method.TRANSFER, Method.CARD, Method.OTHER)


def constituent_field(*, required: bool, label: Any, help_text: Any = "", people_only: bool = False) -> forms.Field:
    """Return a field to choose a constituent with, as every other staff form has it."""
    name = "person" if people_only else "payer"
    model = MembershipPerson if people_only else Membership
    return formfield_for_dbfield(model._meta.get_field(name), required=required, label=label, help_text=help_text)


class LevelChoiceField(forms.ModelChoiceField):
    """Levels with their prices."""

    widget = forms.RadioSelect

    def label_from_instance(self, level: Level) -> str:
        """Name the level and what it costs."""
        return _("%(level)s: %(price)s") % {"level": level, "price": price_in_words(level)}


class PaymentForm(forms.Form):
    """How dues were paid."""

    method = forms.ChoiceField(
        label=_("Paid by"), choices=[(method.value, method.label) for method in _METHODS], initial=Method.CHEQUE
    )
    received_on = forms.DateField(label=_("On"), widget=AdminDateInput)
    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=120, help_text=_("Cheque number or transfer text.")
    )
    amount = forms.DecimalField(
        label=_("Another amount"),
        required=False,
        max_digits=15,
        decimal_places=2,
        min_value=Decimal("0.01"),
        help_text=_("Only when something else was agreed. Empty: the price of the level."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = clock.today()

    def clean_received_on(self) -> dt.date:
        """Refuse money from the future."""
        received_on: dt.date = self.cleaned_data["received_on"]
        if received_on > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return received_on

    def payment(self) -> Payment:
        """Return what was filled in."""
        data = self.cleaned_data
        return Payment(method=data["method"], received_on=data["received_on"], reference=data["reference"])

    def price(self, level: Level) -> Money | None:
        """Return the amount that was agreed, when it is not the level's."""
        amount = self.cleaned_data["amount"]
        return Money(amount, level.currency) if amount is not None else None


class JoinForm(PaymentForm):
    """Who joins, at which level, paid how: one screen."""

    field_order = ["constituent", "whole_household", "level", "method", "received_on", "reference", "amount"]
    whole_household = forms.BooleanField(
        label=_("Name the whole household"),
        required=False,
        help_text=_("The membership belongs to the household; everybody who lives there is on the plan."),
    )
    level = LevelChoiceField(label=_("Level"), queryset=Level.objects.none())
    free_because = forms.CharField(
        label=_("Free of charge, because"), required=False, max_length=255, help_text=_("Empty: it was paid.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["constituent"] = constituent_field(required=True, label=_("Who joins"))
        self.fields["given_by"] = constituent_field(
            required=False, label=_("Given by"), help_text=_("For a present: who paid. The receipt goes to them.")
        )
        offer_records(self, "level", Level.objects.on_sale(clock.today()))
        self.order_fields([*self.field_order, "given_by", "free_because"])

    def clean(self) -> dict[str, Any]:
        """Refuse a household plan for somebody who lives in none."""
        data = super().clean() or {}
        constituent: Constituent | None = data.get("constituent")
        if data.get("whole_household") and constituent is not None and constituent.household is None:
            self.add_error("whole_household", _("%(name)s lives in no household.") % {"name": constituent})
        return data


def on_sale_or(level: Level | None) -> LevelQuerySet:
    """Return the levels one can buy today, and the one they have."""
    on_sale = Level.objects.on_sale(clock.today())
    return on_sale | Level.objects.filter(pk__in=[level.pk]) if level else on_sale


class RenewForm(PaymentForm):
    """At which level, paid how."""

    field_order = ["level", "method", "received_on", "reference", "amount", "early"]
    level = LevelChoiceField(label=_("Level"), queryset=Level.objects.none())
    early = forms.BooleanField(
        label=_("Pay further ahead"),
        required=False,
        help_text=_("Nothing is due yet. Without this, the payment is recorded and flagged for refund."),
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        offer_records(self, "level", on_sale_or(membership.renews_as))
        self.fields["level"].initial = membership.renews_as
        last = membership.latest_term
        if last is None or last.due_from is None or last.due_from <= today:
            del self.fields["early"]


class ChangeLevelForm(PaymentForm):
    """To which level; each says what there is to pay now, unused days credited."""

    field_order = ["level"]
    level = forms.ModelChoiceField(label=_("New level"), queryset=Level.objects.none(), widget=forms.RadioSelect)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["amount"]
        self.membership = membership
        levels = Level.objects.on_sale(clock.today()).exclude(pk__in=[membership.level_id])
        if (last := membership.latest_term) is not None:
            levels = levels.filter(currency=last.currency)
        offer_records(self, "level", levels, label=self._offer)

    def _offer(self, level: Level) -> str:
        quote = quote_change(self.membership, level, on=clock.today())
        if quote is None:
            return _("%(level)s: from the next renewal on, %(price)s") % {
                "level": level,
                "price": price_in_words(level),
            }
        return _("%(level)s: %(price)s less %(credit)s for unused days, %(total)s to pay now") % {
            "level": level,
            "price": quote.price,
            "credit": quote.credit,
            "total": quote.total,
        }


class CancelForm(ReasonForm):
    """When a membership ends, and why."""

    field_order = ["when", "last_day", "reason"]
    when = forms.ChoiceField(label=_("When"), widget=forms.RadioSelect)
    last_day = forms.DateField(label=_("Last day"), required=False, widget=AdminDateInput)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [("today", _("Today")), ("day", _("On another last day"))]
        last = membership.latest_term
        if last is not None and last.ends_on is not None and last.ends_on > clock.today():
            choices.insert(0, ("end", _("At the end of what is paid, %(date)s") % {"date": day(last.ends_on)}))
        offer(self, "when", choices)
        self.fields["when"].initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        """Ask for the day when another day is meant."""
        data = super().clean() or {}
        if data.get("when") == "day" and not data.get("last_day"):
            self.add_error("last_day", _("Say which day is the last."))
        return data


class PersonForm(forms.Form):
    """Who goes onto the plan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = constituent_field(required=True, label=_("Person"), people_only=True)


class RemovePersonForm(ReasonForm):
    """Who leaves the plan, and why."""

    field_order = ["person", "reason"]
    person = forms.ModelChoiceField(label=_("Person"), queryset=Constituent.objects.none(), widget=forms.RadioSelect)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = membership.people.filter(until__isnull=True).values("person")
        offer_records(self, "person", Constituent.objects.filter(pk__in=named))


class FreeTermForm(ReasonForm):
    """Which level, and why it is free."""

    field_order = ["level", "reason"]
    level = forms.ModelChoiceField(label=_("Level"), queryset=Level.objects.none(), widget=forms.RadioSelect)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_records(self, "level", on_sale_or(membership.level))
        self.fields["level"].initial = membership.level


class SettleForm(forms.Form):
    """What was decided."""

    settlement = forms.CharField(
        label=_("What was decided"), max_length=255, help_text=_("Such as: refunded by transfer, paid again in cash.")
    )


class ReceivedForm(forms.Form):
    """When money came that was expected."""

    received_on = forms.DateField(label=_("Received on"), widget=AdminDateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = clock.today()
