"""Staff screens: members, levels, applications, flags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.widgets.button import BaseButton, Button, HeaderButton

from constituents.models import Constituent
from core import clock
from core.money import Money
from core.staff.columns import AmountColumn, DateColumn, LinkColumn, NumberColumn, StatusChipColumn, TitleColumn
from core.staff.menu import Area
from core.staff.parts import Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from memberships import verbs
from memberships.filters import MembershipFilters
from memberships.models import Application, Flag, Level, Membership, Status
from memberships.services.renewing import opens_on
from memberships.wording import TONES, day, period_in_words, standing_in_words, term_in_words

# Verbs with a higher priority number stand in the menu behind the dots.
_LESS_OFTEN = 30
_TO_RENEW = (Status.DUE, Status.GRACE, Status.LAPSED)


class StatusColumn(StatusChipColumn):
    """The status as SQL computed it, in words."""

    def get_value(self, instance: Membership) -> str:
        """Return the word for it."""
        return str(Status(instance.status).label)

    def get_cell_context_data(self, instance: Membership, parent_context: Any) -> dict[str, Any]:
        """Colour by status, not by its word."""
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"tone": TONES.get(Status(instance.status), "")}


class MembershipRecordView(RecordView):
    """A membership: where it stands, its people, its terms and what was paid."""

    object: Membership

    def subtitle(self) -> Any:
        """Say the level and the number."""
        return _("%(level)s, number %(number)s") % {
            "level": self.object.level or _("No level yet"),
            "number": self.object.number,
        }

    def get_page_title(self) -> str:
        """Whose it is."""
        return str(self.object.holder)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Head the page with whose it is."""
        return super().get_context_data(**kwargs) | {"name": str(self.object.holder)}

    def chips(self) -> Iterable[Chip]:
        """Say where it stands."""
        today = clock.today()
        yield Chip(standing_in_words(self.object, today), TONES.get(self.object.status_on(today), "quiet"))
        if any(flag.settled_at is None for flag in self.object.flags.all()):
            yield Chip(_("Look at the money"), "wrong")

    def figures(self) -> Iterable[Figure]:
        """Since when, until when, from when it can be renewed, at what price."""
        membership, last = self.object, self.object.latest_term
        if membership.member_since:
            yield Figure(_("Member since"), day(membership.member_since))
        if last is not None and last.ends_on is not None:
            yield Figure(_("Paid until"), day(last.ends_on))
            if (opens := opens_on(membership)) is not None and opens > clock.today():
                yield Figure(_("Renewal opens"), day(opens))
            if membership.renews_as is not None:
                yield Figure(_("Next dues"), str(membership.renews_as.price_on_renewal))

    def panels(self) -> Iterable[Panel]:
        """Flags and applications first, then terms with their dues."""
        template = "wagtailadmin/memberships/{}.html".format
        if any(flag.settled_at is None for flag in self.object.flags.all()):
            yield Panel("flags", _("To look at"), template("flags"), self._flags)
        if self.object.applications.all():
            yield Panel("applications", _("Applications"), template("applications"), self._applications)
        yield Panel("terms", _("Terms"), template("terms"), self._terms)

    def side_panels(self) -> Iterable[Panel]:
        """Who is on the plan; facts; the note."""
        template = "wagtailadmin/memberships/{}.html".format
        yield Panel("people", _("People"), template("people"), self._people)
        if self.object.standings.all():
            yield Panel("standings", _("Facts"), template("standings"), self._standings)

    @staticmethod
    def _terms(membership: Membership) -> dict[str, Any]:
        terms = sorted(membership.terms.all(), key=lambda term: (term.starts_on, term.pk), reverse=True)
        return {
            "terms": [
                {
                    "term": term,
                    "words": term_in_words(term),
                    "paid": Money(term.price + term.fee - term.credit, term.currency),
                }
                for term in terms
            ]
        }

    @staticmethod
    def _people(membership: Membership) -> dict[str, Any]:
        places = list(membership.people.all())
        return {
            "membership": membership,
            "now": [place for place in places if place.until is None],
            "before": [place for place in places if place.until is not None],
        }

    @staticmethod
    def _flags(membership: Membership) -> dict[str, Any]:
        return {"flags": [flag for flag in membership.flags.all() if flag.settled_at is None]}

    @staticmethod
    def _applications(membership: Membership) -> dict[str, Any]:
        return {"applications": list(membership.applications.all())}

    @staticmethod
    def _standings(membership: Membership) -> dict[str, Any]:
        return {"standings": list(membership.standings.all())}

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Renew, change level, lift a suspension."""
        return self._verbs(HeaderButton, everyday=True)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """What is needed less often."""
        edit = self.get_edit_url()
        own = [Button(_("Edit payer and note"), url=edit, icon_name="edit", priority=30)] if edit else []
        if self.request.user.has_perm("memberships.join_membership"):
            card = reverse("memberships_card", args=[self.object.pk])
            own.append(Button(_("Print the card"), url=card, icon_name="doc-full", priority=25))
        return [*own, *self._verbs(Button, everyday=False), *super().header_more_buttons]

    def _verbs(self, button_class: type[BaseButton], *, everyday: bool) -> list[BaseButton]:
        buttons = self.viewset.verb_buttons(self.request, self.object, button_class)
        return [button for button in buttons if (button.priority < _LESS_OFTEN) == everyday]


class MembershipIndexView(StaffIndexView):
    """The list, with cards to print for whom it shows."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Add the cards."""
        buttons = list(super().header_more_buttons)
        if self.request.user.has_perm("memberships.join_membership"):
            url = f"{reverse('memberships_cards')}?{self.request.GET.urlencode()}"
            buttons.append(Button(_("Print cards"), url=url, icon_name="doc-full", priority=80))
        return buttons


