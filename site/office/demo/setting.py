"""Harbour Light itself: the organisation, and who works there."""

from __future__ import annotations

from decimal import Decimal

from allauth.account.models import EmailAddress as SignInAddress

from accounts.models import User
from accounts.roles import Role, grant
from core.demo import DemoPlan
from core.money import Money, quantize
from core.organisation import current_organisation
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
