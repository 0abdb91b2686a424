"""Harbour Light itself: the organisation, who works there, its funds and campaigns."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from allauth.account.models import EmailAddress as SignInAddress

from accounts.models import User
from accounts.roles import Role, grant
from core.demo import DemoPlan
from core.money import Money, quantize
from core.organisation import current_organisation
from donations.models import Appeal, AppealChannel, Campaign, ExchangeRate, Fund, Restriction
from office.demo.countries import country_of

PASSWORD = "steward-demo-2026"  # noqa: S105 - printed on the screen by `make demo`, never outside it

# (address, role or None for an administrator, given name, family name): who can sign in to the demo.
STAFF = (
    ("admin@example.org", Role.ADMINISTRATOR, "Rosalind", "Tidewell"),
    ("gifts@example.org", Role.GIFT_PROCESSOR, "Edmund", "Plumb"),
    ("fundraiser@example.org", Role.FUNDRAISER, "Miriam", "Hathaway"),
    ("membership@example.org", Role.MEMBERSHIP_OFFICER, "Silas", "Woodbury"),
    ("volunteers@example.org", Role.VOLUNTEER_COORDINATOR, "Ivy", "Merriweather"),
    ("board@example.org", Role.BOARD_READER, "Theodore", "Wainwright"),
)
MEMBER = "member@example.org"


def fee_of(money: Money) -> Decimal:
    """Return what the demo's Stripe keeps of a payment by card."""
    return quantize(money.amount * Decimal("0.022") + Decimal("0.30"), money.currency)


def set_up_organisation(plan: DemoPlan) -> dict[str, int]:
    """Name the organisation and give it its rules."""
    country = country_of(plan)
    organisation = current_organisation()
    organisation.name = "Harbour Light"
    organisation.legal_name = country.legal_name
    organisation.registration_number = country.registration_number
    organisation.mission = "A warm kitchen, a boat and a library for everyone along the bay."
    for field, value in country.address(12, country.streets[-2] if country.streets else "Wharf Street").items():
        setattr(organisation, field, value)
    organisation.postal_code = country.postal_code
    organisation.email = "hello@example.org"
    organisation.phone = country.phone
    organisation.regime = country.regime
    organisation.base_currency = country.currency
    organisation.time_zone = country.time_zone
    organisation.fiscal_year_start_month = 1
    organisation.signatory_name = "Rosalind Tidewell"
    organisation.signatory_title = country.signatory_title
    organisation.full_clean()
    organisation.save()
    return {"organisation": 1}


def currency() -> str:
    """Return what Harbour Light counts its money in."""
    return current_organisation().base_currency


def sign_in_for(address: str, *, given_name: str, family_name: str) -> User:
    """Make a sign-in whose address is known to be theirs."""
    user = User.objects.create_user(address, PASSWORD, first_name=given_name, last_name=family_name)
    SignInAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def add_staff(plan: DemoPlan) -> dict[str, int]:
    """Let the staff and the board sign in."""
    for address, role, given_name, family_name in STAFF:
        grant(sign_in_for(address, given_name=given_name, family_name=family_name), role)
    return {"staff": len(STAFF)}


def add_funds_and_campaigns(plan: DemoPlan) -> dict[str, int]:
    """Open the funds, and a year-end and a spring campaign for each year, with their appeals and costs."""
    kinds = {"kitchen": Restriction.TEMPORARY, "boats": Restriction.TEMPORARY, "library": Restriction.PERMANENT}
    funds = [
        Fund(
            name=name,
            code=code,
            purpose=purpose,
            is_default=code == "general",
            restriction=kinds.get(code, Restriction.NONE),
            accounting_code=str(4000 + 100 * number),
        )
        for number, (code, (name, purpose)) in enumerate(country_of(plan).funds.items())
    ]
    Fund.objects.bulk_create(funds)
    campaigns, appeals = 0, 0
    size = Decimal(max(plan.people, 40))
    earlier: dict[str, Campaign] = {}
    for year in range(plan.begins.year, plan.today.year + 1):
        growth = Decimal(100 + 8 * (year - plan.begins.year)) / 100
        whole_year = Campaign.objects.create(
            name=f"Annual Fund {year}",
            code=f"annual-{year}",
            description="Everything we ask for in a year, from the spring boats to the winter kitchen.",
            goal=max((size * 16 * growth / 500).quantize(Decimal(1)) * 500, Decimal(2000)),
            budget=(size * Decimal("2.2")).quantize(Decimal(1)),
            starts_on=dt.date(year, 1, 1),
            ends_on=dt.date(year, 12, 31),
            compared_with=earlier.get("annual"),
        )
        earlier["annual"] = whole_year
        campaigns += 1
        for name, code, description, month_from, month_to, share in _CAMPAIGNS:
            goal = (size * share * growth / 500).quantize(Decimal(1)) * 500
            earlier[code] = campaign = Campaign.objects.create(
                parent=whole_year,
                compared_with=earlier.get(code),
                name=f"{name} {year}",
                code=f"{code}-{year}",
                description=description,
                goal=max(goal, Decimal(1000)),
                budget=size,
                starts_on=dt.date(year, month_from, 1),
                ends_on=dt.date(year, month_to, 30 if month_to == 6 else 31),
            )
            campaigns += 1
            for channel, label, day, reach, cost in _APPEALS:
                Appeal.objects.create(
                    campaign=campaign,
                    name=f"{label}, {name} {year}",
                    code=f"{code}-{channel}-{year}",
                    channel=channel,
                    sent_on=dt.date(year, month_from, day),
                    number_sent=int(size * reach),
                    cost=max(size * cost, Decimal(40)).quantize(Decimal("0.01")),
                )
                appeals += 1
    for year in range(plan.begins.year, plan.today.year + 1):
        for other, rate in country_of(plan).rates:
            ExchangeRate.objects.create(currency=other, valid_from=dt.date(year, 1, 1), rate=Decimal(rate))
    return {"funds": len(funds), "campaigns": campaigns, "appeals": appeals}


_CAMPAIGNS = (
    ("Spring Tide", "spring", "New planks for three dories before the season begins.", 4, 6, Decimal(9)),
    ("Winter Lights", "winter", "Keeps the kitchen warm and open until the ice is out.", 11, 12, Decimal(5)),
)
_APPEALS = (
    (AppealChannel.MAIL, "Letter", 3, Decimal("0.6"), Decimal("0.55")),
    (AppealChannel.EMAIL, "E-mail", 10, Decimal("0.45"), Decimal("0.02")),
    (AppealChannel.EVENT, "Supper on the wharf", 16, Decimal("0.05"), Decimal("0.35")),
    (AppealChannel.WEB, "Website", 1, Decimal(0), Decimal("0.01")),
)
