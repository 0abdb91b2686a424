"""Possible duplicates: the list with reasons, a group side by side, what staff decide, and starting a scan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column

from constituents.duplicates.pairs import dismiss, reconsider
from constituents.duplicates.reasons import field_labels, in_words, speaks_against
from constituents.duplicates.scanning import last_scan, start_scan, unfinished_scan
from constituents.models import DuplicatePair, Likeness, PairState
from constituents.staff.duplicate_groups import side_by_side
from constituents.staff.merging import merge_url
from core.staff.bulk import StaffBulkAction
from core.staff.columns import StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Panel
from core.staff.records import RecordView
from core.staff.verbs import VerbView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet

MERGE = "constituents.merge_constituent"
TONES: dict[str, str] = {Likeness.CERTAIN: "good", Likeness.LIKELY: "waiting"}


class RecordColumn(Column):
    """One of the two records, in brief."""

    cell_template_name = "wagtailadmin/people/duplicates/record_cell.html"


class ReasonsColumn(Column):
    """What agrees, then what does not; and how to settle the pair."""

    cell_template_name = "wagtailadmin/people/duplicates/reasons_cell.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown: dict[int, dict[str, Any]] = {}

    def get_cell_context_data(self, instance: DuplicatePair, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Add what the list has found out of the pair, and what this user may do about it."""
        request = parent_context["request"]
        is_open = instance.state == PairState.OPEN
        return super().get_cell_context_data(instance, parent_context) | {
            "pair": instance,
            **self.shown[instance.pk],
            "merge_url": merge_url(instance.first, instance.second) if is_open and request.user.has_perm(MERGE) else "",
            "may_decide": request.user.has_perm("constituents.change_duplicatepair"),
            "next": request.get_full_path(),
            # A cell is drawn without the page's context processors, and so without the token they bring.
            "csrf_token": get_token(request),
        }


def reasons_of(pair: DuplicatePair, labels: dict[str, str]) -> dict[str, list[str]]:
    """Return what speaks for the pair and what against it, in words."""
    against = [code for code in pair.reasons if speaks_against(code)]
    agreeing = [code for code in pair.reasons if code not in against]
    return {"agreeing": in_words(agreeing, labels), "against": in_words(against, labels)}


def group_sizes(groups: set[int]) -> dict[int, int]:
    """Return how many records each of the groups has."""
    members: dict[int, set[int]] = {}
    pairs = DuplicatePair.objects.to_decide().exclude(likeness=Likeness.POSSIBLE).filter(group__in=groups)
    for group, first, second in pairs.order_by().values_list("group", "first_id", "second_id"):
        members.setdefault(group, set()).update((first, second))
    return {group: len(records) for group, records in members.items()}


class DuplicateIndexView(StaffIndexView):
    """The pairs to decide on, the surest first; those of one group stand together."""

    results_template_name = "wagtailadmin/people/duplicates/index_results.html"

    def get_table(self, object_list: Iterable[DuplicatePair], **kwargs: Any) -> Any:
        """Find out of all pairs on the page together why they look alike and how many belong to each group."""
        pairs = list(object_list)
        labels, sizes = field_labels(), group_sizes({pair.group for pair in pairs})
        shown = {pair.pk: {**reasons_of(pair, labels), "size": sizes.get(pair.group, 2)} for pair in pairs}
        for column in self.columns:
            if isinstance(column, ReasonsColumn):
                column.shown = shown
        return super().get_table(pairs, **kwargs)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Show what is to be decided, unless something else was asked for."""
        queryset = super().filter_queryset(queryset)
        return queryset if self.request.GET.get("state") else queryset.filter(state=PairState.OPEN)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Say when somebody last looked, and whether somebody is looking now."""
        return super().get_context_data(*args, **kwargs) | {"last_scan": last_scan(), "running": unfinished_scan()}


class DismissView(VerbView):
    """These are two."""

    verb = staticmethod(dismiss)
    title = _("Not a duplicate")
    question = _("Are these two different: %(object)s?")
    explanation = _("The pair is not shown again, unless something that was compared changes. You can take this back.")
    icon = "cross"
    priority = 20

    @classmethod
    def refusal(cls, obj: Any) -> Any:
        """Only a pair nobody has decided on."""
        return "" if obj.state == PairState.OPEN else _("This pair has been decided on already.")

    def get_success_message(self, outcome: Any) -> str:
        """Say it with the way back."""
        url = reverse(self.viewset.get_url_name("reconsider"), args=[outcome.pk])
        said = gettext("%(object)s: not a duplicate.") % {"object": self.object}
        messages.success(self.request, said, buttons=[messages.button(url, gettext("Take it back"))])
        return ""


