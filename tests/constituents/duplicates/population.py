"""Invented people with known duplicates, to judge the finder by: how people mistype, move, marry and live together.

The names, the shapes and the slips are our own, so that the finder is not judged by what it was made with.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from constituents.duplicates.traits import Birth, Place, Traits, organisation_words, words

_GIVEN_NAMES = (
    "Anna Peter Maria Hans Ursula Klaus Monika Werner Petra Juergen Sabine Heinz Renate Michael Helga Thomas "
    "Karin Wolfgang Brigitte Andreas Ingrid Stefan Erika Dieter Andrea Bernd Gisela Uwe Claudia Frank Susanne "
    "Manfred Gabriele Gerhard Elke Horst Christa Walter Angelika Rainer Martina Jens Heike Torsten Birgit Sven "
    "Silke Dirk Anja Holger Tanja Lars Katrin Rolf Nadine Kurt Sandra Otto Julia Ernst Lena Paul Laura Felix "
    "Sarah Lukas Marie Jonas Sophie Leon Johanna Ayse Mehmet Fatma Mustafa Giulia Marco Elena Dimitri Olga "
    "Piotr Agnieszka Ivan Milica Nikola Zsofia Laszlo Astrid Bjorn Ingeborg Sigrid Knut Solveig Bartholomaeus "
    "Leopoldine Kunigunde Theophil Wilhelmine"
)
_FAMILY_NAMES = (
    "Mueller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf "
    "Schroeder Neumann Schwarz Zimmermann Braun Krueger Hofmann Hartmann Lange Schmitt Werner Krause Meier "
    "Lehmann Schmid Schulze Maier Koehler Herrmann Walter Koenig Mayer Huber Kaiser Fuchs Peters Lang Scholz "
    "Moeller Weiss Jung Hahn Vogel"
)
_GIVEN, _FAMILY = _GIVEN_NAMES.split(), _FAMILY_NAMES.split()
_BEGIN = (
    "Ach Bell Bruck Dorn Eich Falk Grub Hag Holl Irm Kalt Kess Lind Mark Nied Ober Pfann Rein Ruck Sass Stein Thal Ulm "
    "Wald Zell"
)
_MIDDLE = "en er el ing"
_END = "bach berg dorf feld hausen heim hofer kamp mann meister ner rath reuter stedt wald weiler"
_TAIL = ["".join(parts) for parts in itertools.product(_BEGIN.split(), ["", *_MIDDLE.split()], _END.split())]
_STREETS = [
    f"{begin}{end}"
    for begin in (*_BEGIN.split(), *_FAMILY[:30])
    for end in ("weg", "gasse", " street", "allee", " road", " lane")
]
_CITIES = [f"{begin}{end}" for begin in _BEGIN.split() for end in ("stadt", "burg", "hafen", "au", "kirchen")]
_TRADES = "Bakery Brewery Choir Hospice Library Museum Orchestra Press School Shelter Theatre Trust Union Workshop"
_KEYBOARD = {"a": "sq", "e": "wr", "i": "uo", "n": "mb", "r": "et", "s": "ad", "t": "rz", "l": "k", "m": "n", "h": "gj"}
NICKNAMES = {"anna": "anni", "johanna": "hanna", "elisabeth": "lisa", "michael": "micha", "katrin": "kathi"}


@dataclass(frozen=True, slots=True)
class Person:
    """One record before it is folded into traits."""

    who: int
    given: str = ""
    family: str = ""
    birth: tuple[int, int, int] = (0, 0, 0)
    number: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""
    email: str = ""
    phone: str = ""
    organisation: str = ""
    customs: tuple[tuple[str, str], ...] = ()

    def traits(self, pk: int) -> Traits:
        """Return what the finder compares."""
        place = Place(words(self.number), words(self.street), "", words(self.city), "", self.postcode)
        return Traits(
            pk,
            not self.organisation,
            *(tuple(filter(None, [words(self.given)])), "", tuple(filter(None, [words(self.family)])), ""),
            Birth(*self.birth),
            tuple(filter(None, [organisation_words(self.organisation)])),
            tuple(filter(None, [self.email])),
            tuple(filter(None, [self.phone])),
            (place,) if any(place) else (),
            tuple((key, words(value)) for key, value in self.customs if value),
        )


@dataclass
class Shape:
    """What a set of records is like."""

    people: int = 2_000
    duplicates: float = 0.15
    copies: int = 1
    slips: tuple[int, int] = (1, 2)
    missing: float = 0.05
    columns: tuple[str, ...] = ("given", "family", "birth", "address", "email", "phone")
    households: float = 0.3
    twins: float = 0.02
    namesakes: float = 0.02
    placeholders: float = 0.0
    seed: int = 1


@dataclass
class Population:
    """Records and who they really are."""

    rows: list[Person] = field(default_factory=list)

    @property
    def records(self) -> list[Traits]:
        """The rows as the finder sees them, numbered from 1."""
        return [row.traits(pk) for pk, row in enumerate(self.rows, start=1)]

    @property
    def true_pairs(self) -> set[tuple[int, int]]:
        """All pairs of records that are one person."""
        by: dict[int, list[int]] = defaultdict(list)
        for pk, row in enumerate(self.rows, start=1):
            by[row.who].append(pk)
        return {pair for same in by.values() for pair in itertools.combinations(sorted(same), 2)}

    def judge(self, found: Iterable[tuple[int, int]]) -> tuple[float, float, float]:
        """Return precision, recall and F1 of the pairs found."""
        found, true = set(found), self.true_pairs
        right = len(found & true)
        return right / max(1, len(found)), right / max(1, len(true)), 2 * right / max(1, len(found) + len(true))


class _Maker:
    def __init__(self, shape: Shape) -> None:
        self.shape, self.rng = shape, random.Random(shape.seed)
        pool = [*_FAMILY, *self.rng.sample(_TAIL, len(_TAIL))]
        self.families, self.family_weights = pool, [1 / (rank + 8) for rank in range(len(pool))]
        self.given_weights = [1 / (rank + 12) for rank in range(len(_GIVEN))]

    def person(self, who: int) -> Person:
        rng = self.rng
        given = rng.choices(_GIVEN, self.given_weights)[0]
        family = rng.choices(self.families, self.family_weights)[0]
        city = rng.choices(_CITIES, [1 / (rank + 5) for rank in range(len(_CITIES))])[0]
        year = min(2008, max(1920, int(rng.gauss(1965, 18))))
        return Person(
            who, given, family, (year, rng.randint(1, 12), rng.randint(1, 28)),
            str(min(300, int(rng.expovariate(1 / 30)) + 1)), rng.choice(_STREETS), city,
            str(10_000 + _CITIES.index(city) * 37 + rng.randint(0, 8)),
            f"{given}.{family}{rng.randint(1, 99)}@{rng.choice(['post', 'web', 'mail'])}.example".lower(),
            f"{rng.randint(30, 99)}{rng.randint(100000, 999999)}",
            customs=(
                ("custom:badge", str(rng.randint(1_000_000, 9_999_999))),
                ("custom:colour", rng.choice(["red", "blue", "green"])),
            ),
        )  # fmt: skip

    def relative(self, head: Person, who: int, kind: str) -> Person:
        other = self.person(who)
        shared = replace(
            other, family=head.family, number=head.number, street=head.street, city=head.city, postcode=head.postcode
        )
        if self.rng.random() < 0.5:
            shared = replace(shared, phone=head.phone)
        if self.rng.random() < 0.1:
            shared = replace(shared, email=head.email)
        if kind == "twin":
            while shared.given == head.given:
                shared = replace(shared, given=self.rng.choice(_GIVEN))
            return replace(shared, birth=head.birth)
        if kind == "namesake":
            return replace(
                shared, given=head.given, birth=(head.birth[0] - self.rng.randint(20, 38), *shared.birth[1:])
            )
        while shared.given == head.given:
            shared = replace(shared, given=self.rng.choice(_GIVEN))
        return shared

    def typo(self, text: str) -> str:
        if len(text) < 2:
            return text
        rng, spot = self.rng, self.rng.randrange(len(text) - 1)
        kind = rng.randrange(4)
        if kind == 0:
            return text[:spot] + text[spot + 1] + text[spot] + text[spot + 2 :]
        if kind == 1:
            return text[:spot] + text[spot + 1 :]
        letter = (
            str(rng.randrange(10)) if text[spot].isdigit() else rng.choice(_KEYBOARD.get(text[spot].lower(), "aeinrst"))
        )
        return text[:spot] + letter + text[spot + (kind == 2) :]

    def slip(self, person: Person) -> Person:
        rng = self.rng
        kind = rng.choices(
            ["given", "family", "birth", "swap_names", "swap_date", "street", "number", "city", "postcode", "moved",
             "married", "nickname", "email", "phone", "badge"],
            [14, 18, 14, 3, 3, 10, 5, 8, 8, 6, 3, 4, 6, 6, 4],
        )[0]  # fmt: skip
        if kind == "swap_names":
            return replace(person, given=person.family, family=person.given)
        if kind == "swap_date" and person.birth[2] <= 12:
            return replace(person, birth=(person.birth[0], person.birth[2], person.birth[1]))
        if kind == "birth" or kind == "swap_date":
            parts = list(person.birth)
            part = rng.randrange(3)
            parts[part] = (parts[0] + rng.choice([-10, -1, 1, 10]), rng.randint(1, 12), rng.randint(1, 28))[part]
            return replace(person, birth=tuple(parts))
        if kind == "moved":
            other = self.person(0)
            return replace(person, number=other.number, street=other.street, city=other.city, postcode=other.postcode)
        if kind == "married":
            return replace(person, family=self.person(0).family)
        if kind == "nickname":
            return replace(person, given=NICKNAMES.get(person.given.lower(), person.given))
        if kind == "email":
            return replace(person, email=self.person(0).email)
        if kind == "badge":
            return (
                replace(person, customs=(("custom:badge", self.typo(person.customs[0][1])), person.customs[1]))
                if person.customs
                else person
            )
        return replace(person, **{kind: self.typo(getattr(person, kind))})

    def cut(self, person: Person) -> Person:
        """Leave out what the shape has no column for, and what nobody filled in."""
        shape, rng, empty = self.shape, self.rng, {}
        columns = {
            "given": ["given"],
            "family": ["family"],
            "email": ["email"],
            "phone": ["phone"],
            "address": ["number", "street", "city", "postcode"],
            "town": ["city"],
        }
        keep = {name for column in shape.columns for name in columns.get(column, [])}
        for name in ("given", "family", "number", "street", "city", "postcode", "email", "phone"):
            rate = shape.missing if name not in ("given", "family") else shape.missing / 3
            if name not in keep or rng.random() < rate:
                empty[name] = ""
        year, month, day = person.birth
        if "birth" not in shape.columns:
            year, month, day = (year if "year" in shape.columns else 0), 0, 0
        elif rng.random() < shape.missing:
            year = month = day = 0
        elif rng.random() < shape.placeholders:
            year, month, day = 1900, 1, 1
        if rng.random() < shape.placeholders:
            empty["given"] = rng.choice(["unknown", "n/a"])
        kept = tuple((key, value) for key, value in person.customs if key.removeprefix("custom:") in shape.columns)
        if "row" in shape.columns:
            kept += (("custom:row", str(rng.randrange(10**9))),)
        return replace(person, **empty, birth=(year, month, day), customs=kept)


def people(shape: Shape) -> Population:
    """Return people of the shape, shuffled."""
    maker = _Maker(shape)
    rng = maker.rng
    originals: list[Person] = []
    while len(originals) < shape.people:
        head = maker.person(len(originals))
        originals.append(head)
        if rng.random() < shape.households:
            for _ in range(rng.randint(1, 3)):
                kind = "twin" if rng.random() < shape.twins else "namesake" if rng.random() < shape.namesakes else ""
                originals.append(maker.relative(rng.choice([head, originals[-1]]), len(originals), kind))
    rows = [maker.cut(person) for person in originals]
    for person in rng.sample(originals, int(shape.people * shape.duplicates)):
        for _ in range(rng.randint(1, shape.copies)):
            copy = person
            for _ in range(rng.randint(*shape.slips)):
                copy = maker.slip(copy)
            rows.append(maker.cut(copy))
    rng.shuffle(rows)
    return Population(rows)


def organisations(count: int = 800, seed: int = 1) -> Population:
    """Return organisations: with and without legal form, words in another order, several under one roof."""
    rng = random.Random(seed)
    maker = _Maker(Shape(seed=seed))
    rows = []
    for who in range(count):
        base = maker.person(who)
        name = (
            f"{rng.choice(_TAIL)} {rng.choice(_TRADES.split())}"
            if rng.random() < 0.7
            else f"{rng.choice(_TRADES.split())} of {base.city}"
        )
        row = replace(
            base,
            given="",
            family="",
            birth=(0, 0, 0),
            customs=(),
            organisation=name,
            email=f"info@{name.split()[0]}{who}.example".lower(),
        )
        if rows and rng.random() < 0.1:  # another tenant of the same house
            row = replace(
                row, number=rows[-1].number, street=rows[-1].street, city=rows[-1].city, postcode=rows[-1].postcode
            )
        rows.append(row)
        if rng.random() < 0.2:
            change: Callable[[str], str] = rng.choice(
                [
                    lambda n: f"{n} Ltd",
                    lambda n: f"The {n}",
                    lambda n: " ".join(reversed(n.split(" of "))),
                    maker.typo,
                    str.upper,
                ]
            )
            copy = replace(row, organisation=change(name), email=row.email if rng.random() < 0.5 else "")
            rows.append(
                replace(copy, phone="") if rng.random() < 0.3 else replace(copy, street=maker.typo(copy.street))
            )
    rng.shuffle(rows)
    return Population(rows)
