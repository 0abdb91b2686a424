"""Matching gifts: what is to be claimed from whom, and the rules of employers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet, Sum
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, TitleColumn

from core import clock
from core.money import Money
from core.staff.bulk import StaffBulkAction
from core.staff.columns import AmountColumn, DateColumn, LinkColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.verbs import ReasonForm, VerbView
from core.staff.viewsets import StaffViewSet
from donations.gift_forms import ClaimForm, ReceiveMatchForm
from donations.models import Gift, Match, MatchingRule, MatchState
from donations.services.matching import claim_match, close_match, receive_match, reopen_match
from donations.staff.links import page_of
from donations.staff.tones import MATCH_TONES


def match_of(gift: Gift) -> dict[str, Any] | None:
    """Return the match expected for the gift, and those it brought; None when it has to do with neither."""
    expected = Match.objects.for_list().filter(gift=gift).first()
    settled = list(Match.objects.for_list().filter(received_gift=gift))
    if expected is None and not settled:
        return None
    tone = MATCH_TONES[MatchState(expected.state)] if expected else ""
    return {"match": expected, "tone": tone, "settled": [(each, page_of(each.gift)) for each in settled]}


class MatchVerb(VerbView):
    """What the verbs about one match show before one decides."""

    permission = "donations.change_match"

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """Who gave, what the employer adds, how to claim it."""
        match = self.object
        return [
            (_("Employee"), match.gift.donor),
            (_("Their gift"), match.gift),
            (_("Employer"), match.rule),
            (_("Match"), match.money),
            (_("Claim by"), match.claim_by),
            (_("How to claim"), match.rule.how_to_claim),
        ]


class ClaimMatchView(MatchVerb):
    """The employer was asked for it."""

    verb = staticmethod(claim_match)
    title = _("Claimed")
    question = _("Has %(object)s been claimed?")
    icon = "mail"
    priority = 10
    form_class = ClaimForm
    success_message = _("The match is claimed.")

    @classmethod
    def refusal(cls, match: Match) -> Any:
        """It must wait to be claimed."""
        return "" if match.state == MatchState.EXPECTED else _("This match does not wait to be claimed.")


class ReceiveMatchView(MatchVerb):
    """It has come."""

    title = _("Received")
    question = _("Has %(object)s come?")
    explanation = _(
        "Record the employer’s payment as a gift of theirs first; then choose it here. The employee is recognised for "
        "it."
    )
    icon = "check"
    priority = 20
    form_class = ReceiveMatchForm
    success_message = _("The match is received.")

    @classmethod
    def refusal(cls, match: Match) -> Any:
        """It must be open."""
        return "" if match.is_open else _("This match is not open any more.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the employer's gifts."""
        return super().get_form_kwargs() | {"match": self.object}

    def run(self, form: BaseForm) -> Match:
        """Link it."""
        gift = form.cleaned_data["gift"]
        money = Money(form.cleaned_data["amount"], gift.currency)
        return receive_match(self.object, gift=gift, money=money, by=self.acting)


class CloseMatchView(MatchVerb):
    """It will not come."""

    verb = staticmethod(close_match)
    title = _("Will not come")
    question = _("Give up %(object)s?")
    icon = "cross"
    danger = True
    form_class = ReasonForm
    success_message = _("The match is given up.")

    @classmethod
    def refusal(cls, match: Match) -> Any:
        """It must be open."""
        return "" if match.is_open else _("This match is not open any more.")


class ReopenMatchView(MatchVerb):
    """It may come after all."""

    verb = staticmethod(reopen_match)
    title = _("Expect again")
    question = _("Expect %(object)s again?")
    icon = "rotate"
    success_message = _("The match is expected again.")

    @classmethod
    def refusal(cls, match: Match) -> Any:
        """It must have been given up."""
        return "" if match.state == MatchState.CLOSED else _("This match was not given up.")


class MatchFilterSet(WagtailFilterSet):
    """What one asks of matches."""

    state = django_filters.MultipleChoiceFilter(choices=MatchState, label=_("State"))
    rule = django_filters.ModelChoiceFilter(
        queryset=MatchingRule.objects.select_related("employer"), label=_("Employer")
    )

    class Meta:
        model = Match
        fields = ["state", "rule"]


