"""What must hold of memberships, from the rows alone; `check_books` asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from django.db.models import Exists, F, OuterRef

from donations.models import GiftKind, GiftStatus
from donations.services.books import Finding
from memberships.models import Flag, Membership, MembershipSettings, Term
from memberships.periods import member_since

_SHOWN = 20
_REVERSED = (GiftStatus.VOIDED, GiftStatus.REFUNDED, GiftStatus.PARTLY_REFUNDED, GiftStatus.CHARGED_BACK)


def _dues_pay_for_terms() -> Iterator[Finding]:
    paid = Term.objects.filter(gift__isnull=False).select_related("gift").order_by("pk")
    wrong = paid.exclude(gift__kind=GiftKind.DUES) | paid.exclude(gift__currency=F("currency"))
    if rows := [f"term {term.pk}" for term in wrong[:_SHOWN]]:
        yield Finding("memberships dues", "A term is paid by a gift that is no dues, or of another currency.", rows)
    amounts = paid.exclude(gift__amount=F("price") + F("fee") - F("credit"))
    if rows := [f"term {term.pk}" for term in amounts[:_SHOWN] if term.gift and term.money_due != term.gift.money]:
        yield Finding("memberships dues", "The dues of a term are not what it was sold for.", rows)


def _reversed_dues_are_flagged() -> Iterator[Finding]:
    flagged = Exists(Flag.objects.filter(gift=OuterRef("gift")))
    silent = Term.objects.filter(gift__status__in=_REVERSED).exclude(flagged).order_by("pk")
    if rows := [f"term {pk}" for pk in silent.values_list("pk", flat=True)[:_SHOWN]]:
        yield Finding("memberships flags", "Dues went back and nobody was told to look.", rows)


def _terms_never_overlap() -> Iterator[Finding]:
    later = Term.objects.real().filter(membership=OuterRef("membership"), starts_on__gt=OuterRef("starts_on"))
    both = Term.objects.real().filter(Exists(later.filter(starts_on__lte=OuterRef("ends_on")))).order_by("pk")
    if rows := [f"term {pk}" for pk in both.values_list("pk", flat=True)[:_SHOWN]]:
        yield Finding("memberships overlap", "Two terms of one membership cover the same day.", rows)


def _kept_values_have_not_drifted() -> Iterator[Finding]:
    gap_days = MembershipSettings.load().gap_days
    kept = dict(Membership.objects.values_list("pk", "member_since"))
    terms = Term.objects.real().order_by("membership", "starts_on").only("membership", "starts_on", "ends_on")
    true = {
        membership: member_since((term.period for term in group), gap_days=gap_days)
        for membership, group in groupby(terms.iterator(), key=lambda term: term.membership_id)
    }
    wrong = [f"membership {pk}" for pk, since in sorted(kept.items()) if since != true.get(pk)]
    if wrong:
        yield Finding("memberships since", "“Member since” is not what the terms say.", wrong[:_SHOWN])


CHECKS: list[Callable[[], Iterator[Finding]]] = [
    _dues_pay_for_terms,
    _reversed_dues_are_flagged,
    _terms_never_overlap,
    _kept_values_have_not_drifted,
]
