"""May the tax on a gift on record be claimed? Loads the facts, for one gift or thousands, and asks the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BigIntegerField, F, Q, Sum, Value

from constituents.models import Constituent
from core import clock
from core.money import Money, quantize
from core.organisation import current_organisation
from core.organisation.models import Regime
from donations.gift_aid.rules import DeclaredFacts, GivenFacts, Told, Verdict, judge
from donations.gift_aid.years import last_claim_day, tax_year, tax_year_bounds
from donations.models import (
    ClaimLine,
    Gift,
    GiftAidDeclaration,
    GiftAidSettings,
    JointShare,
    NotEnoughTax,
    SmallClaimLine,
    SmallCollection,
    SplitPayment,
)
from donations.models.gift import COUNTED_STATUSES
from donations.models.hmrc_claim import CURRENCY


def gift_aid_is_on() -> bool:
    """Whether the organisation claims Gift Aid: its receipts follow the law of the United Kingdom, its books pounds."""
    organisation = current_organisation()
    return organisation.regime == Regime.UK and organisation.base_currency == CURRENCY


@dataclass(frozen=True, slots=True)
class Portion:
    """A gift, or one person's share of a joint gift, with what the rules say of it."""

    gift: Gift
    person: Constituent
    share: JointShare | None
    verdict: Verdict
    #: What is left of it, in pounds, less what the donor knew to be the price of something.
    claimable_amount: Decimal = Decimal(0)


def eligibility(gift: Gift, *, person: Constituent | None = None) -> Verdict:
    """Return whether the tax on the gift may be claimed, or why not; of a joint gift, on the share of `person`."""
    portions = portions_of([gift])
    chosen = [portion for portion in portions if person is None or portion.person.pk == person.pk]
    return next((portion.verdict for portion in chosen), portions[0].verdict)


def portions_of(gifts: Iterable[Gift], *, ignoring_claims: bool = False) -> list[Portion]:
    """Judge these gifts and shares together, in a constant number of queries; donors are best loaded with them.

    With `ignoring_claims` as if none of them stood in a claim, for asking whether they were claimed rightly.
    """
    every = list(gifts)
    shares = _shares(every)
    people = {gift.donor_id: gift.donor for gift in every}
    people |= {share.person_id: share.person for parts in shares.values() for share in parts}
    known = _Known.of(every, list(people), ignoring_claims=ignoring_claims)
    return [
        known.portion(gift, person, share, left)
        for gift in every
        for person, share, left in _parts(gift, shares.get(gift.pk, []))
    ]


def _shares(gifts: Sequence[Gift]) -> dict[int, list[JointShare]]:
    found: dict[int, list[JointShare]] = defaultdict(list)
    rows = JointShare.objects.filter(gift__in=[gift.pk for gift in gifts]).select_related("person").order_by("pk")
    for share in rows:
        found[share.gift_id].append(share)
    return found


