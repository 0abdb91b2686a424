"""Files as the NPSP Data Import template makes them: 67 columns under three lines of instructions and a blank one.

Everybody in them is invented. The same arguments give the same file.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Iterable, Sequence
from decimal import Decimal

HEADER = [
    *(
        f"{who} {what}"
        for who in ("Contact1", "Contact2")
        for what in (
            "Salutation",
            "First Name",
            "Last Name",
            "Birthdate",
            "Title",
            "Personal Email",
            "Work Email",
            "Alternate Email",
            "Preferred Email",
            "Home Phone",
            "Work Phone",
            "Mobile Phone",
            "Other Phone",
            "Preferred Phone",
        )
    ),
    *(
        f"{who} {what}"
        for who in ("Account1", "Account2")
        for what in ("Name", "Street", "City", "State/Province", "Zip/Postal Code", "Country", "Phone", "Website")
    ),
    *(f"Home {what}" for what in ("Street", "City", "State/Province", "Zip/Postal Code", "Country")),
    *(
        f"Donation {what}"
        for what in (
            "Donor",
            "Amount",
            "Date",
            "Name",
            "Record Type Name",
            "Stage",
            "Type",
            "Description",
            "Member Level",
            "Membership Start Date",
            "Membership End Date",
            "Membership Origin",
            "Imported",
        )
    ),
    "Campaign Name",
    "Campaign Member Status",
    "Payment Check/Reference Number",
    "Payment Method",
    "Payment Imported",
]
PREAMBLE = [
    ["NPSP Data Import Template"],
    ["Fill in one row per donation. Delete the columns you do not need; keep the header row as it is."],
    ["Dates as month/day/year. See the help page for what each column means."],
    [],
]

GIVEN = [
    "Ann",
    "Bo",
    "Chidi",
    "Dalia",
    "Esi",
    "Farid",
    "Greta",
    "Hana",
    "Ivo",
    "Jun",
    "Kofi",
    "Lena",
    "Mirek",
    "Nadia",
    "Oluwa",
    "Priya",
    "Quentin",
    "Rosa",
    "Sven",
    "Tala",
]
FAMILY = [
    "Abebe",
    "Brandt",
    "Castellanos",
    "Dvořák",
    "Eriksen",
    "Farouk",
    "Guðmundsdóttir",
    "Hofmann",
    "Ibarra",
    "Jovanović",
    "Kaya",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "O’Rourke",
    "Petrov",
    "Quispe",
    "Rossi",
    "Szabó",
    "Tremblay",
    "Ueda",
    "Vasquez",
    "Weiß",
    "Xiong",
    "Yılmaz",
    "Zieliński",
]
TOWNS = [
    ("Springfield", "IL", "62704"),
    ("Boston", "MA", "02118"),
    ("Newark", "NJ", "07102"),
    ("Portland", "ME", "04101"),
    ("Denver", "CO", "80205"),
]
CAMPAIGNS = ["Spring Appeal 2025", "Roof Fund Drive", "Year End 2025", ""]


def as_csv(rows: Iterable[dict[str, str]], *, header: Sequence[str] = HEADER, preamble: bool = True) -> str:
    """Return the file's text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    if preamble:
        writer.writerows(PREAMBLE)
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    return out.getvalue()


def people_with_gifts(number: int, *, seed: int = 1, start: int = 0) -> list[dict[str, str]]:
    """Return as many rows, each a person of their own (every fifth a couple) with an address and a gift."""
    random_ = random.Random(seed)
    rows = []
    for at in range(start, start + number):
        given, family = random_.choice(GIVEN), random_.choice(FAMILY)
        town, state, postcode = random_.choice(TOWNS)
        day = dt.date(2025, 1, 1) + dt.timedelta(days=random_.randrange(300))
        row = {
            "Contact1 First Name": given,
            "Contact1 Last Name": family,
            "Contact1 Personal Email": f"p{at}@example.org",
            "Contact1 Home Phone": f"(217) 555-{at % 10_000:04d}",
            "Home Street": f"{at + 1} Elm Street",
            "Home City": town,
            "Home State/Province": state,
            "Home Zip/Postal Code": postcode,
            "Home Country": "United States",
            "Donation Donor": "Contact1",
            "Donation Amount": f"{Decimal(random_.randrange(500, 90_000)) / 100:.2f}",
            "Donation Date": f"{day.month}/{day.day}/{day.year}",
            "Donation Stage": "Closed Won",
            "Payment Method": random_.choice(["Check", "Credit Card", "Cash"]),
            "Payment Check/Reference Number": str(1_000 + at),
            "Campaign Name": random_.choice(CAMPAIGNS),
        }
        if at % 5 == 0:
            row |= {
                "Contact2 First Name": random_.choice(GIVEN),
                "Contact2 Last Name": family,
                "Contact2 Personal Email": f"q{at}@example.org",
            }
        rows.append(row)
    return rows


