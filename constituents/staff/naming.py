"""The settings page of household names: the rules, and what they make of the households everybody asks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.auth import permission_required
from wagtail.admin.menu import MenuItem

from constituents.household_forms import NamingForm, PreviewForm, WordsForm, words_forms
from constituents.models import HouseholdNaming, HouseholdWords
from constituents.naming import CHILD, HEAD, Named, Names, names_of
from constituents.naming.cases import CASES, Case
from constituents.services.household_naming import NamingStyle
from constituents.services.naming_rules import change_naming

PERMISSION = "constituents.change_householdnaming"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One household of the table, and what it is called."""

    case: Case
    names: Names

    @property
    def members(self) -> list[str]:
        """Who lives there, with what matters for the name."""
        return [_described(member) for member in self.case.members]


def _described(member: Named) -> str:
    name = " ".join(part for part in (member.title, member.given, member.family, member.suffix) if part)
    notes = []
    if member.is_deceased:
        notes.append(_("deceased"))
    if member.rank == HEAD:
        notes.append(_("head"))
    if member.rank == CHILD:
        notes.append(_("child"))
    if member.informal not in (member.given, member.family):
        notes.append(_("“%(name)s”") % {"name": member.informal})
    if member.rank != CHILD and not (member.in_name and member.in_formal and member.in_informal):
        notes.append(_("left out of salutations"))
    return f"{name} ({', '.join(notes)})" if notes else name


def preview_rows(style: NamingStyle, language: str) -> list[PreviewRow]:
    """Return the table of cases by a style, in a language."""
    formats = style.formats(language)
    return [PreviewRow(case, names_of(case.members, formats)) for case in CASES]


@permission_required(PERMISSION)
def naming_settings(request: HttpRequest) -> HttpResponse:
    """Show the rules with a preview; save them, or preview what has been typed without saving."""
    naming = HouseholdNaming.objects.order_by("pk").first() or HouseholdNaming()
    form = NamingForm(request.POST or None, instance=naming)
    words = words_forms(naming, request.POST or None)
    preview = PreviewForm(request.POST or request.GET)
    is_sent = request.method == "POST"
    is_valid = is_sent and all([form.is_valid(), *(each.is_valid() for each in words)])
    if is_valid and not request.htmx and "preview" not in request.POST:  # type: ignore[attr-defined]
        return _saved(request, form, words)
    style = _style(form, words) if is_valid else _saved_style(naming)
    language = preview.cleaned_data["preview_language"] if preview.is_valid() else ""
    context = {
        "form": form,
        "words": words,
        "preview": preview,
        "rows": preview_rows(style, language or settings.LANGUAGE_CODE),
        "is_preview": is_valid,
        "is_invalid": is_sent and not is_valid,
        "page_title": _("Names of households"),
        "header_icon": "home",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": _("Names of households")},
        ],
    }
    part = "preview" if request.htmx else "settings"  # type: ignore[attr-defined]
    # htmx shows an answer of 422 nowhere; the page itself tells a browser the truth.
    status = 422 if is_sent and not is_valid and not request.htmx else 200  # type: ignore[attr-defined]
    return render(request, f"wagtailadmin/people/households/naming_{part}.html", context, status=status)


def _style(form: NamingForm, words: list[WordsForm]) -> NamingStyle:
    return NamingStyle(form.instance, [each.instance for each in words])


def _saved_style(naming: HouseholdNaming) -> NamingStyle:
    # A form that was refused has left its values on the instance.
    kept: Any = HouseholdNaming.objects.filter(pk=naming.pk).first() or HouseholdNaming()
    return NamingStyle(kept, HouseholdWords.objects.filter(naming=kept.pk) if kept.pk else [])


def _saved(request: HttpRequest, form: NamingForm, words: list[WordsForm]) -> HttpResponse:
    job = change_naming(form.instance, by=request.user, words=[each.instance for each in words])  # type: ignore[arg-type]
    message = _("The rules are saved.")
    if job is not None:
        link = format_html('<a href="{}">{}</a>', reverse("core_job", args=[job.pk]), _("See how far it is."))
        message = format_html("{} {} {}", message, _("Your households are being named again."), link)
    messages.success(request, message)
    return redirect("household_naming")


class NamingMenuItem(MenuItem):
    """The rules, for those who may change them."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Follow the permission."""
        return request.user.has_perm(PERMISSION)


def menu_item() -> MenuItem:
    """Stand among the settings."""
    return NamingMenuItem(
        _("Names of households"), reverse("household_naming"), name="household-naming", icon_name="home", order=205
    )
