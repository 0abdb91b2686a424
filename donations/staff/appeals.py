"""Appeals: one ask each, with whom it went to, its link and code, what it cost and what it brought."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.auth import permission_required
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.widgets import AdminDateInput

from constituents.models import Segment
from constituents.segments.registry import lacking
from core import clock
from core.staff.choosers import StaffChooserViewSet
from core.staff.columns import AmountColumn, DateColumn, LinkColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Chip, Figure, Panel, Text
from core.staff.records import RecordView
from core.staff.verbs import VerbView
from core.staff.viewsets import StaffViewSet
from core.theme.charts import written
from core.theme.figures import day_in_words
from donations.campaigns.arranging import remove_appeal, take_list_for
from donations.campaigns.links import link_of, qr_pdf, qr_png, qr_svg
from donations.campaigns.results import Results, results_of_appeal
from donations.campaigns.wording import base, percent, whole
from donations.models import Appeal
from donations.money_fields import AmountInput
from donations.staff.links import gifts_url, page_of
from donations.staff.results import ResultColumn, with_results


class TakeListForm(forms.Form):
    """Whom it goes to, when, and at what cost."""

    segment = forms.ModelChoiceField(
        Segment.objects.none(), label=_("Segment"), help_text=_("Who is in it now is written down as the list mailed.")
    )
    sent_on = forms.DateField(label=_("Sent on"), widget=AdminDateInput)
    cost = AmountInput(label=_("Cost"), required=False, help_text=_("Leave it empty to keep what is known."))


class TakeListView(VerbView):
    """Write down whom the appeal goes to."""

    verb = staticmethod(take_list_for)
    permission = "donations.change_appeal"
    title = _("Take the list")
    question = _("Whom does “%(object)s” go to?")
    explanation = _("The list stays as it is today, and the response counts from the number of people on it.")
    icon = "clipboard-list"
    form_class = TakeListForm
    success_message = _("The list of “%(object)s” is taken.")

    def get_form(self, form_class: Any = None) -> BaseForm:
        """Offer the segments this person may use."""
        form = super().get_form(form_class)
        user = self.request.user
        form.fields["segment"].queryset = Segment.objects.visible_to(user, lacking=lacking(user))
        return form

    def get_initial(self) -> dict[str, Any]:
        """The segment it is meant for, and today."""
        appeal = self.object
        return {"segment": appeal.segment_id, "sent_on": appeal.sent_on or clock.today()}


class AppealRecordView(RecordView):
    """One appeal: what came of it, and how to answer it."""

    @cached_property
    def results(self) -> Results:
        """What it brought, asked once."""
        return results_of_appeal(self.object)

    def subtitle(self) -> Text:
        """How, when, for which campaign."""
        appeal = self.object
        words = [
            appeal.get_channel_display(),
            day_in_words(appeal.sent_on, "medium") if appeal.sent_on else "",
            str(appeal.campaign),
        ]
        return " · ".join(word for word in words if word)

    def chips(self) -> Iterable[Chip]:
        """Whether its code still credits it."""
        if not self.object.is_open_on(clock.today()):
            yield Chip(_("Code has ended"))

    def figures(self) -> Iterable[Figure]:
        """What was asked, what came, what it cost and returned."""
        found = self.results
        response = _("Response, of %(sent)s sent") % {"sent": written(found.sent)} if found.sent else _("Response")
        yield Figure(_("Raised"), whole(found.revenue), gifts_url(appeal=self.object.pk))
        yield Figure(_("Gifts"), written(found.gifts))
        donors = ngettext("Donors, %(new)s of them new", "Donors, %(new)s of them new", found.donors)
        yield Figure(donors % {"new": written(found.new_donors)}, written(found.donors))
        yield Figure(response, percent(found.response_rate))
        yield Figure(_("Average gift"), base(found.average))
        yield Figure(_("Median gift"), base(found.median))
        yield Figure(_("Cost"), base(found.cost))
        yield Figure(_("Net"), whole(found.net))
        yield Figure(_("Return on cost"), percent(found.roi))

    def panels(self) -> Iterable[Panel]:
        """Its link and its code."""
        return [Panel("share", _("Link and code"), "wagtailadmin/giving/panels/appeal_share.html", _share)]

    def side_panels(self) -> Iterable[Panel]:
        """The facts."""
        appeal = self.object
        mailed = appeal.mailed_list
        facts = [
            (_("Campaign"), appeal.campaign, page_of(appeal.campaign)),
            (_("Code"), appeal.code, None),
            (_("Meant for"), appeal.segment, page_of(appeal.segment) if appeal.segment else None),
            (_("List mailed"), mailed, page_of(mailed) if mailed else None),
            (_("Code ends on"), day_in_words(appeal.closes_on, "medium") if appeal.closes_on else "", None),
        ]
        shown = [fact for fact in facts if fact[1]]
        return [Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda obj: {"facts": shown})]


def _share(appeal: Appeal) -> dict[str, Any]:
    link = link_of(appeal)
    return {
        "link": link,
        "qr": _drawing(link),
        "svg_url": reverse("appeal_qr", args=[appeal.pk, "svg"]),
        "pdf_url": reverse("appeal_qr", args=[appeal.pk, "pdf"]),
        "png_url": reverse("appeal_qr", args=[appeal.pk, "png"]),
        "is_open": appeal.is_open_on(clock.today()),
    }


def _drawing(link: str) -> SafeString:
    # Our own drawing of squares: nothing anybody typed is in it but as squares.
    svg = qr_svg(link).decode()
    return mark_safe(svg[svg.index("<svg") :].replace("<svg", '<svg class="s-share__code"', 1))  # noqa: S308


@permission_required("donations.view_appeal")
def qr_code(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """Return the code of an appeal as a file for the printer or for a letter."""
    appeal = get_object_or_404(Appeal.objects.select_related("campaign"), pk=pk)
    makers = {"svg": (qr_svg, "image/svg+xml"), "png": (qr_png, "image/png"), "pdf": (qr_pdf, "application/pdf")}
    if fmt not in makers:
        raise Http404
    make, content_type = makers[fmt]
    response = HttpResponse(make(link_of(appeal)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{appeal.code}.{fmt}"'
    return response


class AppealViewSet(StaffViewSet):
    """One ask each: a letter, an e-mail, an evening."""

    model = Appeal
    icon = "mail"
    menu_label = _("Appeals")
    menu_area = Area.GIVING
    menu_order = 60
    inspect_view_enabled = True
    inspect_view_class = AppealRecordView
    select_related = ["campaign", "segment", "mailed_list"]
    list_display = [
        "name",
        LinkColumn("campaign", label=_("Campaign"), get_url=lambda appeal: page_of(appeal.campaign)),
        StatusChipColumn("channel", label=_("Channel")),
        DateColumn("sent_on", label=_("Sent on"), sort_key="sent_on"),
        NumberColumn("number_sent", label=_("Number sent")),
        AmountColumn("cost", label=_("Cost"), currency=None),
        ResultColumn("raised", label=_("Raised"), sort_key="raised"),
        NumberColumn("gift_count", label=_("Gifts"), sort_key="gift_count"),
    ]
    list_filter = ["campaign", "channel"]
    list_export = ["name", "code", "campaign", "channel", "sent_on", "number_sent", "cost", "raised", "gift_count"]
    search_fields = ["name", "code", "campaign__name"]
    panels = [
        FieldPanel("campaign"),
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        FieldRowPanel([FieldPanel("channel"), FieldPanel("segment")]),
        FieldRowPanel([FieldPanel("sent_on"), FieldPanel("number_sent")]),
        FieldRowPanel([FieldPanel("cost"), FieldPanel("closes_on")]),
    ]
    verbs = {"delete": remove_appeal}
    verb_views = {"list": TakeListView}
    empty_message = _(
        "An appeal is one ask within a campaign: a letter, an e-mail, an evening. Add the first one you sent."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Appeal]:
        """Appeals with what they brought."""
        return with_results(super().base_queryset(request), "appeal")


class AppealChooserViewSet(StaffChooserViewSet):
    """Pick an appeal."""

    model = Appeal
    icon = "mail"
    search_fields = ["name", "code", "campaign__name"]
    select_related = ["campaign"]