def _renew_label(membership: Membership) -> Any:
    return _("Renew") if Status(membership.status) in _TO_RENEW else ""


def _renew_url(membership: Membership) -> str | None:
    if Status(membership.status) not in _TO_RENEW:
        return None
    return f"{reverse('memberships:renew', args=[membership.pk])}?next={reverse('memberships:index')}"


class MembershipViewSet(StaffViewSet):
    """Members."""

    model = Membership
    icon = "group"
    menu_label = _("Members")
    menu_area = Area.MEMBERSHIP
    menu_order = 10
    url_namespace = "memberships"
    inspect_view_enabled = True
    inspect_view_class = MembershipRecordView
    index_view_class = MembershipIndexView
    filterset_class = MembershipFilters
    list_display = [
        TitleColumn("holder", label=_("Member"), get_url=lambda row: reverse("memberships:inspect", args=[row.pk])),
        NumberColumn("number", label=_("Number"), sort_key="number"),
        "level",
        StatusColumn("status", label=_("Status")),
        DateColumn("ends_on", label=_("Until"), sort_key="ends_on"),
        DateColumn("member_since", label=_("Member since"), sort_key="member_since"),
        LinkColumn("renew", label="", accessor=_renew_label, get_url=_renew_url),
    ]
    list_export = ["number", "holder", "level", "status", "ends_on", "member_since"]
    form_fields = ["payer", "note"]
    empty_message = _("Nobody is a member yet. Add your levels first, then let the first person join.")
    verb_views = {
        "join": verbs.JoinView,
        "renew": verbs.RenewView,
        "lift": verbs.LiftView,
        "change-level": verbs.ChangeLevelView,
        "add-person": verbs.AddPersonView,
        "remove-person": verbs.RemovePersonView,
        "free-term": verbs.FreeTermView,
        "honour": verbs.HonourView,
        "revoke-cards": verbs.RevokeCardsView,
        "suspend": verbs.SuspendView,
        "cancel": verbs.CancelView,
    }

    def base_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """With status and end, as SQL computes them, and what a page shows."""
        return Membership.objects.for_list().prefetch_related(
            "terms__level", "terms__gift", "standings", "people__person", "flags__gift", "applications__level"
        )

    def search(self, queryset: QuerySet[Membership], query: str) -> QuerySet[Membership]:
        """Find by anything the member, a person of the household or of the plan is found by."""
        found = Constituent.objects.search(query).values("pk")
        return queryset.filter(
            Q(number__icontains=query.strip())
            | Q(constituent__in=found)
            | Q(household__name__icontains=query.strip())
            | Q(pk__in=Membership.objects.filter(people__person__in=found).values("pk"))
        )


membership_viewset = MembershipViewSet("memberships")


