"""Pledges: the list, the page of one, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, TitleColumn

from constituents.models import Constituent
from core import clock
from core.money import Money
from core.staff.columns import AmountColumn, DateColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from core.theme.figures import day_in_words
from donations.models import Campaign, Fund, InstalmentState, Pledge, PledgeStatus
from donations.promises.reports import total
from donations.staff import pledge_verbs as verbs
from donations.staff.links import page_of

PLEDGE_TONES = {PledgeStatus.FULFILLED: "good", PledgeStatus.OPEN: "waiting", PledgeStatus.WRITTEN_OFF: "quiet"}
INSTALMENT_TONES = {
    InstalmentState.PAID: "good",
    InstalmentState.PARTLY_PAID: "waiting",
    InstalmentState.OVERDUE: "wrong",
    InstalmentState.WRITTEN_OFF: "quiet",
}


class PledgeFilterSet(WagtailFilterSet):
    """What one asks of a list of pledges."""

    pledged_on = django_filters.DateFromToRangeFilter(label=_("Promised on"), widget=DateRangePickerWidget)
    overdue = django_filters.BooleanFilter(label=_("Overdue"), method="only_overdue")
    allocations__fund = django_filters.ModelChoiceFilter(queryset=Fund.objects.all(), label=_("Fund"))
    campaign = django_filters.ModelChoiceFilter(queryset=Campaign.objects.order_by("name"), label=_("Campaign"))
    status = django_filters.MultipleChoiceFilter(choices=PledgeStatus, label=_("Status"))

    class Meta:
        model = Pledge
        fields = ["status", "overdue", "pledged_on", "campaign", "allocations__fund"]

    def only_overdue(self, queryset: QuerySet[Pledge], _name: str, value: bool) -> QuerySet[Pledge]:
        """Those with an instalment that should have come, or those without."""
        overdue = Q(status=PledgeStatus.OPEN, next_due_on__lt=clock.today())
        return queryset.filter(overdue) if value else queryset.exclude(overdue)


class PledgeStatusColumn(StatusChipColumn):
    """The status; an open pledge with something overdue says that."""

    def get_cell_context_data(self, instance: Pledge, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Overdue comes before open."""
        context = super().get_cell_context_data(instance, parent_context)
        if instance.is_overdue_on(clock.today()):
            return context | {"value": _("Overdue"), "tone": "wrong"}
        return context


