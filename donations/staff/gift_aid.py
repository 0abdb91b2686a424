"""Gift Aid declarations: the list, the page of one, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Model, Q, QuerySet
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_required
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn

from constituents.models import Constituent
from core import audit, clock
from core.files import private_file_response, private_storage
from core.staff.asked import acting, record_asked_for
from core.staff.columns import DateColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Panel
from core.staff.records import RecordView
from core.staff.verbs import VerbView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from donations.gift_aid import declaring
from donations.gift_aid.eligibility import gift_aid_is_on
from donations.gift_aid.forms import CancelForm, ConfirmForm, DeclarationForm, EvidenceForm, HomeForm
from donations.gift_aid.standing import TONES
from donations.gift_aid.wording import wording_for
from donations.models import DeclarationMethod, Gift, GiftAidDeclaration
from donations.staff.gift_aid_person import EnoughTaxView, NotEnoughTaxView
from donations.staff.gifts import NeverDeleted
from donations.staff.links import page_of
from donations.staff.tones import GIFT_TONES

_OFFERED_GIFTS = 20


class OnlyInTheUnitedKingdom(StaffViewSet):
    """A viewset that stands in the menu only where Gift Aid is claimed."""

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        """Shown where Gift Aid is theirs, to those who may look."""
        viewset = self

        class GiftAidMenuItem(MenuItem):
            def is_shown(self, request: HttpRequest) -> bool:
                return gift_aid_is_on() and viewset.may_see(request.user)

        return GiftAidMenuItem


class DeclarationFilterSet(WagtailFilterSet):
    """What one asks of a list of declarations."""

    declared_on = django_filters.DateFromToRangeFilter(label=_("Declared on"), widget=DateRangePickerWidget)
    standing = django_filters.ChoiceFilter(
        label=_("Stands"),
        method="filter_standing",
        choices=[
            ("standing", _("Standing")),
            ("to_confirm", _("To be confirmed in writing")),
            ("incomplete", _("Address incomplete")),
            ("cancelled", _("Cancelled")),
        ],
    )

    class Meta:
        model = GiftAidDeclaration
        fields = ["declared_on", "method"]

    def filter_standing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Narrow to how they stand."""
        open_ones = GiftAidDeclaration.objects.standing()
        chosen = {
            "standing": open_ones.exclude(pk__in=open_ones.unready().values("pk")),
            "to_confirm": open_ones.to_confirm(),
            "incomplete": open_ones.incomplete(),
            "cancelled": GiftAidDeclaration.objects.filter(cancelled_from__isnull=False),
        }[value]
        return queryset.filter(pk__in=chosen.order_by().values("pk"))


