"""The queue of thanks: who waits, for how long, and with which words they will be thanked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from constituents.models import Constituent, EmailAddress
from core import clock
from core.staff.columns import AmountColumn, DateColumn, LinkColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from donations.models import (
    Acknowledgement,
    Batch,
    Campaign,
    Fund,
    Gift,
    GiftSource,
    Method,
    ThankedBy,
    ThanksSettings,
    ThanksState,
)
from donations.staff.links import page_of
from donations.staff.thanks_verbs import MailView, NotWantedView, PrintOneView, SpokenView, WaitAgainView
from donations.thanks.choosing import Answer, Facts, Templates
from donations.thanks.letters import Writer, gifts_to_thank, letter_for, why_not_thank
from donations.thanks.looks import paper

TONES = {ThanksState.DONE: "good", ThanksState.TO_DO: "waiting"}
STAGES = {
    "waiting": _("Waiting"),
    "late": _("Late"),
    "printing": _("On paper"),
    "thanked": _("Thanked"),
    "not_wanted": _("No thanks wanted"),
    "all": _("All"),
}
REACHES = [("email", _("An e-mail address")), ("no_email", _("No e-mail address"))]


def at_stage(rows: QuerySet[Acknowledgement], stage: str) -> QuerySet[Acknowledgement]:
    """Narrow acknowledgements to those at a stage: letters that are made but not printed are on paper."""
    late_since = clock.now() - ThanksSettings.load().patience
    return rows.filter(
        {
            "late": Q(state=ThanksState.TO_DO, run=None, since__lt=late_since),
            "printing": Q(state=ThanksState.TO_DO, run__isnull=False),
            "thanked": Q(state=ThanksState.DONE),
            "not_wanted": Q(state=ThanksState.NOT_WANTED),
            "all": Q(),
        }.get(stage, Q(state=ThanksState.TO_DO, run=None))
    )


class ThanksFilterSet(WagtailFilterSet):
    """What one asks of the queue; without asking it shows who waits."""

    stage = django_filters.ChoiceFilter(choices=list(STAGES.items()), label=_("Show"), method="at_stage")
    since = django_filters.DateFromToRangeFilter(label=_("Posted"), widget=DateRangePickerWidget)
    gift__base_amount = django_filters.RangeFilter(label=_("Amount"))
    gift__allocations__fund = django_filters.ModelChoiceFilter(queryset=Fund.objects.all(), label=_("Fund"))
    gift__campaign = django_filters.ModelChoiceFilter(queryset=Campaign.objects.order_by("name"), label=_("Campaign"))
    gift__method = django_filters.MultipleChoiceFilter(choices=Method, label=_("Method"))
    gift__source = django_filters.MultipleChoiceFilter(choices=GiftSource, label=_("Source"))
    gift__batch = django_filters.ModelChoiceFilter(queryset=Batch.objects.order_by("-pk"), label=_("Batch"))
    reach = django_filters.ChoiceFilter(choices=REACHES, label=_("Donor has"), method="reached")
    how = django_filters.MultipleChoiceFilter(choices=ThankedBy, label=_("Thanked by"))

    class Meta:
        model = Acknowledgement
        fields = ["stage", "since", "how"]

    def at_stage(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Left to `filter_queryset`, which also knows what to do when nothing is asked."""
        return rows

    def reached(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By whether there is an e-mail address that works today."""
        working = Constituent.objects.filter(emails__in=_working_emails()).values("pk")
        return rows.filter(gift__donor__in=working) if value == "email" else rows.exclude(gift__donor__in=working)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Show who waits, unless something else is asked."""
        rows = at_stage(super().filter_queryset(queryset), self.form.cleaned_data.get("stage") or "waiting")
        # A gift for two funds stands on two rows of the join.
        return rows.distinct() if self.form.cleaned_data.get("gift__allocations__fund") else rows


def _working_emails() -> QuerySet:
    return EmailAddress.objects.working_on(clock.today()).values("pk")


class WaitedColumn(StatusChipColumn):
    """How long somebody has been waiting, marked when it is too long; or how they were thanked, and when."""

    def get_cell_context_data(self, instance: Acknowledgement, parent_context: Any) -> dict[str, Any]:
        """Say it as a chip."""
        context = super().get_cell_context_data(instance, parent_context)
        words, tone = how_it_stands(instance, parent_context["request"])
        return context | {"value": words, "tone": tone}


def how_it_stands(row: Acknowledgement, request: HttpRequest | None = None) -> tuple[Any, str]:
    """Return in a few words where thanks for a gift stand, and the tone of it."""
    if row.state == ThanksState.DONE:
        return row.get_how_display(), "good"
    if row.state == ThanksState.NOT_WANTED:
        return row.get_state_display(), "quiet"
    if row.run_id:
        return _("On paper"), "waiting"
    settings = ThanksSettings.load(request_or_site=request)
    waited = row.waited(clock.now())
    return waiting_for(waited), "wrong" if waited > settings.patience else "waiting"


def waiting_for(waited: dt.timedelta) -> str:
    """Return how long, in one unit: `3 days`."""
    now = clock.now()
    return timesince(now - waited, now, depth=1)


class ThanksIndexView(StaffIndexView):
    """The queue."""

    page_title = _("Thanks")
    results_template_name = "wagtailadmin/giving/thanks/queue_results.html"

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the stages with their numbers, and the words that fit each gift of the page."""
        context = super().get_context_data(*args, **kwargs)
        rows = list(context["object_list"])
        _add_fitting(rows)
        return context | {"stages": self._stages()}

    def _stages(self) -> list[dict[str, Any]]:
        late_since = clock.now() - ThanksSettings.load(request_or_site=self.request).patience
        counts = Acknowledgement.objects.waiting().aggregate(
            waiting=Count("pk", filter=Q(run=None)),
            late=Count("pk", filter=Q(run=None, since__lt=late_since)),
            printing=Count("pk", filter=Q(run__isnull=False)),
        )
        current = self.request.GET.get("stage") or "waiting"
        return [
            {"label": label, "url": f"?stage={stage}", "number": counts.get(stage), "current": stage == current}
            for stage, label in STAGES.items()
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """The letters made so far, and the words they are made with."""
        user = self.request.user
        buttons = super().header_buttons
        if user.has_perm("donations.view_thankyourun"):
            url = reverse("thank_you_runs:index")
            buttons.append(HeaderButton(_("Letters"), url=url, icon_name="doc-full", priority=30))
        if user.has_perm("donations.view_thankyoutemplate"):
            url = reverse("thank_you_templates:index")
            buttons.append(HeaderButton(_("Templates"), url=url, icon_name="edit", priority=40))
        url = reverse("time_to_thank")
        return [*buttons, HeaderButton(_("Time to thank"), url=url, icon_name="time", priority=50)]


def _add_fitting(rows: Sequence[Acknowledgement]) -> None:
    """Say for each row that waits by which template it will be thanked for, and what keeps it from that."""
    waiting = [row.gift_id for row in rows if row.is_waiting]
    gifts = gifts_to_thank(Gift.objects.all()).in_bulk(waiting)
    templates = Templates() if waiting else None
    for row in rows:
        gift = gifts.get(row.gift_id)
        if gift is None or templates is None:
            row.fitting = str(row.template or "")  # type: ignore[attr-defined]
        elif why := why_not_thank(gift):
            row.fitting = _("By hand: %(why)s") % {"why": why}  # type: ignore[attr-defined]
        else:
            row.fitting = templates.choose(Facts.of(gift)).name  # type: ignore[attr-defined]


class ThanksRecordView(RecordView):
    """Thanks for one gift: the letter, why with these words, and what has become of it."""

    def get_page_title(self) -> str:
        """Whom to thank, for what."""
        return _("Thanks to %(donor)s") % {"donor": self.object.gift.donor}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page is named by its title."""
        return super().get_context_data(**kwargs) | {"name": self.get_page_title()}

    def subtitle(self) -> str:
        """For which gift."""
        gift = self.object.gift
        return f"{gift} · {gift.fund_names}"

    def chips(self) -> Iterable[Chip]:
        """Where it stands."""
        words, tone = how_it_stands(self.object, self.request)
        if self.object.is_waiting and not self.object.run_id:
            words = _("Waiting for %(time)s") % {"time": words}
        yield Chip(words, tone)

    def figures(self) -> Iterable[Figure]:
        """The gift."""
        gift = self.object.gift
        yield Figure(_("Gift"), str(gift.money), page_of(gift) or "")

    def actions(self) -> Iterable[Action]:
        """The letter as it would be printed."""
        yield Action(_("Look at the letter"), reverse("thanks_letter", args=[self.object.pk]), icon="view")

    def panels(self) -> Iterable[Panel]:
        """The letter."""
        label = _("The letter") if self.object.is_waiting else _("The letter, as it would be written today")
        yield Panel("letter", label, "wagtailadmin/giving/thanks/paper.html", _paper_of)

    def side_panels(self) -> Iterable[Panel]:
        """What is known, and which words fit."""
        row = self.object
        facts = [
            (_("Donor"), row.gift.donor, page_of(row.gift.donor)),
            (_("Gift"), row.gift, page_of(row.gift)),
            (_("Waiting since"), clock.local_date(row.since), None),
            (_("Thanked by"), row.get_how_display(), None),
            (_("On"), clock.local_date(row.at) if row.at else None, None),
            (_("By"), row.by or (_("Steward itself") if row.at else None), None),
            (_("With the words of"), row.template if row.at else None, None),
            (_("Printed with"), row.run, reverse("thank_you_runs:inspect", args=[row.run_id]) if row.run_id else None),
            (_("E-mail"), row.message.get_state_display() if row.message else None, None),
            (_("Note"), row.note, None),
        ]
        shown = [fact for fact in facts if fact[1]]
        yield Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda _row: {"facts": shown})
        if row.is_waiting:
            yield Panel("why", _("Which words, and why"), "wagtailadmin/giving/thanks/why.html", _why_of)


