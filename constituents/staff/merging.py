"""Merge two records: choose the other one, see both side by side, pick, confirm; the list of merges, and undo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from constituents.merging.choosing import Question, alike, questions, taken_over
from constituents.merging.counting import count_moves, left_by_undo
from constituents.merging.fields import groups
from constituents.merging.plan import KEPT, MERGED
from constituents.merging.planning import plan_merge
from constituents.merging.totals import totals_of
from constituents.models import Constituent, DuplicatePair, Merge, MoveKind
from constituents.services.merging import merge, undo_merge
from core.staff.columns import LinkColumn, MomentColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Panel
from core.staff.records import RecordView
from core.staff.verbs import VerbView
from core.staff.viewsets import StaffViewSet

_FOUND = 20


class MergeForm(forms.Form):
    """Whose value stays, question by question, and why the two are the same."""

    note = forms.CharField(
        label=_("Why these are the same"),
        required=False,
        max_length=500,
        help_text=_("Kept with the merge, for whoever asks later."),
    )

    def __init__(self, *args: Any, asked: Iterable[Question] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        for question in self.asked:
            self.fields[_field(question.name)] = forms.ChoiceField(
                label=question.label,
                choices=[(KEPT, question.kept), (MERGED, question.merged)],
                initial=question.suggestion,
                required=False,
            )

    def rows(self) -> list[dict[str, Any]]:
        """Return each question with both answers and which is picked."""
        return [
            {
                "question": question,
                "name": self[_field(question.name)].html_name,
                "picked": self[_field(question.name)].value() or question.suggestion,
            }
            for question in self.asked
        ]

    @property
    def choices(self) -> dict[str, str]:
        """What was picked, as the service takes it."""
        picked = {question.name: self.cleaned_data.get(_field(question.name)) for question in self.asked}
        return {name: side for name, side in picked.items() if side}


def _field(name: str) -> str:
    return f"pick-{name}"


def merge_url(kept: Constituent, merged: Constituent) -> str:
    """Return the address where one record is merged into another."""
    return f"{reverse('constituents:merge', args=[kept.pk])}?{urlencode({'with': merged.pk})}"


class MergeView(VerbView):
    """Both records side by side, and what would move; without `?with=` the page on which the other is chosen."""

    verb = staticmethod(merge)
    permission = "constituents.merge_constituent"
    title = _("Merge with…")
    icon = "resubmit"
    priority = 80
    form_class = MergeForm
    template_name = "wagtailadmin/people/merge.html"
    done: Merge | None = None
    object: Constituent

    @cached_property
    def other(self) -> Constituent | None:
        """The record that would be merged into this one."""
        asked = self.request.GET.get("with", "")
        if not asked:
            return None
        found = Constituent.objects.filter(pk=int(asked)).first() if asked.isdigit() else None
        if found is None or found.pk == self.object.pk:
            raise Http404
        return found

    def get_queryset(self) -> QuerySet[Constituent]:
        """Nothing of what the list shows beside a name stands here."""
        return super().get_queryset().prefetch_related(None)

    def _both(self) -> tuple[Constituent, Constituent]:
        """Return the record to keep and the other, once that is chosen."""
        if self.other is None:
            raise Http404
        return self.object, self.other

    def get_template_names(self) -> list[str]:
        """Choose first, then compare."""
        return [self.template_name] if self.other else ["wagtailadmin/people/merge_choose.html"]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask about everything in which the two differ."""
        asked = questions(self.object, self.other, self.request.user) if self.other else []
        return super().get_form_kwargs() | {"asked": asked}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Merge, when there is something to merge with."""
        return super().post(request, *args, **kwargs) if self.other else self.get(request, *args, **kwargs)

    def run(self, form: Any) -> Merge:
        """Merge as picked."""
        kept, other = self._both()
        self.done = merge(kept, other, by=self.acting, choices=form.choices, note=form.cleaned_data["note"])
        return self.done

    def get_success_message(self, outcome: Merge) -> str:
        """Say which two are one."""
        words = {"merged": outcome.names["merged"], "kept": outcome.names["kept"]}
        return str(_("“%(merged)s” is merged into “%(kept)s”.") % words)

    def get_success_url(self) -> str:
        """What was done, with the way back; before that, the record."""
        if self.done is not None:
            return reverse("merges:inspect", args=[self.done.pk])
        return super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the page both records and what would become of their rows."""
        context = super().get_context_data(**kwargs)
        return context | (self._comparison(context["form"]) if self.other else self._candidates())

    def _comparison(self, form: MergeForm) -> dict[str, Any]:
        kept, other = self._both()
        picked = {question.name: question.suggestion for question in form.asked}
        plan = plan_merge(kept, other, choices=picked)
        return {
            "other": other,
            "rows": form.rows(),
            "alike": alike(kept, other),
            "taken_over": taken_over(kept, other),
            "counted": count_moves(plan.moves),
            "totals": totals_of(kept, other, self.request.user),
            "refusals": plan.refusals,
            "warnings": plan.warnings,
            "switch_url": merge_url(other, kept),
            "media": form.media,
        }

    def _candidates(self) -> dict[str, Any]:
        query = self.request.GET.get("q", "").strip()
        same_kind = Constituent.objects.current().filter(kind=self.object.kind).exclude(pk=self.object.pk)
        found = same_kind.search(query).for_list()[:_FOUND] if query else []
        pairs = [] if query else _pairs_of(self.object)
        return {
            "query": query,
            "found": [(one, merge_url(self.object, one)) for one in found],
            "pairs": [(one, merge_url(self.object, one)) for one in pairs],
        }


