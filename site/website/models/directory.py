"""The member directory: live membership data, everyone out until they opt in, field by field."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page

from website import directory
from website.forms import RelayForm
from website.services.relaying import relay_message

PAGE_SIZE = 24


class DirectoryPage(RoutablePageMixin, Page):
    """Members who chose to be listed."""

    lede = models.CharField(_("opening"), max_length=300, blank=True)
    for_members_only = models.BooleanField(
        _("for members only"), default=False, help_text=_("Others are asked to sign in.")
    )

    content_panels = [*Page.content_panels, FieldPanel("lede"), FieldPanel("for_members_only")]

    class Meta:
        verbose_name = _("member directory")
        verbose_name_plural = _("member directories")

    @path("")
    def people(self, request: HttpRequest) -> HttpResponse:
        """List and search."""
        members = directory.reads_as_member(request)
        if self.for_members_only and not members:
            return self._kept(self.render(request, template="website/directory_closed.html"))
        query, town = request.GET.get("q", "").strip()[:100], request.GET.get("town", "").strip()[:120]
        found = directory.search(query, members=members, town=town)
        page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        context = {
            "entries": directory.entries(list(page.object_list), members=members),
            "page_of_people": page,
            "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            "query": query,
            "town": town,
            "towns": directory.towns(members=members),
            "reads_as_member": members,
        }
        return self._kept(self.render(request, template="website/directory_page.html", context_overrides=context))

    @path("<uuid:who>/")
    def person(self, request: HttpRequest, who: Any) -> HttpResponse:
        """One entry, and a form that passes a message on without giving the address away."""
        members = directory.reads_as_member(request)
        found = directory.listed(members=members).filter(uuid=who)
        if (self.for_members_only and not members) or not found:
            # The same answer for someone who hides and for someone who does not exist.
            raise Http404
        person = found[0]
        [entry] = directory.entries([person], members=members)
        form = RelayForm(request.POST or None, request=request) if entry.takes_messages else None
        if form is not None and form.is_valid():
            relay_message(person, form=form.cleaned_data)
            messages.success(request, _t("Your message is on its way to %(name)s.") % {"name": entry.name})
            return redirect(request.path)
        context = {"entry": entry, "form": form}
        return self._kept(self.render(request, template="website/directory_person.html", context_overrides=context))

    @staticmethod
    def _kept(response: HttpResponse) -> HttpResponse:
        """Keep entries out of search engines and caches: leaving the directory takes effect at once."""
        response["X-Robots-Tag"] = "noindex"
        response["Cache-Control"] = "private, no-store"
        return response