class ReconsiderView(VerbView):
    """They may be one after all."""

    verb = staticmethod(reconsider)
    title = _("Put back on the list")
    question = _("May these be one after all: %(object)s?")
    success_message = _("%(object)s: on the list again.")
    icon = "rotate"
    priority = 20

    @classmethod
    def refusal(cls, obj: Any) -> Any:
        """Only a pair somebody dismissed."""
        return "" if obj.state == PairState.NOT_DUPLICATE else _("Nobody has said that these two are not the same.")


class ScanForm(forms.Form):
    """How far to look."""

    everyone = forms.BooleanField(
        label=_("Compare everyone again"),
        required=False,
        help_text=_("Otherwise only those whose record changed since the last scan are compared with all others."),
    )


class ScanView(VerbView):
    """Look for duplicates now."""

    verb = staticmethod(start_scan)
    needs_object = False
    permission = "constituents.add_duplicatescan"
    title = _("Look for duplicates")
    explanation = _(
        "This runs every night by itself. Nothing is merged: you decide on each pair. You can leave the page meanwhile."
    )
    submit_label = _("Start looking")
    icon = "search"
    form_class = ScanForm

    def run(self, form: forms.BaseForm) -> Any:
        """Keep the job, whose page shows how far it is."""
        self.job = super().run(form)
        return self.job

    def get_success_url(self) -> str:
        """Go to the job's page; when the user changes their mind, to the list."""
        return self.job.get_absolute_url() if hasattr(self, "job") else super().get_success_url()


def home_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Say on the first page how many wait, if any do."""
    number = DuplicatePair.objects.to_decide().exclude(likeness=Likeness.POSSIBLE).count()
    return {"number": number} if number else None


class PairView(RecordView):
    """A pair, or the whole group it belongs to, side by side."""

    def chips(self) -> list[Chip]:
        """How sure, and what was decided."""
        pair = self.object
        chips = [Chip(pair.get_likeness_display(), TONES.get(pair.likeness, ""))]
        return chips if pair.state == PairState.OPEN else [*chips, Chip(pair.get_state_display(), "")]

    def actions(self) -> list[Action]:
        """Merge; the other decision is among the verbs."""
        pair = self.object
        if pair.state != PairState.OPEN or not self.request.user.has_perm(MERGE):
            return []
        return [Action(_("Merge"), merge_url(pair.first, pair.second), icon="resubmit", primary=True)]

    def panels(self) -> list[Panel]:
        """Everything that can be compared, a column for each record of the group."""
        return [
            Panel(
                "side_by_side",
                _("Side by side"),
                "wagtailadmin/people/duplicates/side_by_side.html",
                lambda pair: side_by_side(pair, self.request.user),
            )
        ]


class DuplicateViewSet(StaffViewSet):
    """Possible duplicates."""

    model = DuplicatePair
    icon = "copy"
    menu_label = _("Duplicates")
    menu_area = Area.PEOPLE
    menu_order = 60
    form_fields: tuple[str, ...] = ()
    add_view_enabled = edit_view_enabled = delete_view_enabled = False
    index_view_class = DuplicateIndexView
    inspect_view_enabled = True
    inspect_view_class = PairView
    list_display = [
        RecordColumn("first", label=_("This record")),
        RecordColumn("second", label=_("and this one")),
        ReasonsColumn("reasons", label=_("Why"), width="36%"),
        StatusChipColumn("likeness", tones=TONES),
    ]
    list_filter = ["likeness", "state"]
    select_related = ["first", "second"]
    prefetch_related = [f"{side}__{kind}" for side in ("first", "second") for kind in ("emails", "phones", "addresses")]
    ordering = ["-weight", "group", "pk"]
    verb_views = {"dismiss": DismissView, "reconsider": ReconsiderView, "scan": ScanView}
    empty_message = _(
        "Nobody seems to be on record twice. We look every night at what changed; you can also start looking now."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[DuplicatePair]:
        """Pairs of records that both still stand: to decide on, or dismissed."""
        stands = Q(first__merged_into__isnull=True, second__merged_into__isnull=True)
        return super().base_queryset(request).filter(stands).exclude(state=PairState.MERGED)

    def search(self, queryset: QuerySet[DuplicatePair], query: str) -> QuerySet[DuplicatePair]:
        """Find by either name."""
        return queryset.filter(Q(first__display_name__icontains=query) | Q(second__display_name__icontains=query))


duplicate_viewset = DuplicateViewSet("duplicates")


class DismissPairs(StaffBulkAction):
    """These pairs are each two different."""

    viewset = duplicate_viewset
    verb = staticmethod(dismiss)
    action_type = "dismiss"
    display_name = _("Not duplicates")
    question = _("Are the two records of each of these pairs different?")
    explanation = _("The pairs are not shown again, unless something that was compared changes.")
