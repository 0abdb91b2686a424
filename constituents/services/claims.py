"""Claim a record: a signed-in supporter and the record the organisation already holds become one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.errors import CannotClaimError
from constituents.models import Constituent
from constituents.services.people import ContactDetails, add_constituent
from core import audit


def claimable(verified_emails: Iterable[str]) -> list[Constituent]:
    """Return living people and organisations that use one of the verified addresses and that nobody has claimed."""
    found: dict[int, Constituent] = {}
    for address in verified_emails:
        for constituent in Constituent.objects.current().living().with_email(address).filter(user__isnull=True):
            found[constituent.pk] = constituent
    return sorted(found.values(), key=lambda constituent: (constituent.sort_name, constituent.pk))


@transaction.atomic
def claim_record(constituent: Constituent, *, by: User, verified_emails: Iterable[str]) -> Constituent:
    """Link the record to the user. Raises CannotClaimError unless a verified address of theirs stands on it."""
    locked = Constituent.objects.select_for_update().get(pk=constituent.pk)
    if locked.user_id == by.pk:
        return locked
    if locked.user_id is not None or locked.pk not in {found.pk for found in claimable(verified_emails)}:
        raise CannotClaimError(_("This record cannot be linked to your sign-in. Please write to us and we will help."))
    if Constituent.objects.filter(user=by).exists():
        raise CannotClaimError(_("Your sign-in already belongs to a record."))
    locked.user = by
    locked.save(update_fields=["user"])
    audit.record("constituent.claimed", locked, by=by, new={"user": by.pk}, about=locked)
    return locked


@transaction.atomic
def open_record(*, by: User, email: str, given_name: str, family_name: str = "") -> Constituent:
    """Add a newcomer under the address they proved to be theirs. Raises CannotClaimError when they have a record."""
    if Constituent.objects.filter(user=by).exists():
        raise CannotClaimError(_("Your sign-in already belongs to a record."))
    return add_constituent(
        by=by,
        given_name=given_name,
        family_name=family_name,
        user=by,
        contact=ContactDetails(email=email),
        source="portal",
    )
