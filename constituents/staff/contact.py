"""Log contact with somebody, and note how to reach them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from constituents.forms import EmailForm, InteractionForm, PhoneForm
from constituents.services.contacting import log_interaction
from constituents.services.people import put_email, put_phone
from core.staff.verbs import VerbView


class LogInteractionView(VerbView):
    """Log a call, meeting, letter or note in one line."""

    verb = staticmethod(log_interaction)
    permission = "constituents.add_interaction"
    title = _("Log contact")
    question = _("What happened with %(object)s?")
    icon = "comment"
    priority = 5
    form_class = InteractionForm
    success_message = _("Logged for %(object)s.")


class AddEmailView(VerbView):
    """Put one more e-mail address on the record."""

    verb = staticmethod(put_email)
    title = _("Add e-mail")
    question = _("Which e-mail address does %(object)s use?")
    icon = "mail"
    priority = 60
    form_class = EmailForm
    success_message = _("The e-mail address is on the record of %(object)s.")


class AddPhoneView(VerbView):
    """Put one more telephone number on the record."""

    verb = staticmethod(put_phone)
    title = _("Add telephone")
    question = _("Which number does %(object)s use?")
    icon = "mobile-alt"
    priority = 61
    form_class = PhoneForm
    success_message = _("The number is on the record of %(object)s.")