class PledgeRecordView(RecordView):
    """One pledge: how far it is, its schedule, what paid it."""

    object: Pledge

    def get_queryset(self) -> QuerySet[Pledge]:
        """With its instalments, and what became of each."""
        return Pledge.objects.for_page()

    def get_page_title(self) -> Any:
        """How much, from whom."""
        return _("%(money)s promised by %(donor)s") % {"money": self.object.money, "donor": self.object.donor}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page is named by its title."""
        return super().get_context_data(**kwargs) | {"name": self.get_page_title()}

    def subtitle(self) -> Any:
        """When, for what."""
        return f"{day_in_words(self.object.pledged_on, 'medium')} · {self.object.fund_names}"

    def chips(self) -> Iterable[Chip]:
        """How it stands."""
        if self.object.is_overdue_on(clock.today()):
            yield Chip(_("Overdue"), "wrong")
        else:
            yield Chip(self.object.get_status_display(), PLEDGE_TONES[PledgeStatus(self.object.status)])

    def figures(self) -> Iterable[Figure]:
        """Promised, came, given up, still to come: apart."""
        pledge = self.object
        yield Figure(_("Promised"), str(pledge.money))
        yield Figure(_("Came"), str(pledge.paid))
        if pledge.written_off:
            yield Figure(_("Written off"), str(pledge.written_off))
        if pledge.next_due_on is not None:
            yield Figure(_("Still to come"), str(pledge.left))
            yield Figure(_("Next due"), day_in_words(pledge.next_due_on, "medium"))

    def panels(self) -> Iterable[Panel]:
        """Progress, schedule."""
        template = "wagtailadmin/giving/panels/{}.html".format
        yield Panel("progress", _("On the way"), template("pledge_progress"), self._progress)
        yield Panel("schedule", _("Schedule"), template("instalments"), self._schedule)

    def side_panels(self) -> Iterable[Panel]:
        """Facts, what for, reminders."""
        template = "wagtailadmin/giving/panels/{}.html".format
        yield Panel("facts", _("Facts"), template("facts"), self._facts)
        yield Panel("funds", _("What it is for"), template("allocations"), lambda pledge: {})
        yield Panel("reminders", _("Reminders"), template("reminders"), self._reminders)

    @staticmethod
    def _progress(pledge: Pledge) -> dict[str, Any]:
        return {"percent": int(pledge.paid_amount * 100 / pledge.amount)}

    def _schedule(self, pledge: Pledge) -> dict[str, Any]:
        today, user = clock.today(), self.request.user
        may_pay, may_give_up = user.has_perm("donations.post_gift"), user.has_perm("donations.write_off_pledge")
        rows = []
        for row in pledge.instalments.all():
            row.pledge = pledge
            state = row.state_on(today)
            standing = [each for each in row.write_offs.all() if each.taken_back_at is None]
            rows.append(
                {
                    "row": row,
                    "state": state.label,
                    "tone": INSTALMENT_TONES.get(state, ""),
                    "payments": [(each, page_of(each.gift)) for each in row.payments.all()],
                    "reason": standing[0].reason if standing else "",
                    "pay": self._part_url("pay", row.pk) if may_pay and row.left_amount else "",
                    "give_up": self._part_url("write-off-one", row.pk) if may_give_up and row.left_amount else "",
                    "take_back": self._part_url("take-back-one", row.pk) if may_give_up and standing else "",
                }
            )
        return {"rows": rows}

    def _part_url(self, verb: str, part: int) -> str:
        return f"{reverse(self.viewset.get_url_name(verb), args=[self.object.pk])}?part={part}"

    @staticmethod
    def _facts(pledge: Pledge) -> dict[str, Any]:
        facts = [
            (_("Donor"), pledge.donor, page_of(pledge.donor)),
            (_("Payment reference"), pledge.reference, None),
            (_("Campaign"), pledge.campaign, page_of(pledge.campaign) if pledge.campaign else None),
            (_("Appeal"), pledge.appeal, None),
            (_("Note"), pledge.note, None),
        ]
        return {"facts": [fact for fact in facts if fact[1]]}

    @staticmethod
    def _reminders(pledge: Pledge) -> dict[str, Any]:
        rows = [row for instalment in pledge.instalments.all() for row in instalment.reminders.all()]
        return {"reminders": sorted(rows, key=lambda row: (row.raised_on, row.pk), reverse=True)[:8]}


def _page(pledge: Pledge) -> str:
    return reverse("pledges:inspect", args=[pledge.pk])


class PledgeIndexView(StaffIndexView):
    """The list of pledges."""

    add_item_label = _("New pledge")


class PledgeViewSet(StaffViewSet):
    """What was promised, and how much of it came."""

    model = Pledge
    icon = "calendar-alt"
    menu_label = _("Pledges")
    menu_area = Area.GIVING
    menu_order = 22
    add_view_class = verbs.NewPledgeView
    index_view_class = PledgeIndexView
    inspect_view_enabled = True
    inspect_view_class = PledgeRecordView
    delete_view_enabled = False
    filterset_class = PledgeFilterSet
    list_display = [
        DateColumn("pledged_on", label=_("Promised on"), sort_key="pledged_on", classname="s-nowrap"),
        TitleColumn("donor", label=_("Donor"), sort_key="donor__sort_name", get_url=_page),
        AmountColumn("money", label=_("Promised"), sort_key="amount"),
        AmountColumn("paid", label=_("Came")),
        AmountColumn("left", label=_("Still to come")),
        DateColumn("next_due_on", label=_("Next due"), sort_key="next_due_on", classname="s-nowrap"),
        Column("fund_names", label=_("For")),
        Column("campaign", label=_("Campaign")),
        PledgeStatusColumn("status", tones=PLEDGE_TONES),
    ]
    list_export = [
        "uuid",
        "reference",
        "donor",
        "pledged_on",
        "amount",
        "currency",
        "paid_amount",
        "written_off_amount",
        "next_due_on",
        "fund_names",
        "campaign",
        "appeal",
        "status",
    ]
    ordering = ["-pledged_on", "-pk"]
    panels = [
        FieldRowPanel([FieldPanel("campaign"), FieldPanel("appeal")]),
        FieldPanel("reference"),
        FieldPanel("wants_reminders"),
        FieldPanel("note"),
    ]
    verb_views = {
        "pay": verbs.RecordPaymentView,
        "apply": verbs.ApplyGiftView,
        "take-off": verbs.TakeOffView,
        "remind": verbs.RemindView,
        "schedule": verbs.RescheduleView,
        "write-off": verbs.WriteOffView,
        "write-off-one": verbs.WriteOffOneView,
        "take-back": verbs.TakeBackView,
        "take-back-one": verbs.TakeBackOneView,
    }
    empty_message = _(
        "Nobody has promised anything yet. Write the first pledge down, from here or from a person’s page."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Pledge]:
        """Every pledge, with what list and page show."""
        return Pledge.objects.for_list()

    def search(self, queryset: QuerySet[Pledge], query: str) -> QuerySet[Pledge]:
        """Find by donor or payment reference."""
        return queryset.filter(Q(donor__in=Constituent.objects.search(query)) | Q(reference__iexact=query.strip()))

    def totals(self, queryset: QuerySet[Pledge]) -> list[tuple[Any, Any]]:
        """How many, what they promised, what came and what is still to come, in each currency."""
        once = Pledge.objects.filter(pk__in=queryset.order_by().values("pk")).order_by()
        sums = once.values("currency").annotate(
            number=Count("pk"),
            promised=total("amount"),
            came=total("paid_amount"),
            open=total(F("amount") - F("paid_amount") - F("written_off_amount")),
        )
        rows: list[dict[str, Any]] = [dict(row) for row in sums.order_by("currency")]

        def each(name: str) -> str:
            return ", ".join(str(Money(Decimal(row[name]), row["currency"])) for row in rows)

        figures: list[tuple[Any, Any]] = [(_("Pledges"), sum(row["number"] for row in rows))]
        if rows:
            figures += [
                (_("Promised"), each("promised")),
                (_("Came"), each("came")),
                (_("Still to come"), each("open")),
            ]
        return figures

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """The form for a new pledge is its own, not made from the panels."""
        return kwargs


pledges = PledgeViewSet("pledges")
