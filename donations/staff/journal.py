"""The journal: what was handed to the bookkeeping, each export on its page."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from core import clock
from core.money import Money
from core.staff.columns import AmountColumn, DateColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from core.theme.figures import day_in_words
from donations.models import JournalExport
from donations.staff.journal_lines import lines_of
from donations.staff.journal_verbs import ExportJournalView, TakeBackView
from donations.staff.links import page_of
from donations.staff.only_verbs import NeverDeleted


class JournalIndexView(NeverDeleted, StaffIndexView):
    """The list of exports."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer the way to the accounts beside the verbs."""
        buttons = super().header_buttons
        if self.request.user.has_perm("donations.change_account"):
            url = reverse("journal_accounts")
            buttons = [*buttons, HeaderButton(_("Accounts"), url=url, icon_name="cog", priority=60)]
        return buttons


class JournalRecordView(NeverDeleted, RecordView):
    """One export: its lines, its files."""

    def subtitle(self) -> str:
        """What it covers."""
        return str(_("Through %(day)s") % {"day": day_in_words(self.object.through, "medium")})

    def chips(self) -> Iterable[Chip]:
        """Whether it counts."""
        yield Chip(self.object.get_state_display(), "good" if self.object.is_live else "wrong")
        if self.object.late_count:
            yield Chip(_("%(count)s late") % {"count": self.object.late_count}, "waiting")

    def figures(self) -> Iterable[Figure]:
        """The two sides, which are equal."""
        total = str(Money(self.object.total, self.object.currency))
        yield Figure(_("Debit"), total)
        yield Figure(_("Credit"), total)
        yield Figure(_("Movements"), f"{self.object.entry_count:,}")

    def actions(self) -> Iterable[Action]:
        """The files."""
        if not self.request.user.has_perm("donations.export_journal"):
            return
        for fmt in ("xlsx", "csv"):
            url = reverse("journal_download", args=[self.object.uuid, "lines", fmt])
            yield Action(
                _("Download %(format)s") % {"format": fmt.upper()}, url, icon="download", primary=fmt == "xlsx"
            )
        url = reverse("journal_download", args=[self.object.uuid, "movements", "xlsx"])
        yield Action(_("Every movement"), url, icon="list-ul")

    def panels(self) -> Iterable[Panel]:
        """The lines at full width, then who and when."""
        return [Panel("lines", _("Lines"), "wagtailadmin/giving/panels/journal_lines.html", lines_of), self._facts()]

    def _facts(self) -> Panel:
        export = self.object
        facts = [
            (_("Exported on"), clock.local_date(export.exported_at), None),
            (_("Exported by"), export.exported_by, None),
            (_("Lines"), export.get_grouping_display(), None),
            (_("Taken back on"), clock.local_date(export.taken_back_at) if export.taken_back_at else None, None),
            (_("Taken back by"), export.taken_back_by, None),
            (_("Why"), export.take_back_reason, None),
        ]
        shown = [fact for fact in facts if fact[1]]
        return Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda obj: {"facts": shown})


class JournalViewSet(StaffViewSet):
    """Every hand-over to the bookkeeping, the latest first."""

    model = JournalExport
    icon = "table"
    menu_label = _("Journal")
    menu_area = Area.GIVING
    menu_order = 210
    add_view_enabled = False
    edit_view_enabled = False
    delete_view_enabled = False
    index_view_class = JournalIndexView
    inspect_view_enabled = True
    inspect_view_class = JournalRecordView
    select_related = ["exported_by"]
    list_display = [
        TitleColumn("__str__", label=_("Number"), sort_key="pk", get_url=page_of),
        DateColumn("through", label=_("Through"), sort_key="through"),
        DateColumn("exported_at", label=_("Exported on"), sort_key="exported_at"),
        Column("exported_by", label=_("By")),
        NumberColumn("entry_count", label=_("Movements")),
        NumberColumn("late_count", label=_("Late")),
        AmountColumn("total", label=_("Debit and credit")),
        StatusChipColumn("state", label=_("State"), tones={"live": "good", "taken_back": "wrong"}),
    ]
    ordering = ["-pk"]
    form_fields = []
    verb_views = {"export": ExportJournalView, "take_back": TakeBackView}
    empty_message = _(
        "Nothing was handed to the bookkeeping yet. Enter your account numbers under Accounts, say from which day on "
        "the journal is to run, and export your first month."
    )
