"""Recurring gifts: the list, the page of one, and what may be done with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, TitleColumn

from constituents.models import Constituent
from core import clock
from core.money import Money
from core.organisation import current_organisation
from core.staff.columns import AmountColumn, DateColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from core.theme.figures import day_in_words
from donations.models import Campaign, Fund, Gift, RecurringGift, RecurringStatus
from donations.models.recurring import EXPECTING, NEVER_BEGUN
from donations.promises.expecting import changes_of, gifts_of, next_dates, pair
from donations.promises.schedule import day_of_month
from donations.staff import recurring_online, recurring_online_verbs
from donations.staff import recurring_verbs as verbs
from donations.staff.links import page_of

RECURRING_TONES = {
    RecurringStatus.ACTIVE: "good",
    RecurringStatus.PAUSED: "waiting",
    RecurringStatus.FAILING: "wrong",
    RecurringStatus.LAPSED: "wrong",
    RecurringStatus.STARTING: "waiting",
}
# How many dates that are over a page shows, and how many to come.
_PAST, _COMING = 12, 2


class RecurringFilterSet(WagtailFilterSet):
    """What one asks of a list of recurring gifts."""

    status = django_filters.MultipleChoiceFilter(choices=RecurringStatus, label=_("Status"))
    allocations__fund = django_filters.ModelChoiceFilter(queryset=Fund.objects.all(), label=_("Fund"))
    campaign = django_filters.ModelChoiceFilter(queryset=Campaign.objects.order_by("name"), label=_("Campaign"))

    class Meta:
        model = RecurringGift
        fields = ["status", "kind", "unit", "campaign", "allocations__fund"]

    def filter_queryset(self, queryset: QuerySet[RecurringGift]) -> QuerySet[RecurringGift]:
        """Leave out what never began, unless it is asked for."""
        found: QuerySet[RecurringGift] = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("status") else found.exclude(status__in=NEVER_BEGUN)


class RecurringRecordView(RecordView):
    """One recurring gift: how it stands, which dates were met, what changed when."""

    object: RecurringGift

    def get_page_title(self) -> Any:
        """How much how often, from whom."""
        return _("%(promise)s from %(donor)s") % {"promise": self.object, "donor": self.object.donor}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page is named by its title."""
        return super().get_context_data(**kwargs) | {"name": self.get_page_title()}

    def subtitle(self) -> Any:
        """What kind, for what."""
        return f"{self.object.get_kind_display()} · {self.object.fund_names}"

    def chips(self) -> Iterable[Chip]:
        """How it stands, and why."""
        promise = self.object
        label: Any = promise.get_status_display()
        if promise.paused_until is not None:
            label = _("Paused until %(day)s") % {"day": day_in_words(promise.paused_until, "medium")}
        yield Chip(label, RECURRING_TONES.get(RecurringStatus(promise.status), "quiet"))

    def figures(self) -> Iterable[Figure]:
        """What it brings, what it brought, what is next."""
        promise = self.object
        yield Figure(_("Each time"), str(promise.money))
        yield Figure(_("In an average month"), str(Money(promise.monthly, current_organisation().base_currency)))
        gifts = promise.gifts.counted(dues=True).aggregate(number=Count("pk"), came=Sum("net_base_amount"))
        words = ngettext("Came, %(count)d gift", "Came, %(count)d gifts", gifts["number"]) % {"count": gifts["number"]}
        yield Figure(words, str(Money(gifts["came"] or Decimal(0), current_organisation().base_currency)))
        if promise.next_due_on is not None:
            yield Figure(_("Next expected"), day_in_words(promise.next_due_on, "medium"))

    @cached_property
    def _of_stripe(self) -> dict[str, Any]:
        return recurring_online.stripe_says(self.object)

    def panels(self) -> Iterable[Panel]:
        """Dates, changes."""
        template = "wagtailadmin/giving/panels/{}.html".format
        yield Panel("dates", _("Expected and came"), template("recurring_dates"), self._dates)
        if self.object.is_online and self._of_stripe["failures"]:
            yield Panel(
                "failures", _("Charges that failed"), template("recurring_failures"), lambda promise: self._of_stripe
            )
        yield Panel("changes", _("What changed"), template("recurring_changes"), self._changes)

    def side_panels(self) -> Iterable[Panel]:
        """Facts, what for."""
        template = "wagtailadmin/giving/panels/{}.html".format
        if self.object.is_online:
            yield Panel("stripe", _("What Stripe says"), template("recurring_stripe"), lambda promise: self._of_stripe)
        yield Panel("facts", _("Facts"), template("facts"), self._facts)
        yield Panel("funds", _("What it is for"), template("allocations"), lambda promise: {})

    def _dates(self, promise: RecurringGift) -> dict[str, Any]:
        today = clock.today()
        dates = next_dates(promise, changes_of(promise), today)
        gifts = gifts_of(promise)
        pair(dates, gifts, promise.frequency)
        over, coming = [each for each in dates if each.on <= today], [each for each in dates if each.on > today]
        shown = [*over[-_PAST:], *coming[:_COMING]] if promise.status in EXPECTING else over[-_PAST:]
        rows = [self._row(promise, each.on, each.amount, each.gift, today) for each in shown]
        paired = {each.gift.pk for each in dates if each.gift is not None}
        loose = [gift for gift in gifts if gift.pk not in paired]
        return {
            "rows": list(reversed(rows)),
            "loose": [(gift, page_of(gift)) for gift in reversed(loose)][:5],
            "earlier": len(over) - len(over[-_PAST:]),
            "may_take_off": not promise.is_online and self.request.user.has_perm("donations.post_gift"),
        }

    @staticmethod
    def _row(promise: RecurringGift, on: dt.date, amount: Decimal, gift: Gift | None, today: dt.date) -> dict[str, Any]:
        state, tone = _("to come"), ""
        if gift is not None:
            state, tone = _("came"), "good"
        elif on <= today:
            state, tone = (_("not yet"), "waiting") if promise.next_due_on == on else (_("missed"), "wrong")
        return {
            "on": on,
            "money": Money(amount, promise.currency),
            "gift": gift,
            "url": page_of(gift) if gift is not None else "",
            "differs": gift is not None and gift.amount != amount,
            "state": state,
            "tone": tone,
        }

    @staticmethod
    def _changes(promise: RecurringGift) -> dict[str, Any]:
        currency = current_organisation().base_currency
        changes = promise.changes.select_related("by").order_by("-effective_on", "-pk")
        return {
            "changes": [
                {
                    "change": change,
                    "money": Money(change.amount, promise.currency),
                    "difference": Money(change.difference, currency) if change.difference else None,
                }
                for change in changes
            ]
        }

    @staticmethod
    def _facts(promise: RecurringGift) -> dict[str, Any]:
        after = None if promise.is_live else promise.replaced_by.begun().order_by("pk").last()
        facts = [
            (_("Donor"), promise.donor, page_of(promise.donor)),
            (_("Status since"), day_in_words(promise.status_since, "medium"), None),
            (_("Reason"), promise.status_reason, None),
            (_("How often"), promise.frequency, None),
            (_("Day"), day_of_month(promise.day) if promise.frequency.months else "", None),
            (_("Began"), day_in_words(promise.starts_on, "medium"), None),
            (_("Last day"), day_in_words(promise.ends_on, "medium") if promise.ends_on else "", None),
            (_("Number of gifts"), promise.count or "", None),
            (_("Method"), promise.get_method_display(), None),
            (_("Payment reference"), promise.reference, None),
            (_("Campaign"), promise.campaign, page_of(promise.campaign) if promise.campaign else None),
            (_("Set up again after"), promise.replaces, _page(promise.replaces) if promise.replaces else None),
            (_("Goes on as"), after, _page(after) if after else None),
            (_("Note"), promise.note, None),
        ]
        return {"facts": [fact for fact in facts if fact[1]]}


