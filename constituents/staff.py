"""The staff screens about people: lists, the constituent page, forms, choosers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton

from constituents import panels, timeline
from constituents.forms import ConstituentForm, EmailForm, InteractionForm, PhoneForm
from constituents.models import Constituent, Household, Kind, Tag
from constituents.services.contacting import log_interaction
from constituents.services.people import add_from_form, change_from_form, put_email, put_phone
from core.staff.choosers import StaffChooserViewSet
from core.staff.columns import StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Figure, Panel, TimelineEvent
from core.staff.records import RecordView
from core.staff.verbs import VerbView
from core.staff.views import StaffCreateView, StaffIndexView
from core.staff.viewsets import StaffViewSet


class ConstituentRecordView(RecordView):
    """Who this is and what is going on: one page, a constant number of queries."""

    template_name = "wagtailadmin/people/constituent.html"

    def subtitle(self) -> str:
        """The household, or what kind of record it is."""
        household = self.object.household
        return str(household) if household else super().subtitle()

    def chips(self) -> Iterable[Chip]:
        """What must not be overlooked, then what the apps say."""
        if self.object.is_deceased:
            yield Chip(_("Deceased"), "quiet")
        if self.object.do_not_contact:
            yield Chip(_("Do not contact"), "wrong")
        yield from panels.chips_for(self.object, self.request.user)
        for tag in self.object.tags.all():
            yield Chip(tag.name)

    def figures(self) -> Iterable[Figure]:
        """The numbers the apps above know."""
        return panels.figures_for(self.object, self.request.user)

    def actions(self) -> Iterable[Action]:
        """What the apps above offer."""
        return panels.actions_for(self.object, self.request.user)

    def panels(self) -> Iterable[Panel]:
        """What the apps above show, in order."""
        return panels.panels_for(self.request.user)

    def side_panels(self) -> Iterable[Panel]:
        """How to reach them, and with whom they live."""
        return [
            Panel("contact", _("Contact"), "wagtailadmin/people/panels/contact.html", lambda obj: {}),
            Panel("household", _("Household"), "wagtailadmin/people/panels/household.html", lambda obj: {}),
            Panel("about", _("About"), "wagtailadmin/people/panels/about.html", lambda obj: {}),
        ]

    def timeline(self, before: dt.datetime | None, limit: int) -> Sequence[TimelineEvent]:
        """Everything that happened, of the kinds asked for."""
        return timeline.timeline(self.object, user=self.request.user, kinds=self._kinds(), before=before, limit=limit)

    def _kinds(self) -> list[str]:
        return [kind for kind in self.request.GET.getlist("kind") if kind]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the filter of the timeline."""
        chosen = self._kinds()
        sources = timeline.sources_for(self.request.user)
        return super().get_context_data(**kwargs) | {
            "timeline_kinds": [
                {"label": source.label, "url": f"?{urlencode({'kind': source.kind})}", "current": source.kind in chosen}
                for source in sources
            ],
            "timeline_all_current": not chosen,
        }


class ConstituentCreateView(StaffCreateView):
    """Add a person, or with `?kind=organisation` an organisation."""

    def get_initial(self) -> dict[str, Any]:
        """Begin with what the address asks for."""
        known = ("kind", "given_name", "family_name", "email")
        return super().get_initial() | {name: self.request.GET[name] for name in known if name in self.request.GET}

    @cached_property
    def page_title(self) -> Any:
        """Say what is being added."""
        return _("Add an organisation") if self.request.GET.get("kind") == Kind.ORGANISATION else _("Add a person")


class ConstituentIndexView(StaffIndexView):
    """Everyone, with a button for each kind of new record."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Person and organisation side by side."""
        buttons = super().header_buttons
        if self.add_url:
            url = f"{self.add_url}?{urlencode({'kind': Kind.ORGANISATION.value})}"
            buttons.append(HeaderButton(_("Add an organisation"), url=url, icon_name="plus", priority=20))
        return buttons


class LogInteractionView(VerbView):
    """Log a call, meeting, letter or note in one line."""

    verb = staticmethod(log_interaction)
    permission = "constituents.add_interaction"
    title = _("Log contact")
    question = _("What happened with %(object)s?")
    icon = "comment"
    priority = 5
    form_class = InteractionForm
    success_message = _("Logged for %(object)s.")


class AddEmailView(VerbView):
    """Put one more e-mail address on the record."""

    verb = staticmethod(put_email)
    title = _("Add e-mail")
    question = _("Which e-mail address does %(object)s use?")
    icon = "mail"
    priority = 60
    form_class = EmailForm
    success_message = _("The e-mail address is on the record of %(object)s.")


class AddPhoneView(VerbView):
    """Put one more telephone number on the record."""

    verb = staticmethod(put_phone)
    title = _("Add telephone")
    question = _("Which number does %(object)s use?")
    icon = "mobile-alt"
    priority = 61
    form_class = PhoneForm
    success_message = _("The number is on the record of %(object)s.")


