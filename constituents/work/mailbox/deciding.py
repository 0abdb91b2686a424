"""What staff do with mail that waits. A decision about an address is remembered, and holds for what waits beside it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.errors import MailError
from constituents.models import AddressDecision, Constituent, IncomingMail, MailState
from constituents.services.people import ContactDetails, add_constituent
from constituents.work.mailbox.parsing import ParsedMail, UnreadableMailError, parse
from constituents.work.mailbox.taking import file_mail
from core import audit, clock


@transaction.atomic
def file_on(mail: IncomingMail, *, constituent: Constituent, by: User | None, remember: bool = True) -> int:
    """File a mail on somebody; return how many were filed, those from the same address included when it is remembered.

    Raises MailError for one that does not wait any more.
    """
    locked = _locked(mail)
    if remember and locked.address:
        _remember(locked.address, constituent, by=by)
    filed = [locked, *_beside(locked)] if remember else [locked]
    for one in filed:
        file_mail(one, [constituent], _parsed(one), by=by)
        _forget_raw(one)
    return len(filed)


@transaction.atomic
def add_person_from(mail: IncomingMail, *, given_name: str, family_name: str, by: User | None) -> Constituent:
    """Add whoever wrote it to the record, with the address, and file the mail on them."""
    locked = _locked(mail)
    person = add_constituent(
        given_name=given_name,
        family_name=family_name,
        contact=ContactDetails(email=locked.address),
        source="mail",
        by=by,
    )
    for one in [locked, *_beside(locked)]:
        file_mail(one, [person], _parsed(one), by=by)
        _forget_raw(one)
    return person


@transaction.atomic
def discard(mail: IncomingMail, *, by: User | None, remember: bool = False) -> int:
    """Throw a mail away; with `remember` all mail from its address, now and later. Return how many went."""
    locked = _locked(mail)
    if remember and locked.address:
        _remember(locked.address, None, by=by)
    gone = [locked, *_beside(locked)] if remember else [locked]
    for one in gone:
        audit.record("mail.discarded", one, by=by, old={"subject": one.subject, "address": one.address})
        one.state, one.waiting_for, one.text = MailState.DISCARDED, "", ""
        one.decided_by, one.decided_at = by, clock.now()
        one.save()
        _forget_raw(one)
    return len(gone)


def _locked(mail: IncomingMail) -> IncomingMail:
    locked = IncomingMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if locked.state != MailState.WAITING:
        raise MailError(_("Somebody has decided about this mail already."))
    return locked


def _beside(mail: IncomingMail) -> list[IncomingMail]:
    """Return what else waits by the same address."""
    if not mail.address:
        return []
    rows = IncomingMail.objects.select_for_update(of=("self",)).waiting()
    return list(rows.filter(address=mail.address).exclude(pk=mail.pk)[:500])


def _remember(address: str, constituent: Constituent | None, *, by: User | None) -> None:
    AddressDecision.objects.update_or_create(
        address=address.lower(), defaults={"constituent": constituent, "decided_by": by}
    )


def _parsed(mail: IncomingMail) -> ParsedMail | None:
    """Read the mail again for its attachments; one that cannot be read has none."""
    if not mail.raw:
        return None
    with mail.raw.open("rb") as file:
        try:
            return parse(file.read())
        except UnreadableMailError:
            return None


def _forget_raw(mail: IncomingMail) -> None:
    """Drop the mail as it came, once that it is decided is certain: what is kept of it stands on the record."""
    if not mail.raw:
        return
    storage, name = mail.raw.storage, str(mail.raw.name)
    mail.raw = ""
    mail.save(update_fields=["raw"])
    transaction.on_commit(lambda: storage.delete(name))