def _page(promise: RecurringGift) -> str:
    return reverse("recurring_gifts:inspect", args=[promise.pk])


class RecurringIndexView(StaffIndexView):
    """The list of recurring gifts."""

    add_item_label = _("New standing order")


class RecurringViewSet(StaffViewSet):
    """What comes again and again."""

    model = RecurringGift
    icon = "rotate"
    menu_label = _("Recurring gifts")
    menu_area = Area.GIVING
    menu_order = 24
    add_view_class = verbs.StartRecurringView
    index_view_class = RecurringIndexView
    inspect_view_enabled = True
    inspect_view_class = RecurringRecordView
    delete_view_enabled = False
    filterset_class = RecurringFilterSet
    list_display = [
        TitleColumn("donor", label=_("Donor"), sort_key="donor__sort_name", get_url=_page),
        AmountColumn("money", label=_("Each time"), sort_key="amount"),
        Column("frequency", label=_("How often")),
        AmountColumn("monthly", label=_("A month"), currency=None, sort_key="monthly"),
        Column("fund_names", label=_("For")),
        DateColumn("last_paid_on", label=_("Last came"), sort_key="last_paid_on", classname="s-nowrap"),
        DateColumn("next_due_on", label=_("Next expected"), sort_key="next_due_on", classname="s-nowrap"),
        StatusChipColumn("status", tones=RECURRING_TONES),
    ]
    list_export = [
        "uuid",
        "donor",
        "kind",
        "amount",
        "currency",
        "frequency",
        "day",
        "monthly",
        "starts_on",
        "ends_on",
        "fund_names",
        "campaign",
        "reference",
        "last_paid_on",
        "next_due_on",
        "status",
        "status_reason",
    ]
    ordering = ["-starts_on", "-pk"]
    panels = [
        FieldRowPanel([FieldPanel("campaign"), FieldPanel("appeal")]),
        FieldRowPanel([FieldPanel("method"), FieldPanel("reference")]),
        FieldPanel("note"),
    ]
    verb_views = {
        "came": verbs.CameView,
        "match": verbs.MatchView,
        "change": verbs.ChangeView,
        "pause": verbs.PauseView,
        "go-on": verbs.GoOnView,
        "end": verbs.EndView,
        "take-off": verbs.TakeOffView,
        **recurring_online_verbs.VERBS,
    }
    empty_message = _("No recurring gift yet. Write the first standing order down, from here or from a person’s page.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[RecurringGift]:
        """Every recurring gift, with what the list shows beside it."""
        return RecurringGift.objects.for_list()

    def search(self, queryset: QuerySet[RecurringGift], query: str) -> QuerySet[RecurringGift]:
        """Find by donor or payment reference."""
        return queryset.filter(Q(donor__in=Constituent.objects.search(query)) | Q(reference__iexact=query.strip()))

    def totals(self, queryset: QuerySet[RecurringGift]) -> list[tuple[Any, Any]]:
        """How many, and what an average month brings of those that are expected."""
        once = RecurringGift.objects.filter(pk__in=queryset.order_by().values("pk"))
        sums = once.aggregate(number=Count("pk"), monthly=Sum("monthly", filter=Q(status__in=EXPECTING)))
        expected = Money(sums["monthly"] or Decimal(0), current_organisation().base_currency)
        return [(_("Recurring gifts"), sums["number"]), (_("Expected in an average month"), expected)]

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """The form for a new one is its own, not made from the panels."""
        return kwargs


recurring_gifts = RecurringViewSet("recurring_gifts", url_prefix="recurring-gifts")
