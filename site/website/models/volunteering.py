"""The volunteering page: open shifts, and signing up for one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page

from core import clock
from core.errors import DomainError
from core.once.sending import sent_once
from volunteers.models import Opportunity, Shift, SignUpStatus, Visibility
from website import figures
from website.directory import reads_as_member
from website.forms import SignUpForm
from website.services.volunteering import sign_up_from_form

PAGE_SIZE = 20


class VolunteerPage(RoutablePageMixin, Page):
    """Give time."""

    lede = models.CharField(_("opening"), max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lede")]

    class Meta:
        verbose_name = _("volunteering page")
        verbose_name_plural = _("volunteering pages")

    def _shifts(self, request: HttpRequest) -> models.QuerySet[Shift]:
        seen = [Visibility.PUBLIC, Visibility.MEMBERS] if reads_as_member(request) else [Visibility.PUBLIC]
        return (
            Shift.objects.coming()
            .filter(opportunity__visibility__in=seen, opportunity__is_open=True, starts_at__gt=clock.now())
            .select_related("opportunity")
        )

    @path("")
    def shifts(self, request: HttpRequest) -> HttpResponse:
        """List the open shifts."""
        shifts = self._shifts(request)
        role = request.GET.get("role", "")
        if role:
            shifts = shifts.filter(opportunity__slug=role)
        page = Paginator(shifts, PAGE_SIZE).get_page(request.GET.get("page"))
        context = {
            "shifts": [figures.shift_line(shift) for shift in page.object_list],
            "page_of_shifts": page,
            "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            "opportunities": Opportunity.objects.open().visible_to(members=reads_as_member(request)),
            "role": role,
        }
        return self.render(request, template="website/volunteer_page.html", context_overrides=context)

    @path("<uuid:which>/")
    @method_decorator(sent_once)
    def shift(self, request: HttpRequest, which: Any) -> HttpResponse:
        """Sign up for a shift."""
        shift = self._shifts(request).filter(uuid=which).first()
        if shift is None:
            raise Http404
        form = SignUpForm(request.POST or None, request=request)
        if request.method == "POST" and form.is_valid():
            try:
                place = sign_up_from_form(
                    shift, form.cleaned_data, user=request.user if request.user.is_authenticated else None
                )
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                waiting = place.status == SignUpStatus.WAITING
                messages.success(
                    request,
                    _t("You are on the waiting list. We write as soon as a place is free.")
                    if waiting
                    else _t("Thank you! You are signed up, and the details are on their way to you by e-mail."),
                )
                return redirect(self.get_url(request))
        context: dict[str, Any] = {"shift": shift, "line": figures.shift_line(shift), "form": form}
        response = self.render(request, template="website/volunteer_shift.html", context_overrides=context)
        response["Cache-Control"] = "private, no-store"
        return response
