"""Tributes: the dedication on a gift's page, and the list of people who are to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from core.staff.bulk import StaffBulkAction
from core.staff.columns import DateColumn, LinkColumn
from core.staff.menu import Area
from core.staff.viewsets import StaffViewSet
from donations.gift_forms import DedicationForm, NoticeForm, ToldForm
from donations.models import Gift, Tribute, TributeNotice
from donations.models.gift import COUNTED_STATUSES
from donations.services.tributes import dedicate, forget_notice, mark_notified, notify_of, remove_dedication
from donations.staff.links import page_of
from donations.staff.verb import GiftPartVerb, GiftVerb
from donations.thanks.telling import mail_notice


def dedication_of(gift: Gift) -> dict[str, Any] | None:
    """Return the dedication and who is told of it; None when there is none to show or to give."""
    tribute = Tribute.objects.select_related("honouree").filter(gift=gift).first()
    if tribute is None:
        return {"tribute": None} if gift.status in COUNTED_STATUSES or gift.tribute else None
    notices = list(tribute.notices.select_related("constituent", "notified_by"))
    return {
        "tribute": tribute,
        "honouree_url": page_of(tribute.honouree) if tribute.honouree else "",
        "notices": notices,
    }


class DedicateView(GiftVerb):
    """In whose honour or memory."""

    offered = False
    permission = "donations.change_gift"
    title = _("Dedication")
    question = _("In whose honour or memory was %(object)s given?")
    icon = "pick"
    submit_label = _("Save the dedication")
    form_class = DedicationForm
    success_message = _("The gift is dedicated.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Begin with what is on record."""
        existing = Tribute.objects.filter(gift=self.object).first()
        kwargs = super().get_form_kwargs() | {"instance": existing}
        if existing is None and self.object.tribute:
            kwargs["initial"] = kwargs["initial"] | {"honouree_name": self.object.tribute}
        return kwargs

    def run(self, form: forms.BaseForm) -> Tribute:
        """Dedicate it."""
        return dedicate(self.object, by=self.acting, **form.cleaned_data)


class RemoveDedicationView(GiftVerb):
    """It was a mistake."""

    verb = staticmethod(remove_dedication)
    offered = False
    permission = "donations.change_gift"
    title = _("Remove the dedication")
    question = _("Was %(object)s given in nobody’s honour or memory?")
    danger = True
    success_message = _("The dedication is removed.")


class NotifyView(GiftVerb):
    """Somebody is to be told."""

    offered = False
    permission = "donations.change_gift"
    title = _("Tell somebody")
    question = _("Who is to be told of the gift?")
    explanation = _(
        "They wait under Tribute notices until somebody writes or calls. The donor is thanked all the same."
    )
    icon = "mail"
    submit_label = _("Put on the list")
    form_class = NoticeForm
    success_message = _("They are on the list of people to tell.")

    def run(self, form: forms.BaseForm) -> TributeNotice:
        """Put them on the list."""
        return notify_of(Tribute.objects.get(gift=self.object), by=self.acting, **form.cleaned_data)


class NoticePart(GiftPartVerb):
    """A verb about somebody who is to be told."""

    def parts(self) -> QuerySet[TributeNotice]:
        """Those of this gift."""
        return TributeNotice.objects.filter(tribute__gift=self.object).for_list()


class ToldView(NoticePart):
    """They have been told."""

    verb = staticmethod(mark_notified)
    title = _("Told")
    question = _("How was %(part)s told?")
    form_class = ToldForm
    success_message = _("Noted, with today’s date.")

    def get_initial(self) -> dict[str, Any]:
        """As it was wanted."""
        return super().get_initial() | {"how": self.part.way}


class ForgetNoticeView(NoticePart):
    """They need not be told."""

    verb = staticmethod(forget_notice)
    title = _("Not to be told")
    question = _("Take %(part)s off the list?")
    success_message = _("They are off the list.")


VERBS = {
    "dedicate": DedicateView,
    "remove-dedication": RemoveDedicationView,
    "tell": NotifyView,
    "told": ToldView,
    "not-to-tell": ForgetNoticeView,
}


class NoticeFilterSet(WagtailFilterSet):
    """How they are to be told."""

    class Meta:
        model = TributeNotice
        fields = ["way", "tribute__kind"]


class TributeNoticeViewSet(StaffViewSet):
    """Who is to be told of a gift in somebody's honour or memory, oldest first."""

    model = TributeNotice
    icon = "mail"
    menu_label = _("Tribute notices")
    menu_area = Area.GIVING
    menu_order = 32
    add_view_enabled = False
    edit_view_enabled = False
    delete_view_enabled = False
    form_fields = ["way"]
    filterset_class = NoticeFilterSet
    list_display = [
        TitleColumn("recipient_name", label=_("Who"), get_url=lambda notice: page_of(notice.tribute.gift)),
        Column("tribute", label=_("Of the gift")),
        LinkColumn(
            "donor",
            label=_("Given by"),
            accessor=lambda notice: notice.tribute.gift.donor,
            get_url=lambda notice: page_of(notice.tribute.gift.donor),
        ),
        DateColumn("given", label=_("On"), accessor=lambda notice: notice.tribute.gift.received_on),
        Column("get_way_display", label=_("How")),
        Column("address_line", label=_("Where")),
    ]
    ordering = ["tribute__gift__received_on", "pk"]
    list_export = ["recipient_name", "salutation", "street", "city", "region", "postal_code", "country", "email", "way"]
    search_fields = ["name", "tribute__honouree_name", "constituent__display_name"]
    empty_message = _(
        "Nobody waits to be told. When a gift is given in honour or memory, its page takes down who is to hear of it."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[TributeNotice]:
        """Those who wait."""
        return TributeNotice.objects.for_list().waiting()


tribute_notices = TributeNoticeViewSet("tribute_notices", url_prefix="tribute-notices")


class MailNotices(StaffBulkAction):
    """They are told by e-mail."""

    viewset = tribute_notices
    verb = staticmethod(mail_notice)
    permission = "donations.change_gift"
    action_type = "mail"
    action_priority = 20
    display_name = _("Send e-mails")
    question = _("Tell these people by e-mail?")
    explanation = _(
        "The mail says who gave, in whose honour or memory, and never how much unless the donor asked for that. Each "
        "is noted as told. Who is to be told in another way stays on the list."
    )


class MarkAllTold(StaffBulkAction):
    """The letters are in the post."""

    viewset = tribute_notices
    verb = staticmethod(mark_notified)
    permission = "donations.change_gift"
    action_type = "told"
    display_name = _("Mark as told")
    question = _("Have these people been told?")
    explanation = _("Each is noted with today’s date, and leaves this list.")
    form_class = ToldForm
