"""Telling by e-mail those who are to hear of a gift in somebody's honour or memory: once, and when the money is here.

The donor of a gift made online asked for it on the form, and it goes out by itself; what staff put on the list goes out
when they say so. Nobody is written to who asked us not to.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from accounts.models import User
from core.mail import send
from core.mail.models import Message
from donations.errors import TributeError
from donations.models import NoticeWay, TributeNotice
from donations.services.tributes import mark_notified
from donations.thanks.mailing import ONLINE
from donations.thanks.notices import what_is_told


@transaction.atomic
def mail_notice(notice: TributeNotice, *, by: User | None) -> Message:
    """E-mail a notice and note that they were told, in one step. Raises TributeError when that cannot be."""
    rows = TributeNotice.objects.select_for_update(of=("self",)).for_list().waiting()
    waiting = rows.filter(pk=notice.pk).first()
    if waiting is None:
        raise TributeError(_("They have been told already."))
    if why := why_not_tell(waiting):
        raise TributeError(why)
    says = what_is_told(waiting)
    with translation.override(says.language):
        message = send(
            to=waiting.email_address,
            template="tribute_notice",
            context={"says": says},
            about=waiting.constituent or waiting.tribute.gift.donor,
            by=by,
            language=says.language,
        )
    mark_notified(waiting, by=by, how=NoticeWay.EMAIL)
    return message


def why_not_tell(notice: TributeNotice) -> str:
    """Return why nobody can be told by e-mail, in words for staff; empty when they can."""
    if notice.way != NoticeWay.EMAIL:
        return _("They are to be told in another way.")
    if not notice.email_address:
        return _("There is no e-mail address.")
    if notice.constituent is not None and notice.constituent.do_not_contact:
        return _("They asked not to be contacted.")
    return ""


@task
def tell_at_once(gift: int) -> None:
    """E-mail the notices of a gift that was made online; what cannot be sent waits on the list, where staff see it."""
    waiting = TributeNotice.objects.for_list().waiting().filter(tribute__gift=gift, tribute__gift__source__in=ONLINE)
    for notice in waiting.order_by("pk"):
        if not why_not_tell(notice):
            mail_notice(notice, by=None)