def _parts(gift: Gift, shares: Sequence[JointShare]) -> Iterator[tuple[Constituent, JointShare | None, Decimal]]:
    """Yield each person with what is left of their part, in pounds; a refund takes from each in proportion."""
    left = gift.net_base_amount if gift.status in COUNTED_STATUSES else Decimal(0)
    if not shares:
        yield gift.donor, None, quantize(left, CURRENCY)
        return
    parts = Money(quantize(left, CURRENCY), CURRENCY).split([share.amount for share in shares])
    for share, part in zip(shares, parts, strict=True):
        yield share.person, share, part.amount


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rules need to know of many gifts and people, each read once."""

    declarations: Mapping[int, Sequence[DeclaredFacts]]
    told: Mapping[int, Sequence[Told]]
    advantages: Mapping[tuple[int, int], Decimal]
    claimed_gifts: frozenset[int]
    claimed_shares: frozenset[int]
    topped_up: frozenset[int]
    split: frozenset[int]
    period: str

    @classmethod
    def of(cls, gifts: Sequence[Gift], people: Sequence[int], *, ignoring_claims: bool) -> _Known:
        """Read it all, in six queries."""
        keys = [gift.pk for gift in gifts]
        claimed = [] if ignoring_claims else _claimed(keys)
        split = SplitPayment.objects.filter(gift__in=keys).order_by().values_list("gift", flat=True)
        return cls(
            declarations=_declarations(people),
            told=_told(people),
            advantages=_advantages(gifts, people),
            claimed_gifts=frozenset(gift for gift, share, small in claimed if share is None and not small),
            claimed_shares=frozenset(share for _gift, share, _small in claimed if share is not None),
            topped_up=frozenset(gift for gift, _share, small in claimed if small),
            split=frozenset(split),
            period=GiftAidSettings.load().period,
        )

    def portion(self, gift: Gift, person: Constituent, share: JointShare | None, left: Decimal) -> Portion:
        """Put the facts together and ask the rules."""
        given = self._facts(gift, person, share, left)
        verdict = judge(given, self.declarations.get(person.pk, ()), self.told.get(person.pk, ()), today=clock.today())
        return Portion(gift, person, share, verdict, given.claimable)

    def _facts(self, gift: Gift, person: Constituent, share: JointShare | None, left: Decimal) -> GivenFacts:
        whole = quantize(gift.net_base_amount, CURRENCY)
        advantage = quantize(gift.advantage_amount * gift.exchange_rate, CURRENCY)
        if share is not None and whole:
            advantage = quantize(advantage * left / whole, CURRENCY)
        claimed = share.pk in self.claimed_shares if share is not None else False
        return GivenFacts(
            given_on=gift.received_on,
            left=left,
            method=gift.method,
            kind=gift.kind,
            person_is_human=person.is_person,
            gift_id=gift.pk,
            advantage=advantage,
            is_split=gift.pk in self.split,
            advantages_of_year=self.advantages.get((person.pk, tax_year(gift.received_on)), Decimal(0)),
            died_on=person.deceased_on,
            is_claimed=claimed or gift.pk in self.claimed_gifts,
            is_topped_up=gift.pk in self.topped_up,
            last_claim_day=last_claim_day(gift.received_on, self.period),
        )


def _claimed(gifts: Sequence[int]) -> list[tuple[int, int | None, bool]]:
    """Return (gift, share, whether small) of what stands in a live claim or a collection, in one query."""
    names = ("gift", "share", "small")
    small = {"share": Value(None, BigIntegerField()), "small": Value(True)}
    lines = ClaimLine.objects.filter(gift__in=gifts, is_live=True).annotate(small=Value(False))
    tops = SmallClaimLine.objects.filter(gift__in=gifts, is_live=True, is_final=True).annotate(**small)
    boxes = SmallCollection.objects.filter(gift__in=gifts).annotate(**small)
    found = lines.order_by().values_list(*names)
    others = [rows.order_by().values_list(*names) for rows in (tops, boxes)]
    return list(found.union(*others, all=True))


def facts_of(declaration: GiftAidDeclaration) -> DeclaredFacts:
    """Return a declaration as the rules see it."""
    return DeclaredFacts(
        pk=declaration.pk,
        declared_on=declaration.declared_on,
        covers_past=declaration.covers_past,
        covers_this=declaration.covers_this,
        covers_future=declaration.covers_future,
        gift_id=declaration.gift_id,
        is_confirmed=not declaration.waits_for_record,
        has_address=declaration.has_address,
        cancelled_from=declaration.cancelled_from,
        counts_never=declaration.counts_never,
    )


def _declarations(people: Sequence[int]) -> dict[int, list[DeclaredFacts]]:
    found: dict[int, list[DeclaredFacts]] = defaultdict(list)
    for declaration in GiftAidDeclaration.objects.filter(donor__in=people).order_by("declared_on", "pk"):
        found[declaration.donor_id].append(facts_of(declaration))
    return found


def _told(people: Sequence[int]) -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = defaultdict(list)
    rows = NotEnoughTax.objects.filter(donor__in=people).order_by("pk").values_list("donor", "since", "until")
    for donor, since, until in rows:
        found[donor].append(Told(since, until))
    return found


def _advantages(gifts: Sequence[Gift], people: Sequence[int]) -> dict[tuple[int, int], Decimal]:
    """Return what each person got in return in each tax year the gifts are of; asked only when any got something."""
    years = {tax_year(gift.received_on) for gift in gifts if gift.advantage_amount}
    totals: dict[tuple[int, int], Decimal] = {}
    for year in sorted(years):
        rows = (
            Gift.objects.filter(donor__in=people, status__in=COUNTED_STATUSES, advantage_amount__gt=0)
            .filter(Q(gift_aid_split__isnull=True))
            .between(*tax_year_bounds(year))
            .order_by()
            .values("donor")
            .annotate(total=Sum(F("advantage_amount") * F("exchange_rate")))
        )
        totals |= {(row["donor"], year): quantize(row["total"], CURRENCY) for row in rows}
    return totals
