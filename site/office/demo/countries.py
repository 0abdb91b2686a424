"""The same charity in another country: where Harbour Light lies, what money it counts, whose law its receipts follow.

Every place and number is invented. A choice is drawn as often in one country as in another, so that the people, the
gifts and the stories are the same ones under other names.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from core.demo import DemoPlan
from core.organisation import current_organisation
from core.organisation.models import Regime

Town = tuple[str, str, int]  # name, postal code, weight


_FUNDS = {
    "general": ("Where it is needed most", "Lets us go where the need is greatest this week."),
    "kitchen": ("The Kitchen", "Hot meals five evenings a week for anyone who comes."),
    "boats": ("Boats for Youth", "Teaches teenagers to build, sail and mend wooden boats."),
    "library": ("Library endowment", "Keeps the reading room open for good."),
}


@dataclass(frozen=True, slots=True)
class DemoCountry:
    """What the demo needs to know of a country."""

    code: str
    name: str
    regime: Regime
    currency: str
    #: What others are worth in it.
    rates: tuple[tuple[str, str], ...]
    time_zone: str
    legal_name: str
    registration_number: str
    postal_code: str
    phone: str
    #: A person's telephone, with two digits to fill in; numbers kept for films and books.
    phones: str
    region: str
    towns: tuple[Town, ...]
    #: How many of a language's names there are for each one at home, by the language of the pool.
    weights: dict[str, float] = field(default_factory=dict)
    #: How often people from another language are written to in it.
    keeps_language: float = 0.3
    signatory_title: str = "Executive Director"
    number_first: bool = True
    #: What the funds are called here, by their codes: name and purpose.
    funds: dict[str, tuple[str, str]] = field(default_factory=lambda: _FUNDS)
    streets: tuple[str, ...] = ()
    titles_women: tuple[tuple[str, int], ...] = ()
    titles_men: tuple[tuple[str, int], ...] = ()

    def address(self, number: int, street: str, town: int = 0) -> dict[str, str]:
        """Return an address of the country, in the town of that place in the list."""
        city, postal_code, _weight = self.towns[town]
        return {
            "street": self.street(number, street),
            "city": city,
            "region": self.region,
            "postal_code": postal_code,
            "country": self.code,
        }

    def street(self, number: int, street: str) -> str:
        """Return street and number in the order people write them here."""
        return f"{number} {street}" if self.number_first else f"{street} {number}"


UNITED_STATES = DemoCountry(
    code="US",
    name="United States",
    regime=Regime.US,
    currency="USD",
    rates=(("CAD", "0.73"), ("EUR", "1.08"), ("GBP", "1.27")),
    time_zone="America/New_York",
    legal_name="Harbour Light Community Trust, Inc.",
    registration_number="EIN 00-0000000 (demo)",
    postal_code="04000",
    phone="(207) 555-0100",
    phones="(207) 555-01{:02d}",
    region="ME",
    towns=(
        ("Gull Harbour", "04001", 40),
        ("Spruce Cove", "04002", 18),
        ("Eastwick", "04003", 14),
        ("Little Quarry", "04004", 9),
        ("Tern Island", "04005", 6),
        ("Northpoint", "04006", 8),
        ("Marsh Mills", "04007", 5),
    ),
)
UNITED_KINGDOM = DemoCountry(
    code="GB",
    name="United Kingdom",
    regime=Regime.UK,
    currency="GBP",
    rates=(("CAD", "0.57"), ("EUR", "0.85"), ("USD", "0.79")),
    time_zone="Europe/London",
    legal_name="Harbour Light Community Trust",
    registration_number="0000000 (demo)",
    postal_code="TR98 1AB",
    phone="01632 960100",
    phones="01632 9601{:02d}",
    region="Cornwall",
    towns=(
        ("Gull Harbour", "TR98 1AA", 40),
        ("Polgarrow", "TR98 2AB", 18),
        ("Eastwick", "TR98 3AD", 14),
        ("Little Quarry", "TR98 4AE", 9),
        ("St Tern", "TR98 5AF", 6),
        ("Northpoint", "TR98 6AG", 8),
        ("Marsh Mills", "TR98 7AH", 5),
    ),
    signatory_title="Chief Executive",
)
CANADA = DemoCountry(
    code="CA",
    name="Canada",
    regime=Regime.CANADA,
    currency="CAD",
    rates=(("EUR", "1.48"), ("GBP", "1.74"), ("USD", "1.37")),
    time_zone="America/Moncton",
    legal_name="Harbour Light Community Trust",
    registration_number="000000000 RR 0001",
    postal_code="E0X 9A0",
    phone="(506) 555-0100",
    phones="(506) 555-01{:02d}",
    region="NB",
    towns=(
        ("Gull Harbour", "E0X 9A1", 40),
        ("Anse-aux-Sapins", "E0X 9A2", 18),
        ("Eastwick", "E0X 9A3", 14),
        ("Petite-Carrière", "E0X 9A4", 9),
        ("Tern Island", "E0X 9A5", 6),
        ("Northpoint", "E0X 9A6", 8),
        ("Moulin-du-Marais", "E0X 9A7", 5),
    ),
    weights={"fr": 7},
    keeps_language=1,
)
GERMANY = DemoCountry(
    code="DE",
    name="Germany",
    regime=Regime.GERMANY,
    currency="EUR",
    rates=(("CAD", "0.68"), ("GBP", "1.17"), ("USD", "0.93")),
    time_zone="Europe/Berlin",
    legal_name="Harbour Light – Hafenlicht e. V.",
    registration_number="VR 00000 (Demo)",
    postal_code="26990",
    phone="040 66969 100",
    phones="040 66969 1{:02d}",
    region="",
    towns=(
        ("Möwenhafen", "26991", 40),
        ("Fichtensiel", "26992", 18),
        ("Ostwiek", "26993", 14),
        ("Lüttstein", "26994", 9),
        ("Seeschwalbenoog", "26995", 6),
        ("Nordkoog", "26996", 8),
        ("Marschmühlen", "26997", 5),
    ),
    weights={"de": 24, "en": 0.12},
    keeps_language=1,
    signatory_title="Vorstand",
    number_first=False,
    funds={
        "general": ("Wo es am nötigsten ist", "Hilft dort, wo die Not diese Woche am größten ist."),
        "kitchen": ("Die Küche", "Warme Mahlzeiten an fünf Abenden der Woche, für alle, die kommen."),
        "boats": ("Boote für die Jugend", "Jugendliche bauen, segeln und flicken Holzboote."),
        "library": ("Stiftung Bücherei", "Hält den Lesesaal auf Dauer offen."),
    },
    streets=(
        "Ankergasse", "Am Leuchtturm", "Bootsweg", "Deichstraße", "Dorfstraße", "Fährstraße", "Fischerweg",
        "Granitweg", "Hafenstraße", "Inselblick", "Jollenweg", "Kapitänsweg", "Kirchplatz", "Lotsenweg", "Mastenweg",
        "Netzflickergasse", "Obstgarten", "Pierstraße", "Reepschlägerweg", "Schulstraße", "Seilerbahn", "Tidenweg",
        "Werftstraße", "Wiesengrund",
    ),
    titles_women=(("Frau", 12), ("Dr.", 2), ("", 7)),
    titles_men=(("Herr", 12), ("Dr.", 2), ("", 6)),
)  # fmt: skip

COUNTRIES = {country.code: country for country in (UNITED_STATES, UNITED_KINGDOM, CANADA, GERMANY)}


def country_of(plan: DemoPlan) -> DemoCountry:
    """Return the country of a plan."""
    return COUNTRIES[plan.country]


def here() -> DemoCountry:
    """Return the country the organisation lies in by now."""
    return COUNTRIES[str(current_organisation().country)]
