"""Directory choices, field by field, beside what members and everyone would see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from constituents.models import Audience, Constituent, DirectoryField
from constituents.services.preferences import choose_directory
from memberships.directory import current_members
from memberships.directory_entries import Entry, entry_of, may_be_listed, towns_of
from portal.access import own_page
from portal.forms import SHOWABLE, DirectoryForm


@own_page
def choices(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Choose who sees what. A press on “preview” shows the effect and changes nothing."""
    chosen = dict(me.directory_choices.values_list("field", "audience"))
    form = DirectoryForm(request.POST or None, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            return _page(request, me, form, form.cleaned_data)
        choose_directory(me, choices=form.cleaned_data, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Your choices are saved and in effect."))
        return redirect("portal_directory")
    return _page(request, me, form, chosen)


@own_page
def preview(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Return what others would see, for the page to show while one chooses; nothing is saved."""
    form = DirectoryForm(request.POST, chosen={})
    if request.method != "POST" or not form.is_valid():
        return HttpResponse(status=400)
    return render(request, "portal/components/directory_preview.html", _seen(me, form.cleaned_data))


def _page(request: HttpRequest, me: Constituent, form: DirectoryForm, chosen: Mapping[str, str]) -> HttpResponse:
    is_member = current_members().filter(pk=me.pk).exists()
    context = {
        "me": me,
        "form": form,
        "is_member": is_member,
        "may_be_listed": is_member and may_be_listed().filter(pk=me.pk).exists(),
        "lacking": _lacking(me),
        **_seen(me, chosen),
    }
    return render(request, "portal/directory.html", context)


def _seen(me: Constituent, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Return the entry as members and as everyone would see it; None where it would not be listed."""
    town = towns_of([me]).get(me.pk, "")

    def seen_by(*audiences: str) -> Entry | None:
        fields = {field for field in SHOWABLE if chosen.get(field, Audience.NOBODY) in audiences}
        return entry_of(me, fields, town) if DirectoryField.NAME in fields else None

    return {
        "for_members": seen_by(Audience.MEMBERS, Audience.EVERYONE),
        "for_everyone": seen_by(Audience.EVERYONE),
    }


def _lacking(me: Constituent) -> bool:
    """Whether there is something to show that has not been written yet."""
    return not (me.occupation and me.biography and me.website)
