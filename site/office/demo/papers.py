"""What the law of each country asks for: Canada's and Germany's receipt settings, Gift Aid in the United Kingdom."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Min

from constituents.models import Constituent
from constituents.services.addresses import address_on
from core import clock
from core.demo import DemoPlan
from core.organisation.models import Regime
from donations.gift_aid import postcodes
from donations.gift_aid.claiming import gather_claim, send_claim
from donations.gift_aid.claims import note_payment
from donations.gift_aid.declaring import cancel_declaration, declare, note_not_enough_tax
from donations.gift_aid.files import finish_files
from donations.gift_aid.small import standing_of
from donations.gift_aid.small_claiming import gather_small_claim, send_small_claim
from donations.gift_aid.wording import wording_for
from donations.gift_aid.years import tax_year, tax_year_bounds
from donations.models import (
    CancelReason,
    CollectedBy,
    DeclarationMethod,
    GiftAidClaim,
    GiftAidDeclaration,
    GiftAidSettings,
    Grouping,
    NoticeKind,
    SmallClaim,
    SmallCollection,
)
from donations.services.receipt_settings import change_receipt_settings
from office.demo.countries import country_of

#: How many may declare, however large the demo: each claim is drawn as a spreadsheet.
_DECLARE = 120
_PLACES = (("Bucket at the quay", CollectedBy.CASH), ("Kitchen door", CollectedBy.CONTACTLESS))
_MONTHS = 20


def add_papers(plan: DemoPlan) -> dict[str, int]:
    """Set up what receipts need here, and what the tax office is asked for."""
    match country_of(plan).regime:
        case Regime.CANADA:
            change_receipt_settings(by=None, language="en")
        case Regime.GERMANY:
            change_receipt_settings(
                by=None,
                language="de",
                tax_office="Möwenhafen",
                tax_number="00/000/00000",
                notice_kind=NoticeKind.EXEMPTION,
                notice_date=plan.today - dt.timedelta(days=500),
                assessment_period=f"{plan.today.year - 4} bis {plan.today.year - 2}",
                purposes="der Jugendhilfe, der Volksbildung und mildtätiger Zwecke",
            )
        case Regime.UK:
            return _gift_aid(plan)
    return {}


def _gift_aid(plan: DemoPlan) -> dict[str, int]:
    rng = plan.random("gift aid")
    settings = GiftAidSettings.load()
    settings.hmrc_reference = "XR00000"
    settings.save()
    _declare(rng, plan)
    _claim(plan)
    _collect(rng, plan)
    return {
        "gift aid declarations": GiftAidDeclaration.objects.count(),
        "gift aid claims": GiftAidClaim.objects.count(),
        "small donations collections": SmallCollection.objects.count(),
        "small donations claims": SmallClaim.objects.count(),
    }


def _declare(rng: random.Random, plan: DemoPlan) -> None:
    """Let most of the first donors declare; two by telephone, one cancelled, one who pays too little tax."""
    donors = list(_donors(plan))
    rng.shuffle(donors)
    special, rest = donors[:4], donors[4 : 4 + len(donors) * 7 // 10]
    wording = wording_for(past=True, this=True, future=True)
    rows = [
        GiftAidDeclaration(
            donor=donor,
            declared_on=first + dt.timedelta(days=rng.randrange(0, 30)),
            covers_past=True,
            covers_this=True,
            covers_future=True,
            wording=wording,
            source=rng.choice(["on paper", "on paper", "giving page"]),
            house=house,
            postcode=postcode,
        )
        for donor, first, house, postcode in rest
    ]
    GiftAidDeclaration.objects.bulk_create([row for row in rows if row.declared_on <= plan.today])
    for place, (donor, _first, house, postcode) in enumerate(special):
        declared_on = plan.today - dt.timedelta(days=200 - 30 * place)
        home: dict[str, Any] = {"house": house, "postcode": postcode, "wording": wording, "declared_on": declared_on}
        declaration = declare(
            donor, by=None, method=DeclarationMethod.ORAL if place < 2 else DeclarationMethod.WRITTEN, **home
        )
        if place == 2:
            cancel_declaration(
                declaration,
                by=None,
                cancelled_from=plan.today - dt.timedelta(days=40),
                why=CancelReason.NOT_ENOUGH_TAX,
                note="Rang: has retired and pays no tax.",
            )
        elif place == 3:
            note_not_enough_tax(donor, by=None, since=tax_year_bounds(tax_year(plan.today))[0], note="Told us so.")


def _donors(plan: DemoPlan) -> Iterator[tuple[Constituent, dt.date, str, str]]:
    """Yield donors with the day of their first gift, and house and postcode of their home."""
    found = Constituent.objects.people().living().annotate(first=Min("gifts__received_on")).filter(first__isnull=False)
    for donor in found.order_by("pk")[:_DECLARE]:
        address = address_on(donor, plan.today)
        if address is not None and str(address.country) == "GB" and donor.given_name and donor.family_name:
            yield donor, donor.first, postcodes.house_of(address.street), address.postal_code


def _claim(plan: DemoPlan) -> None:
    """Claim the last tax years, which HMRC paid, and this one until two months ago, which it has before it."""
    first, _last = tax_year_bounds(tax_year(plan.today))
    claims = ((first - dt.timedelta(days=1), Grouping.DONOR), (plan.today - dt.timedelta(days=60), Grouping.GIFT))
    for up_to, grouping in claims:
        claim = send_claim(gather_claim(by=None, up_to=up_to, grouping=grouping), by=None)
        finish_files(claim)
        sent_on = up_to + dt.timedelta(days=20)
        GiftAidClaim.objects.filter(pk=claim.pk).update(submitted_on=sent_on, made_at=clock.start_of_day(sent_on))
        if grouping == Grouping.DONOR:
            claim.refresh_from_db()
            paid_on = sent_on + dt.timedelta(days=18)
            note_payment(claim, by=None, paid_on=paid_on, amount=claim.expected_money.amount, reference="GA-000001")


def _collect(rng: random.Random, plan: DemoPlan) -> None:
    """Empty the bucket and read the card reader every month; claim on last year's small donations."""
    months = [plan.today - dt.timedelta(days=30 * back + 3) for back in range(_MONTHS, 0, -1)]
    SmallCollection.objects.bulk_create(
        SmallCollection(
            place=place,
            how=how,
            collected_on=day,
            banked_on=day + dt.timedelta(days=2),
            amount=Decimal(rng.randrange(3_000, 16_000)) / 100,
            note="Counted by Edmund and Ivy" if how == CollectedBy.CASH else "",
        )
        for day in months
        for place, how in _PLACES
    )
    last_year = tax_year(plan.today) - 1
    if not standing_of(last_year).claimable:
        return
    claim = send_small_claim(gather_small_claim(by=None, tax_year=last_year), by=None)
    sent_on = tax_year_bounds(last_year)[1] + dt.timedelta(days=21)
    SmallClaim.objects.filter(pk=claim.pk).update(submitted_on=sent_on, made_at=clock.start_of_day(sent_on))
    claim.refresh_from_db()
    paid_on = sent_on + dt.timedelta(days=18)
    note_payment(claim, by=None, paid_on=paid_on, amount=claim.expected_money.amount, reference="GA-000001")
