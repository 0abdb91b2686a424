"""Addresses on the pages of people, organisations and households: the panel, and what may be done with each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.dates import MONTHS_AP
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from constituents.address_forms import AddressForm, MoveForm, ReturnedForm
from constituents.models import Address, Constituent, Household
from constituents.services import addressing
from constituents.services.addresses import address_on, household_address_on
from constituents.staff.part_verbs import PartVerbView
from core import clock
from core.organisation import current_organisation
from core.staff.parts import Chip
from core.staff.verbs import VerbView
from core.theme.figures import day_in_words

Owner = Constituent | Household


# The panel


def addresses_panel(owner: Owner) -> dict[str, Any]:
    """Return the addresses of a record with their states and what may be done; a person's household's with them."""
    today = clock.today()
    shared: Household | None = None
    if isinstance(owner, Household):
        used = household_address_on(owner, today)
    else:
        used = address_on(owner, today)
        shared = owner.household
    rows = [_row(address, owner, owner, used, today) for address in owner.addresses.all()]
    if shared is not None:
        rows += [_row(address, shared, owner, used, today) for address in shared.addresses.all()]
    rows.sort(key=lambda row: (not row["is_used"], row["is_past"], row["address"].pk))
    return {
        "rows": rows,
        "add_url": _url(owner, "add-address", page=owner),
        "move_url": _url(shared or owner, "move", page=owner),
        "is_used": used is not None,
    }


def _row(address: Address, owner: Owner, page: Owner, used: Address | None, today: dt.date) -> dict[str, Any]:
    is_past = address.valid_until is not None and address.valid_until < today
    return {
        "address": address,
        "is_used": address == used,
        "is_past": is_past,
        "country": _abroad(address),
        "is_shared": isinstance(owner, Household) and owner != page,
        "chips": list(_chips(address, today, is_used=address == used)),
        "actions": list(_actions(address, owner, page)),
    }


def _abroad(address: Address) -> str:
    """The country, for an address in another than ours."""
    code, ours = str(address.country or ""), str(current_organisation().country)
    return str(countries.name(code)) if code and code != ours else ""


def _chips(address: Address, today: dt.date, *, is_used: bool) -> Any:
    if is_used:
        yield Chip(_("mail goes here"), "good")
    if address.is_seasonal:
        yield Chip(season_in_words(address))
    if address.overrides_household:
        yield Chip(_("instead of the household’s"))
    if address.is_undeliverable:
        since = address.undeliverable_since
        words = _("mail comes back since %(day)s") % {"day": _day(since)} if since else _("mail comes back")
        yield Chip(words, "wrong")
    if address.do_not_use:
        yield Chip(_("do not use"), "wrong")
    if address.valid_from and address.valid_from > today:
        yield Chip(_("from %(day)s") % {"day": _day(address.valid_from)}, "waiting")
    if address.valid_until:
        yield Chip(_("until %(day)s") % {"day": _day(address.valid_until)})


def _day(day: dt.date) -> str:
    return day_in_words(day, "medium")


def season_in_words(address: Address) -> str:
    """Return a season as `15 Nov – 1 Apr`."""
    first, last = MONTHS_AP[address.season_from_month or 1], MONTHS_AP[address.season_until_month or 12]
    return f"{address.season_from_day} {first} – {address.season_until_day} {last}"


def _actions(address: Address, owner: Owner, page: Owner) -> Any:
    part = {"part": str(address.pk)}
    yield _("Correct"), _url(owner, "correct-address", page=page, **part)
    if not address.is_primary and address.valid_until is None:
        yield _("Use first"), _url(owner, "address-first", page=page, **part)
    if address.is_undeliverable or address.do_not_use:
        yield _("Use it again"), _url(owner, "address-again", page=page, **part)
    if not address.is_undeliverable:
        yield _("Mail comes back"), _url(owner, "address-returned", page=page, **part)
    if not address.do_not_use:
        yield _("Do not use"), _url(owner, "address-stop", page=page, **part)
    yield _("Remove"), _url(owner, "remove-address", page=page, **part)


def _url(owner: Owner, slug: str, *, page: Owner, **query: str) -> str:
    """Return the address of a verb, with the way back to the page one comes from."""
    if owner != page:
        query["next"] = reverse(f"{_namespace(page)}:inspect", args=[page.pk])
    return reverse(f"{_namespace(owner)}:{slug}", args=[owner.pk]) + (f"?{urlencode(query)}" if query else "")


def _namespace(owner: Owner) -> str:
    return "households" if isinstance(owner, Household) else "constituents"


# What may be done


class AddAddressView(VerbView):
    """One more address."""

    offered = False
    title = gettext_lazy("Add address")
    question = gettext_lazy("Which address does %(object)s have, too?")
    explanation = gettext_lazy(
        "For a second home, an office, or the sun in winter: with a season, mail goes there at that time of each year. "
        "When they have moved, say so instead, and the old address ends."
    )
    icon = "home"
    form_class = AddressForm
    template_name = "wagtailadmin/people/households/address_verb.html"
    success_message = gettext_lazy("The address is on the record of %(object)s.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whose it is."""
        return super().get_form_kwargs() | {"owner": self.object}

    def run(self, form: Any) -> Address:
        """Add it."""
        return addressing.put_address(self.object, by=self.acting, parts=form.cleaned_data)


