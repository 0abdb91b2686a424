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
