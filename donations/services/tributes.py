"""Dedicate a gift to somebody, say who is to be told, and note when they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent
from core import audit, clock
from donations.errors import TributeError
from donations.models import Gift, NoticeWay, Tribute, TributeNotice


@transaction.atomic
def dedicate(
    gift: Gift,
    *,
    kind: str,
    by: User | None,
    honouree: Constituent | None = None,
    honouree_name: str = "",
    **details: Any,
) -> Tribute:
    """Dedicate a gift, or say anew to whom it is dedicated: to a record, or to a name. `details` are fields of Tribute.

    The gift's own line says the same in words. Raises ValidationError when nobody is named.
    """
    gift = Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk).current
    tribute = Tribute.objects.filter(gift=gift).first() or Tribute(gift=gift)
    before = audit.snapshot(tribute) if tribute.pk else {}
    tribute.kind = kind
    tribute.honouree = standing(honouree) if honouree else None
    tribute.honouree_name = honouree_name.strip()
    for name, value in details.items():
        setattr(tribute, name, value)
    tribute.full_clean()
    tribute.save()
    Gift.objects.filter(pk=gift.pk).update(tribute=str(tribute)[:255])
    old, new = audit.changes(before, audit.snapshot(tribute))
    audit.record("gift.dedicated", gift, by=by, old=old, new=new, about=gift.donor)
    return tribute


@transaction.atomic
def dedicate_as_asked(gift: Gift, *, asked: Mapping[str, Any] | None, by: User | None) -> Tribute | None:
    """Dedicate a gift as a form asked for it, once: again it changes nothing. Without a wish it does nothing.

    `asked` is plain data, so that it can wait with a payment: `kind`, `name`, `message`, and `notice` (None, or fields
    of TributeNotice). Raises ValidationError when nobody is named.
    """
    if not asked:
        return None
    known = Tribute.objects.filter(gift=gift).first()
    if known is not None:
        return known
    tribute = dedicate(gift, kind=asked["kind"], by=by, honouree_name=asked["name"], message=asked.get("message", ""))
    if asked.get("notice"):
        notify_of(tribute, by=by, **asked["notice"])
    return tribute


@transaction.atomic
def remove_dedication(gift: Gift, *, by: User | None) -> None:
    """Take a dedication away that was a mistake. Raises TributeError once somebody was told of it."""
    tribute = Tribute.objects.select_for_update(of=("self",)).filter(gift=gift).first()
    if tribute is None:
        return
    if tribute.notices.filter(notified_at__isnull=False).exists():
        raise TributeError(_("Somebody was told of it already: correct it instead."))
    audit.record("gift.dedication_removed", gift, by=by, old=audit.snapshot(tribute), about=gift.donor)
    tribute.delete()
    Gift.objects.filter(pk=gift.pk).update(tribute="")


@transaction.atomic
def notify_of(
    tribute: Tribute, *, by: User | None, constituent: Constituent | None = None, **details: Any
) -> TributeNotice:
    """Say who is to be told, and how; `details` are fields of TributeNotice. Raises ValidationError for nobody."""
    notice = TributeNotice(tribute=tribute, constituent=standing(constituent) if constituent else None, **details)
    notice.full_clean()
    notice.save()
    gift = tribute.gift
    new = {"name": notice.recipient_name, "how": notice.way}
    audit.record("tribute_notice.wanted", gift, by=by, new=new, about=notice.constituent or gift.donor)
    return notice


@transaction.atomic
def forget_notice(notice: TributeNotice, *, by: User | None) -> None:
    """They need not be told after all. Raises TributeError when they were."""
    locked = TributeNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if locked.notified_at is not None:
        raise TributeError(_("They have been told already."))
    gift = locked.tribute.gift
    old = {"name": locked.recipient_name, "how": locked.way}
    audit.record("tribute_notice.dropped", gift, by=by, old=old, about=gift.donor)
    locked.delete()


def mark_notified(notice: TributeNotice, *, by: User | None, how: str = "") -> TributeNotice:
    """Note that somebody was told, now; as it was wanted unless another way is named."""
    return mark_all_notified([notice], by=by, how=how)[0]


@transaction.atomic
def mark_all_notified(notices: Iterable[TributeNotice], *, by: User | None, how: str = "") -> list[TributeNotice]:
    """Note that these were told, as after a print run; who was told before keeps that day."""
    rows = TributeNotice.objects.select_for_update(of=("self",)).for_list().order_by("pk")
    locked = list(rows.filter(pk__in=[notice.pk for notice in notices]))
    fresh = [notice for notice in locked if notice.notified_at is None]
    now = clock.now()
    for notice in fresh:
        notice.notified_at, notice.notified_by = now, by
        notice.notified_how = how or notice.way
    TributeNotice.objects.bulk_update(fresh, ["notified_at", "notified_by", "notified_how"], batch_size=200)
    audit.record_many(
        audit.Draft(
            verb="tribute_notice.told",
            obj=notice.tribute.gift,
            by=by,
            new={"name": notice.recipient_name, "how": NoticeWay(notice.notified_how).value},
            about=notice.constituent or notice.tribute.gift.donor,
        )
        for notice in fresh
    )
    return locked