class MatchViewSet(StaffViewSet):
    """Matches, the one with the nearest deadline first."""

    model = Match
    icon = "copy"
    menu_label = _("Matching gifts")
    menu_area = Area.GIVING
    menu_order = 34
    add_view_enabled = False
    edit_view_enabled = False
    delete_view_enabled = False
    form_fields = ["claim_reference"]
    filterset_class = MatchFilterSet
    list_display = [
        TitleColumn("donor", label=_("Employee"), accessor=lambda m: m.gift.donor, get_url=lambda m: page_of(m.gift)),
        LinkColumn("employer", label=_("Employer"), accessor=lambda m: m.rule.employer,
                   get_url=lambda m: page_of(m.rule.employer)),
        AmountColumn("given", label=_("Gift"), accessor=lambda m: m.gift.money, currency=None),
        AmountColumn("amount", label=_("Match"), accessor=lambda m: m.money, currency=None),
        DateColumn("claim_by", label=_("Claim by"), sort_key="claim_by"),
        DateColumn("claimed_on", label=_("Claimed on"), sort_key="claimed_on"),
        StatusChipColumn("state", tones=MATCH_TONES),
    ]  # fmt: skip
    ordering = ["claim_by", "pk"]
    list_export = ["gift", "rule", "amount", "currency", "state", "claim_by", "claimed_on", "claim_reference"]
    search_fields = ["gift__donor__display_name", "rule__employer__display_name", "claim_reference"]
    verb_views = {
        "claim": ClaimMatchView,
        "receive": ReceiveMatchView,
        "close": CloseMatchView,
        "reopen": ReopenMatchView,
    }
    empty_message = _(
        "No match yet. Give an employer a matching rule, and put on record who works there: what they add to each gift "
        "then waits here to be claimed."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Match]:
        """Every match, with what the list shows beside it."""
        return Match.objects.for_list()

    def totals(self, queryset: QuerySet[Match]) -> list[tuple[Any, Any]]:
        """What is to claim, what is claimed, what came; in each currency there is."""
        rows = queryset.order_by("currency").values("currency").annotate(
            overdue=Count("pk", filter=Q(state=MatchState.EXPECTED, claim_by__lt=clock.today())),
            expected=Sum("amount", filter=Q(state=MatchState.EXPECTED)),
            claimed=Sum("amount", filter=Q(state=MatchState.CLAIMED)),
            received=Sum("amount", filter=Q(state=MatchState.RECEIVED)),
        )  # fmt: skip
        figures: list[tuple[Any, Any]] = []
        for row in rows:
            sums = ((MatchState.EXPECTED, row["expected"]), (MatchState.CLAIMED, row["claimed"]))
            for state, amount in (*sums, (MatchState.RECEIVED, row["received"])):
                if amount:
                    figures.append((state.label, Money(amount, row["currency"])))
            if row["overdue"]:
                figures.append((_("Past the deadline"), row["overdue"]))
        return figures


matches = MatchViewSet("matches")


class ClaimAll(StaffBulkAction):
    """The employer's form takes many at once."""

    viewset = matches
    verb = staticmethod(claim_match)
    permission = "donations.change_match"
    action_type = "claim"
    display_name = _("Mark as claimed")
    question = _("Have these matches been claimed?")
    form_class = ClaimForm


class MatchingRuleViewSet(StaffViewSet):
    """The rules of employers."""

    model = MatchingRule
    icon = "cogs"
    menu_label = _("Matching rules")
    menu_area = Area.SETTINGS
    menu_order = 60
    list_display = [
        "employer",
        NumberColumn("ratio", label=_("For each unit")),
        AmountColumn("minimum", label=_("Smallest gift"), currency="currency"),
        AmountColumn("maximum", label=_("Most for one gift"), currency="currency"),
        AmountColumn("maximum_a_year", label=_("Most in a year"), currency="currency"),
        Column("claim_within_days", label=_("Days to claim")),
        DateColumn("ends_on", label=_("Until")),
    ]
    select_related = ["employer"]
    list_export = ["employer", "ratio", "currency", "minimum", "maximum", "maximum_a_year", "claim_within_days"]
    search_fields = ["employer__display_name"]
    panels = [
        FieldPanel("employer"),
        FieldRowPanel([FieldPanel("ratio"), FieldPanel("currency")]),
        FieldRowPanel([FieldPanel("minimum"), FieldPanel("maximum"), FieldPanel("maximum_a_year")]),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on"), FieldPanel("claim_within_days")]),
        FieldPanel("how_to_claim"),
    ]
    empty_message = _("Some employers add to what their people give. Write down here by which rule.")
