"""What giving announces to the rules: a gift, and a first gift, with what the gift knows about itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from constituents.work.events import Event, Fact, FactKind, Happening, announce_together, register_event
from donations.models import Campaign, Fund, Gift, GiftKind, Method
from donations.signals import gift_posted, gifts_posted_in_bulk

POSTED, FIRST = "gift.posted", "gift.first"


def register_events() -> None:
    """Offer giving's events to the rules."""
    facts = [
        Fact("amount", _("amount"), FactKind.NUMBER),
        Fact("is_first", _("it is their first gift"), FactKind.YES_NO),
        Fact("fund", _("fund"), FactKind.CHOICE, _funds),
        Fact("campaign", _("campaign"), FactKind.CHOICE, _campaigns),
        Fact("method", _("method"), FactKind.CHOICE, lambda: Method.choices),
        Fact("kind", _("kind"), FactKind.CHOICE, lambda: GiftKind.choices),
    ]
    register_event(
        Event(
            POSTED,
            _("A gift is posted"),
            facts,
            help_text=_("Gifts that an import brings in set nothing off: they are history."),
            past=gifts_since,
            order=10,
        )
    )
    register_event(
        Event(
            FIRST,
            _("Somebody gives for the first time"),
            [fact for fact in facts if fact.name != "is_first"],
            past=first_gifts_since,
            order=11,
        )
    )


def listen() -> None:
    """Announce each gift as it is posted."""
    gift_posted.connect(announce_gift, dispatch_uid="donations.announce_gift")
    gifts_posted_in_bulk.connect(announce_bulk, dispatch_uid="donations.announce_bulk")


def announce_gift(sender: object, *, gift: Gift, by: User | None, **_kwargs: Any) -> None:
    """Tell the rules of a gift that was posted; its parts are best loaded with it."""
    gift.is_first = Gift.objects.filter(pk=gift.pk).filter(is_first_gift()).exists()  # type: ignore[attr-defined]
    announce_gifts([gift], by=by)


def announce_bulk(sender: object, *, gift_ids: list[int], by: User | None, announced: bool = False, **_k: Any) -> None:
    """Tell the rules of many gifts, where whoever posted them says that they are news and not history."""
    if announced:
        announce_gifts(_with_facts(gift_ids), by=by)


def announce_gifts(gifts: Iterable[Gift], *, by: User | None) -> None:
    """Announce gifts in a constant number of queries; each says whether it `is_first`."""
    rows = list(gifts)
    first = [_happening(FIRST, gift) for gift in rows if gift.is_first]  # type: ignore[attr-defined]
    announce_together({POSTED: [_happening(POSTED, gift) for gift in rows], FIRST: first}, by=by)


def gifts_since(since: dt.datetime) -> Iterator[Happening]:
    """Return the gifts posted since, newest first, imported ones too: to try a rule out."""
    gifts = _facts_of(_posted_since(since))
    return (_happening(POSTED, gift) for gift in gifts[:5_000])


def first_gifts_since(since: dt.datetime) -> Iterator[Happening]:
    """Return the first gifts posted since, newest first."""
    gifts = _facts_of(_posted_since(since))
    return (_happening(FIRST, gift) for gift in gifts.filter(is_first=True)[:5_000])


def _posted_since(since: dt.datetime) -> Any:
    """Return what came since; the replacement of a gift that was adjusted is no news."""
    came = Gift.objects.counted(dues=True).filter(posted_at__gte=since, adjustment__isnull=True)
    return came.order_by("-posted_at", "-pk")


def _with_facts(keys: list[int]) -> Iterable[Gift]:
    return _facts_of(Gift.objects.filter(pk__in=keys).order_by("pk"))


def is_first_gift() -> Any:
    """Return what tells of a gift whether it is the donor's first: no other gift of theirs that counts is older."""
    earlier = Gift.objects.counted().filter(donor=OuterRef("donor"), received_on__lt=OuterRef("received_on"))
    same_day = Gift.objects.counted().filter(
        donor=OuterRef("donor"), received_on=OuterRef("received_on"), pk__lt=OuterRef("pk")
    )
    is_gift = Gift.objects.filter(pk=OuterRef("pk"), kind=GiftKind.GIFT)
    return Exists(is_gift) & ~Exists(earlier) & ~Exists(same_day)


def _facts_of(gifts: Any) -> Any:
    return gifts.annotate(is_first=is_first_gift()).prefetch_related("allocations")


def _happening(name: str, gift: Any) -> Happening:
    return Happening(
        gift.donor_id,
        f"{name}:{gift.pk}",
        {
            "amount": str(gift.base_amount),
            "is_first": gift.is_first,
            "fund": [part.fund_id for part in gift.allocations.all()],
            "campaign": gift.campaign_id,
            "method": gift.method,
            "kind": gift.kind,
        },
        about=gift,
        at=gift.posted_at,
    )


def _funds() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Fund.objects.order_by("name").values_list("pk", "name")]


def _campaigns() -> list[tuple[str, str]]:
    rows = Campaign.objects.order_by("-starts_on", "name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]