class AddressVerbView(PartVerbView):
    """A verb about one address."""

    def parts(self) -> QuerySet[Address]:
        """The record's own addresses."""
        owner = {"household" if isinstance(self.object, Household) else "constituent": self.object}
        return Address.objects.filter(**owner)


class CorrectAddressView(AddressVerbView):
    """Put right what was written wrong."""

    verb = staticmethod(addressing.correct_address)
    title = gettext_lazy("Correct the address")
    question = gettext_lazy("Correct %(part)s")
    explanation = gettext_lazy(
        "For a slip, or a postal code that was missing: the address was never right. When they have moved, say so "
        "instead, and both the old address and the new one keep their dates."
    )
    submit_label = gettext_lazy("Save")
    icon = "edit"
    form_class = AddressForm
    template_name = "wagtailadmin/people/households/address_verb.html"
    success_message = gettext_lazy("The address is corrected.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Begin with what is on record."""
        return super().get_form_kwargs() | {"owner": self.object, "address": self.part}


class UseFirstView(AddressVerbView):
    """Before the others."""

    verb = staticmethod(addressing.use_first)
    title = gettext_lazy("Use first")
    question = gettext_lazy("Send mail to %(part)s before the other addresses?")
    success_message = gettext_lazy("%(part)s is used first from now on.")


class ReturnedView(AddressVerbView):
    """Mail comes back."""

    verb = staticmethod(addressing.mail_came_back)
    title = gettext_lazy("Mail comes back")
    question = gettext_lazy("Does mail to %(part)s come back?")
    explanation = gettext_lazy("Nothing is sent there until the address is corrected or used again.")
    form_class = ReturnedForm
    success_message = gettext_lazy("Nothing is sent to %(part)s for now.")

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return super().get_initial() | {"since": clock.today()}


class StopView(AddressVerbView):
    """Never write there."""

    verb = staticmethod(addressing.stop_using)
    title = gettext_lazy("Do not use")
    question = gettext_lazy("Never send mail to %(part)s?")
    explanation = gettext_lazy("The address stays on record.")
    success_message = gettext_lazy("Nothing is sent to %(part)s.")


class AgainView(AddressVerbView):
    """Write there again."""

    verb = staticmethod(addressing.use_again)
    title = gettext_lazy("Use it again")
    question = gettext_lazy("May mail go to %(part)s again?")
    success_message = gettext_lazy("Mail may go to %(part)s again.")


class RemoveView(AddressVerbView):
    """It should never have been entered."""

    verb = staticmethod(addressing.remove_address)
    title = gettext_lazy("Remove")
    question = gettext_lazy("Take %(part)s off the record?")
    explanation = gettext_lazy("For an address that was never theirs. What it was stays in the history.")
    danger = True
    success_message = gettext_lazy("The address is off the record.")


class MoveView(VerbView):
    """They have moved, or will."""

    offered = False
    title = gettext_lazy("Moved")
    question = gettext_lazy("Where does %(object)s move, and when?")
    explanation = gettext_lazy("The old address ends the day before, and stays on record with its dates.")
    submit_label = gettext_lazy("Note the move")
    icon = "home"
    form_class = MoveForm
    template_name = "wagtailadmin/people/households/address_verb.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whose it is."""
        return super().get_form_kwargs() | {"owner": self.object}

    def facts(self) -> list[tuple[Any, Any]]:
        """Where mail goes today."""
        owner: Any = self.object
        find = household_address_on if isinstance(owner, Household) else address_on
        return [(_("Mail goes now to"), find(owner, clock.today()) or _("nowhere: no address may be used"))]

    def run(self, form: Any) -> Any:
        """Move the household, some of it, or the one."""
        data, owner = form.cleaned_data, self.object
        if isinstance(owner, Household):
            movers = list(data["movers"]) if "movers" in data else None
            return addressing.move_household(owner, by=self.acting, on=data["on"], address=form.parts(), movers=movers)
        return addressing.move_constituent(owner, by=self.acting, on=data["on"], address=form.parts())

    def get_success_message(self, outcome: Any) -> str:
        """Say from when."""
        day = day_in_words(outcome.on, "medium")
        return _("Mail goes to the new address from %(day)s.") % {"day": day}


VERBS: dict[str, type[VerbView]] = {
    "add-address": AddAddressView,
    "correct-address": CorrectAddressView,
    "address-first": UseFirstView,
    "address-returned": ReturnedView,
    "address-stop": StopView,
    "address-again": AgainView,
    "remove-address": RemoveView,
    "move": MoveView,
}