class RecordDeclarationView(VerbView):
    """A form came by post, or somebody said it on the telephone."""

    verb = staticmethod(declaring.declare)
    permission = "add"
    needs_object = False
    title = _("Record a declaration")
    question = _("What did the donor declare?")
    explanation = _(
        "Without one no Gift Aid can be claimed. Keep the wording they agreed to and the paper it stands on: both may "
        "be asked for up to six years after the last claim."
    )
    icon = "plus"
    form_class = DeclarationForm
    success_message = _("The declaration is on record.")

    @property
    def donor(self) -> Constituent | None:
        """Whom the address says, from that person's page."""
        return record_asked_for(self.request, "donor", Constituent.objects.current().people())

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the newest gifts of the donor one came from."""
        gifts = None
        if self.donor:
            newest = Gift.objects.filter(donor=self.donor).order_by("-received_on", "-pk")[:_OFFERED_GIFTS]
            gifts = Gift.objects.filter(pk__in=[gift.pk for gift in newest])
        return super().get_form_kwargs() | {"gifts": gifts}

    def get_initial(self) -> dict[str, Any]:
        """Today, everything covered, our wording, and the home on record."""
        home = declaring.home_on_record(self.donor, clock.today()) if self.donor else {}
        return (
            super().get_initial()
            | home
            | {
                "donor": self.donor,
                "declared_on": clock.today(),
                "covers_past": True,
                "covers_this": True,
                "covers_future": True,
                "method": DeclarationMethod.WRITTEN,
                "wording": wording_for(past=True, this=True, future=True),
            }
        )

    def run(self, form: BaseForm) -> GiftAidDeclaration:
        """Record it, and remember where to go."""
        self.declaration = declaring.declare(by=self.acting, source="on paper", **form.cleaned_data)
        return self.declaration

    def get_success_url(self) -> str:
        """Look at it, unless one came from a page that waits."""
        declaration = getattr(self, "declaration", None)
        if declaration and not self.request.GET.get("next") and not self.request.POST.get("next"):
            return self.viewset.url_of(declaration)
        return super().get_success_url()


class DeclarationVerb(VerbView):
    """What the verbs about one declaration show before one decides."""

    permission = "change"

    @classmethod
    def refusal(cls, declaration: GiftAidDeclaration) -> Any:
        """A cancelled one stays as it is."""
        return _("This declaration is cancelled.") if declaration.is_cancelled else ""

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """Whose, what it covers, when."""
        return [
            (_("Donor"), self.object.donor),
            (_("Covers"), self.object.scope),
            (_("Declared on"), self.object.declared_on),
            (_("How"), self.object.get_method_display()),
        ]


class ConfirmView(DeclarationVerb):
    """The written record of what was said went out."""

    verb = staticmethod(declaring.confirm_in_writing)
    title = _("Confirmed in writing")
    question = _("When did the written record go to the donor?")
    explanation = _(
        "What was said by word of mouth counts once we have written it to the donor: their name and address, what it "
        "covers, what it means for their tax, and that they may take it back within 30 days."
    )
    icon = "mail"
    priority = 10
    form_class = ConfirmForm
    success_message = _("It counts now: %(object)s.")

    @classmethod
    def refusal(cls, declaration: GiftAidDeclaration) -> Any:
        """Only of what was said and not confirmed."""
        return super().refusal(declaration) or (
            "" if declaration.waits_for_record else _("There is nothing to confirm.")
        )

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return super().get_initial() | {"sent_on": clock.today()}


class MendView(DeclarationVerb):
    """Complete or correct the donor's home."""

    verb = staticmethod(declaring.mend_address)
    title = _("Mend the address")
    question = _("Where does %(donor)s live?")
    explanation = _(
        "HMRC finds the taxpayer by name, house and postcode. What was claimed already stays as it was sent."
    )
    icon = "edit"
    priority = 20
    form_class = HomeForm
    success_message = _("The address is mended: %(object)s.")

    def words(self) -> dict[str, Any]:
        """Let the question name the donor."""
        return super().words() | {"donor": self.object.donor}

    def get_initial(self) -> dict[str, Any]:
        """What it says, or the home on record where it says nothing."""
        declaration = self.object
        said = {name: getattr(declaration, name) for name in ("house", "postcode", "is_abroad")}
        home = {} if declaration.has_address else declaring.home_on_record(declaration.donor, clock.today())
        return super().get_initial() | said | home


class EvidenceView(DeclarationVerb):
    """Keep the paper with it."""

    verb = staticmethod(declaring.add_evidence)
    title = _("Add evidence")
    question = _("Which file shows that %(object)s was declared?")
    icon = "doc-full"
    priority = 30
    form_class = EvidenceForm
    success_message = _("The file is kept with the declaration.")

    @classmethod
    def refusal(cls, declaration: GiftAidDeclaration) -> Any:
        """One file, and it stays."""
        return _("There is a file with it already.") if declaration.evidence else ""


class CancelDeclarationView(DeclarationVerb):
    """The donor wants no Gift Aid claimed any more, or cannot have it."""

    verb = staticmethod(declaring.cancel_declaration)
    permission = "donations.cancel_giftaiddeclaration"
    title = _("Cancel")
    question = _("Cancel the declaration of %(object)s?")
    explanation = _("It stays on record with the day it ends. Recorded by mistake, it covers nothing at all.")
    icon = "cross"
    danger = True
    priority = 80
    form_class = CancelForm
    success_message = _("The declaration of %(object)s is cancelled.")

    def get_initial(self) -> dict[str, Any]:
        """From today."""
        return super().get_initial() | {"cancelled_from": clock.today()}


class OnlyByVerbs(NeverDeleted):
    """Declarations are recorded, mended and cancelled: there is no bare form."""

    def get_add_url(self) -> None:
        """There is none."""
        return

    def get_edit_url(self, instance: Model | None = None) -> None:
        """There is none."""
        return


class DeclarationIndexView(OnlyByVerbs, StaffIndexView):
    """The list of declarations."""


