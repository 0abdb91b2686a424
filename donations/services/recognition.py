"""Recognise people for gifts that are not theirs: by hand in a role, and by itself those who live with the donor."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent, HouseholdMembership
from constituents.models.household import HouseholdRole
from core import audit
from core.money import Money, quantize
from donations.errors import SoftCreditError
from donations.models import Gift, GiftKind, SoftCredit, SoftCreditRole
from donations.services.rollups import recompute_totals

_CHUNK = 500


@transaction.atomic
def credit(
    gift: Gift,
    *,
    constituent: Constituent,
    role: str,
    by: User | None,
    money: Money | None = None,
    note: str = "",
) -> SoftCredit:
    """Recognise somebody for a gift, in a role; for the whole gift unless an amount is named.

    Raises SoftCreditError for the donor, for more than the gift and for another currency; ValidationError when they are
    recognised in that role already.
    """
    constituent = standing(constituent)
    locked = Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk).current
    money = money or locked.money
    if constituent.pk == locked.donor_id:
        raise SoftCreditError(_("The gift is theirs already: a donor needs no recognition besides."))
    if money.currency != locked.currency or money > locked.money:
        raise SoftCreditError(_("Recognise for %(gift)s at most.") % {"gift": locked.money})
    soft_credit = SoftCredit(gift=locked, constituent=constituent, role=role, amount=money.amount, note=note)
    soft_credit.full_clean()
    soft_credit.save()
    recompute_totals([constituent.pk])
    audit.record("soft_credit.given", locked, by=by, new=_facts(soft_credit), about=constituent)
    return soft_credit


@transaction.atomic
def withdraw_credit(soft_credit: SoftCredit, *, by: User | None, reason: str = "") -> None:
    """Take a recognition back."""
    locked = SoftCredit.objects.select_for_update(of=("self",)).select_related("gift", "constituent").get(
        pk=soft_credit.pk
    )  # fmt: skip
    constituent = locked.constituent
    audit.record("soft_credit.withdrawn", locked.gift, by=by, old=_facts(locked), reason=reason, about=constituent)
    locked.delete()
    recompute_totals([constituent.pk])


def _facts(soft_credit: SoftCredit) -> dict[str, str]:
    return {
        "constituent": str(soft_credit.constituent),
        "role": soft_credit.role,
        "amount": soft_credit.money.plain,
        "note": soft_credit.note,
    }


def credit_household(gifts: Sequence[Gift]) -> None:
    """Recognise the other adults who lived with the donor on each gift's day; their totals are for the caller.

    Dues are paid for something and recognise nobody.
    """
    for start in range(0, len(gifts), _CHUNK):
        chunk = [gift for gift in gifts[start : start + _CHUNK] if gift.kind == GiftKind.GIFT]
        SoftCredit.objects.bulk_create(_household_credits(chunk), ignore_conflicts=True)


def _household_credits(gifts: Sequence[Gift]) -> Iterator[SoftCredit]:
    at_home = adults_at_home({gift.donor_id for gift in gifts})
    for gift in gifts:
        for person in at_home.on(gift.donor_id, gift.received_on):
            yield SoftCredit(
                gift=gift, constituent_id=person, role=SoftCreditRole.HOUSEHOLD, amount=gift.amount, is_automatic=True
            )


class AtHome:
    """Who lived with whom, and when."""

    def __init__(self, own: Iterable[HouseholdMembership], adults: Iterable[HouseholdMembership]) -> None:
        self._own: dict[int, list[HouseholdMembership]] = defaultdict(list)
        self._adults: dict[int, list[HouseholdMembership]] = defaultdict(list)
        for membership in own:
            self._own[membership.person_id].append(membership)
        for membership in adults:
            self._adults[membership.household_id].append(membership)

    def on(self, person: int, date: dt.date) -> list[int]:
        """Return the other adults of the person's household on a date; of the first one, as reports do."""
        home = next((one.household_id for one in self._own.get(person, ()) if one.holds_on(date)), None)
        adults = self._adults.get(home, ()) if home else ()
        return sorted({one.person_id for one in adults if one.holds_on(date) and one.person_id != person})


def adults_at_home(people: Iterable[int]) -> AtHome:
    """Return who ever lived with these people; two queries."""
    columns = HouseholdMembership.objects.order_by("pk").only("household", "person", "since", "until")
    own = list(columns.filter(person__in=list(people)))
    adults = columns.filter(household__in={one.household_id for one in own}).exclude(role=HouseholdRole.CHILD)
    return AtHome(own, adults)


def follow_adjustment(original: Gift, replacement: Gift) -> set[int]:
    """Lead the recognition given by hand to the gift that counts now, in proportion; return whom it concerns.

    What was given by itself is given anew, by who lives with the donor that is right now.
    """
    concerned = set(original.soft_credits.values_list("constituent", flat=True))
    original.soft_credits.filter(is_automatic=True).delete()
    original.soft_credits.filter(constituent=replacement.donor_id).delete()
    for soft_credit in original.soft_credits.all():
        share = soft_credit.amount / original.amount
        soft_credit.gift = replacement
        soft_credit.amount = quantize(replacement.amount * share, replacement.currency) or replacement.amount
        soft_credit.save(update_fields=["gift", "amount"])
    credit_household([replacement])
    return concerned | set(replacement.soft_credits.values_list("constituent", flat=True))
