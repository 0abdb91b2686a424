"""My details: names, what one says about oneself, how one is reached; the household and the addresses on record."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent
from constituents.services.addresses import household_address_on
from constituents.services.people import ADDRESS_PARTS, change_constituent
from constituents.services.reaching import change_address, change_phone
from core import clock
from portal.access import own_page
from portal.events import announce_profile_change
from portal.forms import ProfileForm


@own_page
def profile(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Show and change one's own details."""
    household = me.household
    own = me.addresses.first_ones().filter(**({"overrides_household": True} if household else {})).first()
    shared = household_address_on(household, clock.today()) if household and own is None else None
    form = ProfileForm(request.POST or None, instance=me, address=own or shared)
    if request.method == "POST" and form.is_valid():
        _save(form, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Your details are saved."))
        return redirect("portal_profile")
    context = {
        "me": me,
        "form": form,
        "household": household,
        "people": household.memberships.filter(until=None).select_related("person") if household else [],
        "shares_address": shared is not None,
        "emails": me.emails.all(),
    }
    return render(request, "portal/profile.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _save(form: ProfileForm, *, by: User) -> None:
    """Change what was changed on the form, each part by its own verb."""
    cleaned, changed = form.cleaned_data, set(form.changed_data)
    fields = {name: cleaned[name] for name in changed if name in form.Meta.fields}
    if fields:
        change_constituent(form.instance, by=by, reason="portal", **fields)
    if "phone" in changed:
        change_phone(form.instance, number=cleaned["phone"], by=by)
    if changed & set(ADDRESS_PARTS):
        change_address(form.instance, parts={part: cleaned[part] for part in ADDRESS_PARTS}, by=by)
    if changed:
        announce_profile_change(form.instance, changed=changed, by=by)