class LevelViewSet(StaffViewSet):
    """What one can buy."""

    model = Level
    icon = "tag"
    menu_label = _("Levels")
    menu_area = Area.MEMBERSHIP
    menu_order = 80
    url_namespace = "membership_levels"
    list_display = [
        "name",
        AmountColumn("dues"),
        AmountColumn("price_on_renewal", label=_("On renewal")),
        LinkColumn("period", label=_("Period"), accessor=period_in_words, get_url=lambda level: None),
        NumberColumn("capacity"),
        "joining",
        DateColumn("on_sale_until"),
    ]
    search_fields = ["name", "code"]
    list_filter = ["joining", "period_kind"]
    exclude_form_fields: Sequence[str] = ()
    empty_message = _("A level is what one can buy: Individual, Household, Student. Add the first one.")
    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
                FieldPanel("description"),
                FieldPanel("benefits"),
                FieldPanel("order"),
            ],
            heading=_("What it is"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("dues"), FieldPanel("currency")]),
                FieldRowPanel([FieldPanel("renewal_price"), FieldPanel("joining_fee")]),
                FieldRowPanel([FieldPanel("advantage_amount"), FieldPanel("advantage_description")]),
                FieldPanel("fund"),
            ],
            heading=_("What it costs"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("period_kind"), FieldPanel("months")]),
                FieldRowPanel([FieldPanel("year_start_month"), FieldPanel("year_start_day")]),
                FieldRowPanel([FieldPanel("rollover_month"), FieldPanel("rollover_day")]),
                FieldPanel("proration"),
            ],
            heading=_("How long it lasts"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("renewal_opens_days"), FieldPanel("renewal_closes_days")]),
                FieldRowPanel([FieldPanel("grace_days"), FieldPanel("successor")]),
            ],
            heading=_("Renewing"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("joining"), FieldPanel("capacity")]),
                FieldRowPanel([FieldPanel("can_vote"), FieldPanel("sees_directory")]),
                FieldRowPanel([FieldPanel("on_sale_from"), FieldPanel("on_sale_until")]),
            ],
            heading=_("Who may have it"),
        ),
    ]


class ApplicationViewSet(StaffViewSet):
    """Who asked to join or renew, and waits for an answer or has yet to pay."""

    model = Application
    icon = "form"
    form_fields: Sequence[str] = ()
    menu_label = _("Applications")
    menu_area = Area.MEMBERSHIP
    menu_order = 30
    url_namespace = "membership_applications"
    inspect_view_enabled = True
    select_related = ["membership__constituent", "membership__household", "level", "gift"]
    list_display = [
        TitleColumn(
            "holder",
            label=_("Who"),
            accessor="membership.holder",
            get_url=lambda row: reverse("memberships:inspect", args=[row.membership_id]),
        ),
        "level",
        StatusChipColumn("state", tones={"approval": "waiting", "payment": "waiting", "done": "good"}),
        AmountColumn("expected", label=_("Expected"), accessor="gift.money", currency=None),
        DateColumn("asked_on", label=_("Asked on"), sort_key="asked_on"),
    ]
    list_filter = ["state", "level"]
    empty_message = _("Nobody waits. Who asks to join on the website appears here.")
    verb_views = {"received": verbs.ReceiveView, "approve": verbs.ApproveView, "decline": verbs.DeclineView}


class FlagViewSet(StaffViewSet):
    """Money that came twice, dues that went back."""

    model = Flag
    icon = "warning"
    form_fields: Sequence[str] = ()
    menu_label = _("To look at")
    menu_area = Area.MEMBERSHIP
    menu_order = 40
    url_namespace = "membership_flags"
    inspect_view_enabled = True
    select_related = ["membership__constituent", "membership__household", "gift"]
    list_display = [
        TitleColumn(
            "holder",
            label=_("Member"),
            accessor="membership.holder",
            get_url=lambda row: reverse("memberships:inspect", args=[row.membership_id]),
        ),
        "kind",
        AmountColumn("amount", accessor="gift.money", label=_("Amount"), currency=None),
        "note",
        DateColumn("raised_at", label=_("Raised")),
        "settlement",
    ]
    list_filter = ["kind"]
    empty_message = _("Nothing waits: no dues came twice and none went back.")
    verb_views = {"settle": verbs.SettleView}