def _pairs_of(constituent: Constituent) -> list[Constituent]:
    """Return the records the duplicates list holds beside this one."""
    pairs = DuplicatePair.objects.filter(state="open").select_related("first", "second").order_by("-score")
    mine = [*pairs.filter(first=constituent)[:_FOUND], *pairs.filter(second=constituent)[:_FOUND]]
    others = [pair.second if pair.first_id == constituent.pk else pair.first for pair in mine]
    return [other for other in others if other.merged_into_id is None and other.kind == constituent.kind]


class UndoMergeView(VerbView):
    """Take a merge back."""

    verb = staticmethod(undo_merge)
    permission = "constituents.merge_constituent"
    title = _("Undo this merge")
    question = _("Take the merge of %(object)s back?")
    explanation = _(
        "Both records are as they were before. What was entered since stays with the record it was entered on. What was"
        " changed since is left alone; the page then says what, and why."
    )
    icon = "rotate"
    danger = True
    priority = 10
    success_message = _("The merge of %(object)s is undone.")

    @classmethod
    def refusal(cls, obj: Any) -> str | Promise:
        """Say why not: it was undone, or the record that was kept is itself a signpost now."""
        if obj.is_undone:
            return _("This merge was undone already.")
        if obj.kept.merged_into_id is not None:
            return _("The record that was kept was itself merged since. Undo that merge first.")
        return ""


class MergeRecordView(RecordView):
    """One merge: what was picked, what moved, and what an undo left where it was."""

    object: Merge

    def subtitle(self) -> Any:
        """Say that this is a merge."""
        return _("Two records that became one")

    def chips(self) -> Iterable[Chip]:
        """Say whether it stands."""
        yield Chip(_("Undone"), "quiet") if self.object.is_undone else Chip(_("Merged"), "good")

    def actions(self) -> Iterable[Action]:
        """Lead to the record, or to both once they are two again."""
        kept, merged = self.object.kept, self.object.merged
        if not self.request.user.has_perm("constituents.view_constituent"):
            return
        yield Action(kept.display_name, reverse("constituents:inspect", args=[kept.pk]), icon="user", primary=True)
        if self.object.is_undone:
            url = reverse("constituents:inspect", args=[merged.pk])
            yield Action(merged.display_name, url, icon="user", primary=True)

    def panels(self) -> Iterable[Panel]:
        """Who, when and why; what moved; what was picked; what an undo left."""
        base = "wagtailadmin/people/panels/"
        return [
            Panel("facts", "", f"{base}merge_facts.html", lambda done: {}),
            Panel("moved", _("What moved"), f"{base}merge_counts.html", _moved),
            Panel("picked", _("What was written into the record kept"), f"{base}merge_picked.html", _picked),
            Panel("left", _("What undoing left where it was"), f"{base}merge_left.html", _left),
        ]


def _moved(done: Merge) -> dict[str, Any]:
    return {"counted": count_moves(done.moves.only("model", "kind"))}


def _picked(done: Merge) -> dict[str, Any]:
    labels = {one.attname: one.verbose_name for group in groups() for one in group.fields}
    label = Constituent._meta.label
    changed = done.moves.filter(model=label, row=done.kept_id, kind=MoveKind.CHANGED)
    rows = [
        (labels[name], move.old[name], value) for move in changed for name, value in move.new.items() if name in labels
    ]
    return {"rows": rows}


def _left(done: Merge) -> dict[str, Any]:
    return {"rows": left_by_undo(done)}


class MergeViewSet(StaffViewSet):
    """What was merged into what."""

    model = Merge
    icon = "resubmit"
    menu_label = _("Merges")
    menu_area = Area.PEOPLE
    menu_order = 80
    add_view_enabled = edit_view_enabled = delete_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = MergeRecordView
    form_fields = ["note"]
    verb_views = {"undo": UndoMergeView}
    list_display = [
        "__str__",
        LinkColumn("kept", label=_("Kept"), get_url=lambda done: reverse("constituents:inspect", args=[done.kept_id])),
        MomentColumn("merged_at"),
        "merged_by",
        StatusChipColumn("state", label=_("State"), tones={"merged": "good"}),
    ]
    list_filter = ["merged_by"]
    search_fields = ["kept__display_name", "merged__display_name", "note"]
    ordering = ["-merged_at", "-pk"]
    empty_message = _(
        "Nobody has been merged yet. When two records turn out to be one person, open one and choose “Merge with…”."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Merge]:
        """With both records and who decided."""
        return Merge.objects.for_list()
