"""The joining page: levels compared, and a form for each."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page

from core import clock
from core.errors import DomainError
from core.once.sending import sent_once
from memberships.models import Level
from website import figures
from website.forms import JoinForm
from website.services.joining import ask_to_join


class JoinPage(RoutablePageMixin, Page):
    """Become a member."""

    lede = models.CharField(_("opening"), max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lede")]

    class Meta:
        verbose_name = _("joining page")
        verbose_name_plural = _("joining pages")

    @path("")
    def levels(self, request: HttpRequest) -> HttpResponse:
        """Compare the levels."""
        return self.render(
            request, template="website/join_page.html", context_overrides={"levels": figures.public_levels()}
        )

    @path("thanks/")
    def thanks(self, request: HttpRequest) -> HttpResponse:
        """Say what happens next."""
        return self.render(request, template="website/join_thanks.html")

    @path("<slug:code>/")
    @method_decorator(sent_once)
    def join(self, request: HttpRequest, code: str) -> HttpResponse:
        """Ask to join at one level."""
        level = Level.objects.on_sale(clock.today()).public().filter(code=code).first()
        if level is None:
            raise Http404
        form = JoinForm(request.POST or None, request=request)
        if request.method == "POST" and form.is_valid():
            try:
                ask_to_join(level, form.cleaned_data, user=request.user if request.user.is_authenticated else None)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                return redirect(f"{self.get_url(request)}thanks/")
        context: dict[str, Any] = {"level": level, "form": form}
        response = self.render(request, template="website/join_level.html", context_overrides=context)
        response["Cache-Control"] = "private, no-store"
        return response
