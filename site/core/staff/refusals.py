"""When a rule says no: the sentence goes to the form, beside the field it is about, and nothing else happens."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import ProtectedError, RestrictedError
from django.forms import BaseForm
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError
from core.triggers import ProtectedRowError

# What a verb may raise and a screen shows. Anything else is a fault of ours and stays one.
REFUSALS = (DomainError, ValidationError, ProtectedRowError, ProtectedError, RestrictedError)


def explain(error: Exception) -> str:
    """Return the refusal as a sentence for the user."""
    match error:
        case ProtectedError() | RestrictedError():
            held = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
            count = len(held)
            return ngettext(
                "It is still in use by %(count)d other record (%(example)s), so it stays.",
                "It is still in use by %(count)d other records (such as %(example)s), so it stays.",
                count,
            ) % {"count": count, "example": next(iter(held), _("another"))}
        case ValidationError():
            return " ".join(error.messages)
    return str(error)


def add_to_form(form: BaseForm, error: Exception) -> None:
    """Put the refusal on the form: beside its field when the form has that field, at the top otherwise."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        for field, errors in error.error_dict.items():
            known = field in form.fields or field == NON_FIELD_ERRORS
            form.add_error(field if known and field != NON_FIELD_ERRORS else None, errors)
        return
    at_fault = getattr(error, "field", None)
    form.add_error(at_fault if at_fault in form.fields else None, explain(error))
