"""Who a public form is from: the signed-in constituent, one we know by e-mail and name, or someone new."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from constituents.folding import fold
from constituents.models import Constituent
from constituents.services.people import ContactDetails, add_constituent


@transaction.atomic
def supporter_for(
    *,
    user: User | None,
    given_name: str,
    family_name: str,
    email: str,
    phone: str = "",
    language: str = "",
    source: str,
) -> Constituent:
    """Return the constituent a form is from.

    A signed-in user's own record wins. Else someone whose e-mail is the same and whose name fits; never by name alone,
    and nothing on a known record is overwritten. Else a new person.
    """
    if user is not None and user.is_authenticated:
        own = Constituent.objects.filter(user=user).first()
        if own is not None:
            return own
    for known in Constituent.objects.current().living().people().with_email(email).order_by("pk"):
        if _names_fit(known, given_name, family_name):
            return known
    return add_constituent(
        by=user if user is not None and user.is_authenticated else None,
        given_name=given_name,
        family_name=family_name,
        language=language,
        contact=ContactDetails(email=email, phone=phone),
        source=source,
    )


def _names_fit(known: Constituent, given_name: str, family_name: str) -> bool:
    same_family = fold(known.family_name) == fold(family_name)
    given = {fold(known.given_name), fold(known.preferred_name)}
    return same_family and fold(given_name) in given