def _paper_of(row: Acknowledgement) -> dict[str, Any]:
    return paper(letter_for(row.gift, together=ThanksSettings.load().together))


def _why_of(row: Acknowledgement) -> dict[str, list[Answer]]:
    gift = gifts_to_thank(Gift.objects.filter(pk=row.gift_id)).get()
    return {"answers": list(Writer().templates.explain(Facts.of(gift)))}


class ThanksViewSet(StaffViewSet):
    """Everybody who gave, and whether they were thanked."""

    model = Acknowledgement
    icon = "mail"
    menu_label = _("Thanks")
    menu_area = Area.GIVING
    menu_order = 12
    add_view_enabled = edit_view_enabled = delete_view_enabled = False
    form_fields = []
    index_view_class = ThanksIndexView
    inspect_view_enabled = True
    inspect_view_class = ThanksRecordView
    filterset_class = ThanksFilterSet
    list_display = [
        TitleColumn(
            "gift__donor", label=_("Donor"), accessor="gift.donor", sort_key="gift__donor__sort_name",
            get_url=lambda row: reverse("thanks:inspect", args=[row.pk]),
        ),
        AmountColumn(
            "amount", label=_("Gift"), accessor="gift.amount", currency="gift.currency", sort_key="gift__base_amount"
        ),
        DateColumn("received_on", label=_("Gift date"), accessor="gift.received_on", sort_key="gift__received_on"),
        LinkColumn(
            "fund_names", label=_("For"), accessor="gift.fund_names", get_url=lambda row: page_of(row.gift)
        ),
        Column("method", label=_("Method"), accessor="gift.get_method_display"),
        WaitedColumn("since", label=_("Waiting"), sort_key="since"),
        Column("fitting", label=_("Words")),
        Column("email", label=_("E-mail"), accessor="gift.donor.primary_email"),
    ]  # fmt: skip
    list_export = [
        "gift.uuid",
        "gift.donor",
        "gift.received_on",
        "gift.amount",
        "gift.currency",
        "gift.fund_names",
        "since",
        "state",
        "how",
        "at",
        "by",
        "template",
        "note",
    ]
    ordering = ["since", "pk"]
    verb_views = {
        "print": PrintOneView,
        "mail": MailView,
        "spoken": SpokenView,
        "not_wanted": NotWantedView,
        "again": WaitAgainView,
    }
    empty_message = _("Nobody waits for thanks. Gifts stand here from the moment they are posted.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Acknowledgement]:
        """Every acknowledgement, with what the list shows beside it."""
        return Acknowledgement.objects.for_list()

    def search(self, queryset: QuerySet[Acknowledgement], query: str) -> QuerySet[Acknowledgement]:
        """Find by donor or reference."""
        donors = Constituent.objects.search(query)
        return queryset.filter(Q(gift__donor__in=donors) | Q(gift__reference__icontains=query))


thanks_viewset = ThanksViewSet("thanks")