def total(rows: Iterable[dict[str, str]]) -> Decimal:
    """Return what the donations in the rows add up to."""
    return sum((Decimal(row["Donation Amount"]) for row in rows if row.get("Donation Amount")), Decimal(0))


# The sample that the documentation and the journey use -------------------------------------------------------------


def sample() -> list[dict[str, str]]:
    """Return sixty rows as a small charity really has them: couples, companies, repeats, many scripts, six mistakes."""
    rows = [
        *_couples(),
        *_singles(),
        *_organisations(),
        *_awkward(),
        *_mistakes(),
    ]
    for number, row in enumerate(rows):
        if row.get("Donation Amount"):
            row.setdefault("Donation Date", _us(dt.date(2025, 1, 4) + dt.timedelta(days=number * 5)))
            row.setdefault("Donation Donor", "Contact1")
            row.setdefault("Donation Stage", "Closed Won")
            row.setdefault("Payment Method", "Check")
        row.setdefault("Home Country", "United States" if row.get("Home Street") else "")
    return rows


def _us(day: dt.date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _person(given: str, family: str, email: str = "", *, who: str = "Contact1", **more: str) -> dict[str, str]:
    row = {f"{who} First Name": given, f"{who} Last Name": family, f"{who} Personal Email": email}
    return row | {f"{who} {name.replace('_', ' ').title()}": value for name, value in more.items()}


def _home(street: str, city: str, state: str, postcode: str, country: str = "United States") -> dict[str, str]:
    return {
        "Home Street": street,
        "Home City": city,
        "Home State/Province": state,
        "Home Zip/Postal Code": postcode,
        "Home Country": country,
    }


def _couples() -> list[dict[str, str]]:
    springfield = ("Springfield", "IL", "62704")
    return [
        _person("Margaret", "Okafor", "margaret@okafor.example", salutation="Dr.", home_phone="(217) 555-0101")
        | _person("Daniel", "Okafor", "daniel@okafor.example", who="Contact2", salutation="Mr.")
        | _home("12 Elm Street", *springfield)
        | {
            "Donation Amount": "$1,200.00",
            "Campaign Name": "Roof Fund Drive",
            "Payment Check/Reference Number": "4471",
        },
        _person("Margaret", "Okafor", "margaret@okafor.example", salutation="Dr.")
        | _home("12 Elm Street", *springfield)
        | {"Donation Amount": "150", "Campaign Name": "Spring Appeal 2025", "Payment Method": "Credit Card"},
        _person("José", "García-Márquez", "jose@garcia.example", mobile_phone="217.555.0103")
        | _person("Inés", "de la Cruz", "ines@delacruz.example", who="Contact2")
        | _home("8 Oak Avenue", *springfield)
        | {"Donation Amount": "75.50", "Payment Method": "Cash"},
        _person("Łukasz", "Żółć", "lukasz@zolc.example")
        | _person("Agnieszka", "Żółć", "agnieszka@zolc.example", who="Contact2")
        | _home("31 Mill Lane", "Chicago", "IL", "60614")
        | {"Donation Amount": "40.00"},
        # One address for two people, as many couples have.
        _person("Henry", "Whitfield", "whitfields@mail.example", salutation="Mr.")
        | _person("Ruth", "Whitfield", "whitfields@mail.example", who="Contact2", salutation="Mrs.")
        | _home("2 Church Row", "Boston", "MA", "2118")
        | {"Donation Amount": "500.00", "Campaign Name": "Roof Fund Drive", "Payment Check/Reference Number": "1009"},
        _person("Ngozi", "Adeyemi", "ngozi@adeyemi.example", title="Head teacher", work_email="head@school.example")
        | {"Contact1 Preferred Email": "Work", "Contact1 Work Phone": "+1 217 555 0107"}
        | _person("Tunde", "Adeyemi", who="Contact2", home_phone="(217) 555-0108")
        | _home("77 River Road", *springfield)
        | {"Donation Amount": "60.00", "Payment Method": "ACH"},
    ]


def _singles() -> list[dict[str, str]]:
    people = [
        ("Αλέξανδρος", "Παπαδόπουλος", "alexandros@papadopoulos.example", "Boston", "MA", "02118"),
        ("Ольга", "Смирнова", "olga@smirnova.example", "Chicago", "IL", "60622"),
        ("美咲", "田中", "misaki@tanaka.example", "Denver", "CO", "80205"),
        ("민준", "김", "minjun@kim.example", "Newark", "NJ", "7102"),
        ("فاطمة", "الزهراء", "fatima@alzahra.example", "Dearborn", "MI", "48126"),
        ("אביגיל", "לוי", "avigail@levi.example", "Boston", "MA", "02116"),
        ("प्रिया", "शर्मा", "priya@sharma.example", "Edison", "NJ", "8817"),
        ("Nguyễn", "Thị Hạnh", "hanh@nguyen.example", "Springfield", "IL", "62704"),
        ("Siobhán", "O’Rourke", "siobhan@orourke.example", "Portland", "ME", "4101"),
        ("Jean-Luc", "d’Artois", "jeanluc@dartois.example", "Springfield", "IL", "62702"),
        ("Guðrún", "Jónsdóttir", "gudrun@jonsdottir.example", "Denver", "CO", "80210"),
        ("Anh", "Trần", "anh@tran.example", "Chicago", "IL", "60640"),
        ("Zoë", "van der Berg", "zoe@vanderberg.example", "Springfield", "IL", "62704"),
        ("Kwame", "Mensah", "kwame@mensah.example", "Newark", "NJ", "07103"),
        ("ปิยะ", "สุขใจ", "piya@sukjai.example", "Denver", "CO", "80203"),
        ("Ann", "Lee", "ann.lee@mail.example", "Springfield", "IL", "62704"),
        ("Ann", "Lee", "ann@leestudio.example", "Chicago", "IL", "60611"),
        ("Björn", "Åkesson", "bjorn@akesson.example", "Portland", "ME", "04102"),
        ("Mihail", "Țepeș", "mihail@tepes.example", "Boston", "MA", "02120"),
        ("Çağla", "Yıldırım", "cagla@yildirim.example", "Springfield", "IL", "62711"),
    ]
    amounts = ["25.00", "50", "100.00", "35.25", "1,000.00", "$20", "15.75", "250.00", "80.00", "45"]
    rows = []
    for at, (given, family, email, town, state, postcode) in enumerate(people):
        row = _person(given, family, email) | _home(f"{100 + at * 3} Maple Avenue", town, state, postcode)
        row |= {"Donation Amount": amounts[at % len(amounts)], "Payment Check/Reference Number": str(2_000 + at)}
        if at % 3 == 0:
            row["Campaign Name"] = "Spring Appeal 2025"
        rows.append(row)
    # The first eight gave a second time; only name and e-mail are filled in, as people do.
    for at, (given, family, email, *_town) in enumerate(people[:8]):
        row = _person(given, family, email.upper() if at % 2 else email)
        rows.append(row | {"Donation Amount": amounts[(at + 3) % len(amounts)], "Campaign Name": "Year End 2025"})
    return rows


def _organisations() -> list[dict[str, str]]:
    bakery = {
        "Account1 Name": "Hearth & Crumb Bakery, LLC",
        "Account1 Street": "5 Market Square",
        "Account1 City": "Springfield",
        "Account1 State/Province": "IL",
        "Account1 Zip/Postal Code": "62701",
        "Account1 Country": "USA",
        "Account1 Phone": "(217) 555-0180",
        "Account1 Website": "www.hearthandcrumb.example",
    }
    return [
        bakery | {"Donation Donor": "Account1", "Donation Amount": "750.00", "Campaign Name": "Roof Fund Drive"},
        bakery | {"Donation Donor": "Account1", "Donation Amount": "750.00", "Payment Method": "Wire Transfer"},
        _person("Grace", "Hopwell", "grace@hearthandcrumb.example", title="Owner")
        | bakery
        | {"Donation Amount": "30.00", "Payment Method": "Credit Card"},
        {
            "Account1 Name": "The Larkspur Foundation",
            "Account1 City": "Chicago",
            "Account1 Zip/Postal Code": "60601",
            "Donation Donor": "Account1",
            "Donation Amount": "10,000.00",
            "Donation Description": "Grant for the new roof.\nFirst of two payments.",
            "Campaign Name": "Roof Fund Drive",
            "Payment Method": "Wire Transfer",
        },
        {
            "Account1 Name": "The Larkspur Foundation",
            "Account1 City": "Chicago",
            "Account1 Zip/Postal Code": "60601",
            "Donation Donor": "Account1",
            "Donation Amount": "10,000.00",
            "Donation Stage": "Pledged",
            "Donation Date": "12/15/2025",
            "Campaign Name": "Roof Fund Drive",
            "Payment Method": "Wire Transfer",
        },
        {
            "Account1 Name": "Fundación Río Claro",
            "Account1 City": "Bogotá",
            "Account1 Country": "Colombia",
            "Donation Donor": "Account1",
            "Donation Amount": "300.00",
        },
    ]


def _awkward() -> list[dict[str, str]]:
    coffee = _person("Walter", "Pike", home_phone="217 555 0144") | _home(
        "9 Depot Street", "Springfield", "IL", "62703"
    )
    return [
        # No e-mail address: known by telephone and street. Twice the same gift on one day: two coins in the box.
        coffee | {"Donation Amount": "5.00", "Donation Date": "7/4/2025", "Payment Method": "Cash"},
        coffee | {"Donation Amount": "5.00", "Donation Date": "7/4/2025", "Payment Method": "Cash"},
        coffee | {"Donation Amount": "5.00", "Donation Date": "7/11/2025", "Payment Method": "Cash"},
        # Nobody gave here: a person to have on record.
        _person("Beatrice", "Sundaram", "beatrice@sundaram.example", birthdate="3/21/1958")
        | _home("14 Garden Court", "Springfield", "IL", "62704"),
        _person("Ines", "Nowak", "ines@nowak.example", birthdate="11/30/1984", title="Nurse"),
        _person("Élodie", "Lefèvre", "elodie@lefevre.example")
        | _home("4 rue des Lilas", "Lyon", "", "69003", "France")
        | {"Donation Amount": "120.00", "Payment Method": "Credit Card", "Donation Type": "Gift"},
        _person("Otto", "Brandstätter", "otto@brandstaetter.example")
        | _home("Lindenstraße 7", "Dresden", "", "1067", "Germany")
        | {"Donation Amount": "64.00", "Payment Method": "Wire Transfer"},
        _person("=SUM(A1)", "Trickster", "trick@formula.example")
        | {"Donation Amount": "1.00", "Payment Method": "Cash"},
        _person("Pat", "Quill", "pat@quill.example")
        | {"Donation Amount": "90.00", "Donation Record Type Name": "Membership", "Donation Member Level": "Friend"},
        _person("Rosalind", "Achterberg", "rosalind@achterberg.example")
        | {"Donation Amount": "1,234.56", "Payment Method": "Stock", "Donation Name": "Shares for the roof"},
        _person("Ivo", "Kučera", "ivo@kucera.example") | {"Donation Amount": "18.00", "Donation Stage": "Posted"},
        _person("Salma", "Haddad", "salma@haddad.example") | {"Donation Amount": "22.00"},
        _person("Leopold", "Bloomfield", "leopold@bloomfield.example") | {"Donation Amount": "16.06"},
        _person("Tove", "Marklund", "tove@marklund.example")
        | {"Donation Amount": "55.55", "Payment Method": "Credit card"},
    ]


def _mistakes() -> list[dict[str, str]]:
    return [
        _person("Jörg", "Fährmann", "jörg@faehrmann.example") | {"Donation Amount": "20.00"},
        _person("Edith", "Gravel", "edith@gravel.example") | {"Donation Amount": "twenty"},
        _person("Moses", "Tull", "moses@tull.example") | {"Donation Amount": "33.00", "Donation Date": "2/30/2025"},
        _person("Clara", "Bow-Smith", "clara@bowsmith.example") | {"Donation Amount": "-58.80"},
        {"Contact1 Personal Email": "nobody@nameless.example", "Donation Amount": "12.00"},
        _person("Karl", "Udell", "karl@udell.example") | {"Donation Amount": "70.00", "Donation Donor": "Account1"},
    ]


MISTAKES = 6
