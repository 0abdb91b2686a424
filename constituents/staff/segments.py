"""Segments and lists: put together without code, looked at, copied, frozen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.auth import permission_required
from wagtail.admin.forms import WagtailAdminModelForm

from constituents.errors import CriteriaError
from constituents.models import Constituent, Segment, SegmentSnapshot
from constituents.segments.building import BLANK
from constituents.segments.forms import BuildsCriteria, CriteriaField, CriteriaWidget
from constituents.segments.registry import criteria_for, lacking
from constituents.segments.saved import members_of
from constituents.segments.wording import sentence
from constituents.services.segments import (
    change_segment,
    copy_segment,
    delete_list,
    delete_segment,
    make_segment,
    take_snapshot,
)
from core import clock
from core.staff.columns import BooleanColumn, MomentColumn, NumberColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.verbs import VerbView
from core.staff.views import StaffCreateView, StaffEditView
from core.staff.viewsets import StaffViewSet

NAMES_ON_PAGE = 12


class SegmentForm(BuildsCriteria, WagtailAdminModelForm):
    """Name, conditions, household rule, who may use it."""

    criteria = CriteriaField(label=_("Who is in it"), required=False)

    class Meta:
        model = Segment
        fields = ["name", "description", "criteria", "one_per_household", "is_shared"]
        widgets = {"description": forms.TextInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("CriteriaField", self.fields["criteria"])
        field.limit_to(self.for_user)
        field.widget.one_per_household = self.instance.one_per_household
        if self.instance.pk is None:
            self.initial.setdefault("criteria", {"match": "all", "of": [dict(BLANK)]})


class BuildsSegment:
    """A form view whose builder's buttons show the form again, without a word of error."""

    def form_invalid(self, form: SegmentForm) -> HttpResponse:
        """Say what is wrong, unless it is still being built."""
        if not form.is_building:
            return super().form_invalid(form)  # type: ignore[misc]
        self.form = form
        return self.render_to_response(self.get_context_data(form=form))  # type: ignore[attr-defined]


class SegmentCreateView(BuildsSegment, StaffCreateView):
    """A new segment."""


class SegmentEditView(BuildsSegment, StaffEditView):
    """Change a segment: its maker, and who may change those of others."""

    def get_queryset(self) -> QuerySet[Segment]:
        """Others' segments are copied, not changed."""
        segments = super().get_queryset()
        if self.request.user.has_perm("constituents.change_any_segment"):
            return segments
        return segments.filter(owner=self.request.user)


class TakeListForm(forms.Form):
    """What the list is called."""

    name = forms.CharField(label=_("Name of the list"), max_length=160, help_text=_("Such as “Spring letter 2027”."))


class TakeListView(VerbView):
    """Freeze who is in it now."""

    verb = staticmethod(take_snapshot)
    permission = "constituents.add_segmentsnapshot"
    title = _("Take a list")
    question = _("Write down who is in “%(object)s” now?")
    explanation = _("The list stays as it is, whoever joins or leaves the segment later.")
    icon = "clipboard-list"
    form_class = TakeListForm
    success_message = _("The list of “%(object)s” is taken.")

    def get_initial(self) -> dict[str, Any]:
        """The segment's own name."""
        return {"name": str(self.object)[:160]}

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """How many."""
        return [(_("In it now"), _count(self.object))]

    def get_success_url(self) -> str:
        """Stay with the segment."""
        return self.viewset.url_of(self.object)


class CopyView(VerbView):
    """Make one's own of the same conditions."""

    verb = staticmethod(copy_segment)
    permission = "add"
    title = _("Copy")
    question = _("Make a copy of “%(object)s” for yourself?")
    explanation = _("You can then change the copy; the segment itself stays as it is.")
    icon = "copy"
    success_message = _("The copy of “%(object)s” is yours.")


def _count(segment: Any) -> Any:
    try:
        return members_of(segment).count()
    except CriteriaError as error:
        return str(error)


class SegmentRecordView(RecordView):
    """Who is in it, in words and in names."""

    @cached_property
    def found(self) -> Any:
        """Who is in it now; the fault when its conditions name what is gone."""
        try:
            return members_of(self.object)
        except CriteriaError as error:
            return error

    def subtitle(self) -> str:
        """What it is for."""
        return str(self.object.description or super().subtitle())

    def chips(self) -> Iterable[Chip]:
        """Whose it is, and how it counts."""
        yield Chip(_("Everyone may use it")) if self.object.is_shared else Chip(_("Only yours"))
        if self.object.one_per_household:
            yield Chip(_("One per household"))
        if isinstance(self.found, CriteriaError):
            yield Chip(_("Needs mending"), "wrong")

    def figures(self) -> Iterable[Figure]:
        """How many."""
        if isinstance(self.found, CriteriaError):
            return []
        count = self.found.count()
        return [Figure(_("In it now"), f"{count:,}", url=people_in(self.object))]

    def actions(self) -> Iterable[Action]:
        """See them all, in the list where one can act on all of them."""
        if isinstance(self.found, CriteriaError):
            return []
        return [Action(_("Open in the list"), people_in(self.object), icon="list-ul", primary=True)]

    def panels(self) -> Iterable[Panel]:
        """The sentence and names, then the lists taken."""
        return [
            Panel("who", _("Who is in it"), "wagtailadmin/people/segments/who.html", self._who),
            Panel("lists", _("Lists taken"), "wagtailadmin/people/segments/lists.html", _lists),
        ]

    def _who(self, segment: Segment) -> dict[str, Any]:
        if isinstance(self.found, CriteriaError):
            return {"fault": str(self.found)}
        people = self.found.order_by("sort_name", "pk")[:NAMES_ON_PAGE]
        return {
            "sentence": sentence(segment.criteria, one_per_household=segment.one_per_household),
            "people": people,
            "url": people_in(segment),
        }

    def get_edit_url(self) -> str | None:
        """Only for those who may change it."""
        mine = self.object.owner_id == self.request.user.pk
        if mine or self.request.user.has_perm("constituents.change_any_segment"):
            return super().get_edit_url()
        return None