class DeclarationRecordView(OnlyByVerbs, RecordView):
    """One declaration: the very words, what it covers, what was claimed under it."""

    def subtitle(self) -> Any:
        """What it covers."""
        return self.object.scope

    def chips(self) -> Iterable[Chip]:
        """How it stands."""
        yield Chip(self.object.get_standing_display(), TONES[self.object.standing])

    def actions(self) -> Iterable[Action]:
        """The paper."""
        if self.object.evidence:
            yield Action(_("Evidence"), reverse("gift_aid_evidence", args=[self.object.uuid]), icon="download")

    def panels(self) -> Iterable[Panel]:
        """The words and the gifts."""
        return [
            Panel("wording", _("What was agreed"), "wagtailadmin/giving/panels/gift_aid_wording.html", lambda obj: {}),
            Panel("gifts", _("Claimed under it"), "wagtailadmin/giving/panels/gift_aid_claimed.html", _claimed_under),
        ]

    def side_panels(self) -> Iterable[Panel]:
        """The facts."""
        declaration = self.object
        facts = [
            (_("Donor"), declaration.donor, page_of(declaration.donor)),
            (_("Declared on"), declaration.declared_on, None),
            (_("How"), declaration.get_method_display(), None),
            (_("Written record sent on"), declaration.written_record_sent_on, None),
            (_("The gift it came with"), declaration.gift, page_of(declaration.gift) if declaration.gift else None),
            (_("House"), declaration.house or _("missing"), None),
            (_("Postcode"), _("abroad") if declaration.is_abroad else declaration.postcode or _("missing"), None),
            (_("Cancelled from"), declaration.cancelled_from, None),
            (_("Why"), declaration.get_cancel_reason_display(), None),
            (_("Note"), declaration.cancel_note, None),
            (_("Source"), declaration.source, None),
            (_("Recorded by"), declaration.recorded_by, None),
        ]
        shown = [fact for fact in facts if fact[1]]
        return [Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda obj: {"facts": shown})]


def _claimed_under(declaration: GiftAidDeclaration) -> dict[str, Any]:
    lines = declaration.lines.select_related("gift", "claim").order_by("-gift__received_on", "-pk")[:50]
    return {"lines": [(line, page_of(line.gift), GIFT_TONES.get(line.gift.status, "")) for line in lines]}


@permission_required("donations.view_giftaiddeclaration")
def evidence(request: HttpRequest, uuid: Any) -> FileResponse:
    """Answer with the paper a declaration stands on; each copy taken is on record."""
    declaration = get_object_or_404(GiftAidDeclaration.objects.select_related("donor"), uuid=uuid)
    if not declaration.evidence:
        raise Http404
    answer = private_file_response(
        private_storage(),
        str(declaration.evidence.name),
        content_type=declaration.evidence_type,
        filename=declaration.evidence_name,
    )
    audit.record(
        "gift_aid.downloaded",
        declaration,
        by=acting(request),
        new={"file": declaration.evidence_name},
        about=declaration.donor,
    )
    return answer


class DeclarationViewSet(OnlyInTheUnitedKingdom):
    """Every declaration; cancelled ones stay."""

    model = GiftAidDeclaration
    icon = "check"
    menu_label = _("Gift Aid declarations")
    menu_area = Area.GIVING
    menu_order = 60
    index_view_class = DeclarationIndexView
    inspect_view_enabled = True
    inspect_view_class = DeclarationRecordView
    filterset_class = DeclarationFilterSet
    list_display = [
        TitleColumn("donor", label=_("Donor"), sort_key="donor__sort_name", get_url=page_of),
        DateColumn("declared_on", label=_("Declared on"), sort_key="declared_on"),
        Column("scope", label=_("Covers")),
        Column("get_method_display", label=_("How")),
        Column("house", label=_("House")),
        Column("postcode", label=_("Postcode")),
        StatusChipColumn("standing", label=_("Stands"), tones=TONES),
    ]
    list_export = [
        "donor",
        "declared_on",
        "covers_past",
        "covers_this",
        "covers_future",
        "method",
        "written_record_sent_on",
        "house",
        "postcode",
        "is_abroad",
        "cancelled_from",
        "cancel_reason",
        "wording",
    ]
    ordering = ["-declared_on", "-pk"]
    form_fields = []
    verb_views = {
        "record": RecordDeclarationView,
        "too-little-tax": NotEnoughTaxView,
        "enough-tax": EnoughTaxView,
        "confirm": ConfirmView,
        "mend": MendView,
        "evidence": EvidenceView,
        "cancel": CancelDeclarationView,
    }
    empty_message = _(
        "No declaration yet. Record the first one from paper, or let donors tick it on the giving page: it is there."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[GiftAidDeclaration]:
        """Every declaration, with what the list shows beside it."""
        return GiftAidDeclaration.objects.for_list()

    def search(self, queryset: QuerySet[GiftAidDeclaration], query: str) -> QuerySet[GiftAidDeclaration]:
        """Find by donor or postcode."""
        return queryset.filter(Q(donor__in=Constituent.objects.search(query)) | Q(postcode__istartswith=query))