_PERSON = MultiFieldPanel(
    [
        FieldPanel("kind", classname="w-hidden"),
        FieldRowPanel([FieldPanel("title"), FieldPanel("given_name"), FieldPanel("family_name")]),
        FieldRowPanel([FieldPanel("middle_name"), FieldPanel("suffix"), FieldPanel("preferred_name")]),
        FieldPanel("organisation_name"),
        FieldRowPanel([FieldPanel("legal_name"), FieldPanel("registration_number")]),
        FieldPanel("parent"),
    ],
    heading=_("Name"),
)
_REACH = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
        FieldPanel("street"),
        FieldPanel("extra"),
        FieldRowPanel([FieldPanel("city"), FieldPanel("region"), FieldPanel("postal_code")]),
        FieldPanel("country"),
        FieldPanel("is_someone_else"),
    ],
    heading=_("How to reach them"),
)
_MORE = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("pronouns"), FieldPanel("former_names"), FieldPanel("occupation")]),
        FieldRowPanel([FieldPanel("birth_day"), FieldPanel("birth_month"), FieldPanel("birth_year")]),
        FieldRowPanel([FieldPanel("language"), FieldPanel("website")]),
        FieldPanel("biography"),
        FieldPanel("tags"),
        FieldPanel("do_not_contact"),
        FieldRowPanel([FieldPanel("is_deceased"), FieldPanel("deceased_on")]),
    ],
    heading=_("More"),
)


class ConstituentViewSet(StaffViewSet):
    """People and organisations."""

    model = Constituent
    icon = "user"
    menu_label = _("Everyone")
    menu_area = Area.PEOPLE
    menu_order = 10
    index_view_class = ConstituentIndexView
    add_view_class = ConstituentCreateView
    create_template_name = "wagtailadmin/people/add.html"
    inspect_view_enabled = True
    inspect_view_class = ConstituentRecordView
    list_display = [
        "display_name",
        StatusChipColumn("kind", label=_("Kind")),
        Column("household", label=_("Household")),
        Column("primary_email", label=_("E-mail")),
        Column("primary_phone", label=_("Telephone")),
    ]
    list_filter = ["kind", "tags", "is_deceased", "do_not_contact"]
    list_export = ["uuid", "display_name", "kind", "household", "primary_email", "primary_phone", "source"]
    ordering = ["sort_name", "pk"]
    edit_handler = ObjectList([_PERSON, _REACH, _MORE], base_form_class=ConstituentForm)
    verbs = {"create": add_from_form, "edit": change_from_form}
    verb_views = {"log": LogInteractionView, "email": AddEmailView, "phone": AddPhoneView}
    empty_message = _("Nobody yet. Add your first person, or bring your old records in with an import.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Constituent]:
        """Everyone who was not merged into another, with what the list shows beside the name."""
        return Constituent.objects.current().for_list()

    def search(self, queryset: QuerySet[Constituent], query: str) -> QuerySet[Constituent]:
        """Find by name in any order, e-mail, telephone, postal code, number."""
        return queryset.search(query)  # type: ignore[attr-defined]


class HouseholdRecordView(RecordView):
    """A household: who lives there, what letters say, where mail goes."""

    def panels(self) -> Iterable[Panel]:
        """Members, names and address."""
        return [
            Panel("members", _("Members"), "wagtailadmin/people/panels/members.html", _members_of),
            Panel("names", _("Names"), "wagtailadmin/people/panels/names.html", lambda obj: {}),
        ]


def _members_of(household: Household) -> dict[str, Any]:
    return {"memberships": household.memberships.select_related("person").order_by("until", "pk")}


class HouseholdViewSet(StaffViewSet):
    """Households."""

    model = Household
    icon = "home"
    menu_area = Area.PEOPLE
    menu_order = 20
    inspect_view_enabled = True
    inspect_view_class = HouseholdRecordView
    prefetch_related = ["memberships__person", "addresses"]
    list_display = [
        "name",
        Column("informal_salutation", label=_("Dear …")),
        Column("address_line", label=_("Address")),
    ]
    search_fields = ["name", "memberships__person__search_text"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("name_by_hand")]),
        FieldRowPanel([FieldPanel("formal_salutation"), FieldPanel("formal_salutation_by_hand")]),
        FieldRowPanel([FieldPanel("informal_salutation"), FieldPanel("informal_salutation_by_hand")]),
        FieldRowPanel([FieldPanel("addressee"), FieldPanel("addressee_by_hand")]),
    ]
    empty_message = _("A household joins people who live and give together. Form one from a person’s page.")


class TagViewSet(StaffViewSet):
    """Tags."""

    model = Tag
    icon = "tag"
    menu_area = Area.SETTINGS
    menu_order = 210
    select_related = ["parent"]
    list_display = ["name", "parent"]
    search_fields = ["name"]
    panels = [FieldPanel("name"), FieldPanel("colour"), FieldPanel("parent")]
    empty_message = _("A tag is a word to find people by again, such as “Press”. Add your first one.")


class ConstituentChooserViewSet(StaffChooserViewSet):
    """Pick a person or an organisation, by anything they are known by."""

    model = Constituent
    icon = "user"
    choose_one_text = _("Choose a constituent")
    choose_another_text = _("Choose another")
    edit_item_text = _("Look at this record")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Constituent]:
        """Everyone on record."""
        return Constituent.objects.current()

    def search(self, queryset: QuerySet[Constituent], query: str) -> QuerySet[Constituent]:
        """Find as the search box does."""
        return queryset.search(query)  # type: ignore[attr-defined]


def page_of(constituent: Constituent) -> str:
    """Return the address of the constituent's page."""
    return reverse("constituents:inspect", args=[constituent.pk])