def _lists(segment: Segment) -> dict[str, Any]:
    return {"lists": [(taken, clock.local_date(taken.taken_at)) for taken in segment.snapshots.all()[:20]]}


def people_in(segment: Segment) -> str:
    """Return the address of the people list, narrowed to a segment."""
    return f"{reverse('constituents:index')}?{urlencode({'segment': segment.pk})}"


def people_on(snapshot: SegmentSnapshot) -> str:
    """Return the address of the people list, narrowed to a list."""
    return f"{reverse('constituents:index')}?{urlencode({'list': snapshot.pk})}"


class SegmentViewSet(StaffViewSet):
    """Segments: one's own and those that are shared."""

    model = Segment
    icon = "crosshairs"
    menu_label = _("Segments")
    menu_area = Area.PEOPLE
    menu_order = 40
    add_view_class = SegmentCreateView
    edit_view_class = SegmentEditView
    inspect_view_enabled = True
    inspect_view_class = SegmentRecordView
    select_related = ["owner"]
    list_display = ["name", "description", "owner", BooleanColumn("is_shared"), MomentColumn("updated_at")]
    search_fields = ["name", "description"]
    verbs = {"create": make_segment, "edit": change_segment, "delete": delete_segment}
    verb_views = {"list": TakeListView, "copy": CopyView}
    create_template_name = edit_template_name = "wagtailadmin/people/segments/form.html"
    empty_message = _(
        "A segment finds people by what you know of them, such as “Gave last year, not this”, and stays up to date by "
        "itself. Make your first one."
    )

    def get_form_class(self, for_update: bool = False) -> type[forms.BaseForm]:
        """The form with the builder."""
        return SegmentForm

    def get_edit_handler(self) -> None:
        """The form draws itself."""
        return

    def base_queryset(self, request: HttpRequest) -> QuerySet[Segment]:
        """One's own and the shared ones, without those that tell what one may not see."""
        segments: Any = super().base_queryset(request)
        return segments.visible_to(request.user, lacking=lacking(request.user))


class SnapshotRecordView(RecordView):
    """Who is on a list."""

    def figures(self) -> Iterable[Figure]:
        """How many then, how many still on record."""
        now = self.object.members.current().count()
        return [Figure(_("On the list"), f"{now:,}", url=people_on(self.object))]

    def actions(self) -> Iterable[Action]:
        """See them all."""
        return [Action(_("Open in the list"), people_on(self.object), icon="list-ul", primary=True)]

    def panels(self) -> Iterable[Panel]:
        """The names."""
        return [Panel("who", _("Who is on it"), "wagtailadmin/people/segments/who.html", self._who)]

    def _who(self, snapshot: SegmentSnapshot) -> dict[str, Any]:
        people = Constituent.objects.filter(snapshots=snapshot).current().order_by("sort_name", "pk")[:NAMES_ON_PAGE]
        return {"people": people, "url": people_on(snapshot), "sentence": self._sentence()}

    def _sentence(self) -> str:
        try:
            return sentence(self.object.criteria) if self.object.criteria else ""
        except CriteriaError:
            return ""


class SnapshotViewSet(StaffViewSet):
    """Lists once taken."""

    model = SegmentSnapshot
    icon = "clipboard-list"
    menu_label = _("Lists")
    menu_area = Area.PEOPLE
    menu_order = 45
    add_view_enabled = False
    edit_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = SnapshotRecordView
    select_related = ["segment", "taken_by"]
    list_display = ["name", NumberColumn("count"), "segment", "taken_by", MomentColumn("taken_at")]
    search_fields = ["name"]
    verbs = {"delete": delete_list}
    # Nothing is typed here: verbs make lists.
    form_fields = ["name"]
    empty_message = _("A list keeps who was in a segment on a day. Open a segment and take one.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[SegmentSnapshot]:
        """Without those that tell what one may not see."""
        lists: Any = super().base_queryset(request)
        return lists.open_to(lacking=lacking(request.user))


@permission_required("constituents.view_constituent")
@require_POST
def criteria_fragment(request: HttpRequest) -> HttpResponse:
    """Answer a builder's press with the builder as it stands then, and with whom it finds."""
    name = request.GET.get("name", "criteria")
    widget = CriteriaWidget()
    widget.known = criteria_for(request.user)
    value = widget.value_from_datadict(request.POST, request.FILES, name)
    return render(request, widget.template_name, widget.get_context(name, value, {}))
