"""What the style page shows: an invented lifeboat society in the middle of its year."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from core.money import Money
from core.organisation.models import Organisation
from core.theme.charts import BarChart, LineChart, Series


def eur(amount: str) -> Money:
    """Return an amount in euro."""
    return Money(Decimal(amount), "EUR")


def sample() -> dict[str, Any]:
    """Return what the components are shown with, by the names that templates use."""
    return {
        **_organisation(),
        **_home(),
        **_shifts(),
        **_levels(),
        **_people(),
        **_portal(),
        **_news(),
        **_charts(),
        "letters": [(letter, "#" if letter in "ABDGKMOTZ" else "") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"],
        "until": dt.date(2026, 12, 31),
        "stats": {"given": eur("1214.50"), "fall": eur("-312")},
        "crumbs": [("Home", "/"), ("Members", "/members/"), ("Orla Brannigan", "")],
    }


def _organisation() -> dict[str, Any]:
    return {
        "organisation": Organisation(
            name="Harrow Bay Lifeboat",
            legal_name="Harrow Bay Lifeboat Society",
            mission="Forty volunteers, two boats and one telephone, on call every night of the year since 1911.",
            registration_number="CHY 20417",
            street="3 Mole Street",
            city="Harrow Bay",
            postal_code="HB4 2LP",
            email="hello@harrowbay.example",
            phone="+353 21 555 0142",
        ),
    }


def _home() -> dict[str, Any]:
    return {
        "hero": {
            "title": "Someone is always awake for the bay",
            "text": "When a boat is late home, forty neighbours put down what they are doing and go. Your gift fuels "
            "the engines, your hour keeps the watch.",
            "figures_title": "This year so far",
            "actions": [
                {"label": "Give to the boats", "href": "/give/"},
                {"label": "Stand a watch", "href": "/volunteer/"},
            ],
            "figures": [
                {"label": "Given by 612 people", "money": eur("55280.00")},
                {"label": "Members", "value": "438"},
                {"label": "Hours on watch", "value": "3,912"},
                {"label": "People brought home", "value": "27"},
            ],
        },
        "campaign": {
            "title": "A new engine for the night boat",
            "text": "The old one has done nineteen winters. Sixty thousand euro puts a quieter, cleaner one in before "
            "the January storms.",
            "raised": eur("41280"),
            "goal": eur("60000"),
            "note": "184 people have given. The appeal ends on Thursday 31 December.",
            "href": "/give/",
        },
    }


def _shifts() -> dict[str, Any]:
    noon = dt.datetime(2026, 11, 28, 10, 0, tzinfo=dt.UTC)
    shifts = [
        ("Harbour watch", noon, 4, "Old Quay", 3),
        ("Open boathouse: welcome visitors", noon + dt.timedelta(days=1, hours=1), 3, "Boathouse, Mole Street", 1),
        ("Engine workshop for beginners", noon + dt.timedelta(days=7, hours=8), 2, "Boathouse, Mole Street", 0),
    ]
    return {
        "shifts": [
            {
                "title": title,
                "starts": starts,
                "ends": starts + dt.timedelta(hours=hours),
                "place": place,
                "places_left": left,
                "url": "/volunteer/",
            }
            for title, starts, hours, place, left in shifts
        ],
    }


def _levels() -> dict[str, Any]:
    return {
        "levels": [
            {
                "name": "Friend",
                "price": eur("30"),
                "period": "a year",
                "text": "You stand behind the crew.",
                "benefits": ["The yearbook", "A vote at the meeting"],
                "url": "/join/",
            },
            {
                "name": "Household",
                "price": eur("48"),
                "period": "a year",
                "text": "Everyone at one address, children too.",
                "benefits": ["The yearbook", "Two votes at the meeting", "A morning on the boat"],
                "url": "/join/",
                "suggested": True,
            },
            {
                "name": "Keeper",
                "price": eur("240"),
                "period": "a year",
                "text": "One night's fuel, every month.",
                "benefits": ["All of the above", "The crew's supper in May"],
                "url": "/join/",
            },
        ],
    }


def _people() -> dict[str, Any]:
    return {
        "people": [
            {"name": "Orla Brannigan", "initials": "OB", "line": "Carpenter", "town": "Harrow Bay", "url": "#"},
            {"name": "Tomasz Źrebiński", "initials": "TŹ", "line": "Radio amateur", "town": "Kilcreen", "url": "#"},
            {"name": "Ελένη Μαρκάκη", "initials": "ΕΜ", "line": "Harbour pilot", "town": "Harrow Bay", "url": "#"},
        ],
    }


def _portal() -> dict[str, Any]:
    return {
        "now": [
            {
                "title": "Your card was refused on 14 November",
                "text": "Your monthly gift of €50.00 is waiting. A new card takes a minute.",
                "tone": "wrong",
                "url": "#",
                "action": "Use another card",
            },
            {
                "title": "Your household membership ends on 31 December",
                "text": "Renewing keeps your place for the morning on the boat.",
                "tone": "waiting",
                "url": "#",
                "action": "Renew for €48",
            },
            {
                "title": "You are on watch on Saturday",
                "text": "28 November, 10:00 to 14:00, Old Quay. Siobhán has the keys.",
                "tone": "good",
                "url": "#",
                "action": "See the shift",
            },
        ],
        "facts": [
            {"label": "Name", "value": "Orla Brannigan", "change_url": "#"},
            {"label": "E-mail address", "value": "orla@brannigan.example", "change_url": "#"},
            {"label": "Member since", "value": "Sunday 3 May 2015"},
            {"label": "Telephone", "value": "", "change_url": "#"},
        ],
    }


def _news() -> dict[str, Any]:
    return {
        "news": [
            {
                "title": "Four hours for a windsurfer",
                "date": dt.date(2026, 11, 9),
                "intro": "He had drifted past the outer buoy when the watch saw his lamp.",
                "url": "#",
            },
            {
                "title": "The yearbook is printed",
                "date": dt.date(2026, 10, 22),
                "intro": "Every member finds it in the post this week.",
                "url": "#",
            },
            {
                "title": "New to the crew: six names",
                "date": dt.date(2026, 10, 2),
                "intro": "They start with ropes, radio and tea.",
                "url": "#",
            },
        ],
    }


def _charts() -> dict[str, Any]:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    this_year = [4100, 9300, 14800, 19100, 22900, 26400, 31200, 34800, 41900, 48600, 55280, None]
    last_year = [3900, 7800, 12900, 15100, 19900, 23100, 26900, 29700, 35200, 39800, 44300, 61900]
    return {
        "bars": BarChart(
            "Most gifts this year came from the harbour fair",
            [("Harbour fair", 18240), ("Autumn letter", 15110), ("Monthly givers", 12900), ("Website", 6430)],
            "EUR",
        ),
        "line": LineChart(
            "Giving is a quarter ahead of last year at the end of November",
            months,
            [Series("2026", this_year), Series("2025", last_year)],
            "EUR",
        ),
    }
