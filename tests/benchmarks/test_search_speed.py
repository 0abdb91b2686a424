"""How fast anyone is found among many, beside a bare look at one row by its key. CROWD=1000000 chooses how many.

Measured is the search box's own question (`ranked`), then what a list asks: a page in order, and how many there are.
"""

from __future__ import annotations

import itertools
import os
import random
import statistics
import time
from collections.abc import Callable

import pytest
from django.db import connection

from constituents.models import Constituent
from constituents.nicknames import variants
from tests.benchmarks.crowd import Somebody, crowd, write_crowd

CROWD = int(os.environ.get("CROWD", "10000"))
ASKED = int(os.environ.get("ASKED", "40"))

Typing = Callable[[Somebody, random.Random], str]


def misspelt(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    return rng.choice(
        (
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + rng.choice("aeiou") + word[at:],
        )
    )


MEANT: dict[str, Typing] = {
    "whole name": lambda p, rng: f"{p.given} {p.family}",
    "name begun": lambda p, rng: f"{p.family[:4]} {p.given[:3]}",
    "misspelt name": lambda p, rng: f"{p.given} {misspelt(p.family, rng)}",
    "both misspelt": lambda p, rng: f"{misspelt(p.given, rng)} {misspelt(p.family, rng)}",
    "nickname": lambda p, rng: f"{rng.choice(sorted(variants(p.given)))} {p.family}",
    "telephone, national": lambda p, rng: f"0{p.phone[3:7]} {p.phone[7:]}",
    "telephone, last six": lambda p, rng: p.phone[-6:],
    "e-mail": lambda p, rng: p.email,
    "e-mail, from a part": lambda p, rng: p.email.partition(".")[2],
    "e-mail, from its middle": lambda p, rng: p.email[3:-4],
    "postal code": lambda p, rng: p.postcode,
    "postal code and name": lambda p, rng: f"{p.family} {p.postcode.replace(' ', '').lower()}",
    "receipt number": lambda p, rng: p.receipt,
}
#: Whoever is meant by these cannot be told; they must be quick all the same.
VAGUE = ["an", "le", "a", "smith", "john", "ann smith", "mail", "mail.example", "john s", "07", "zzyzx", "sm", "e"]


def milliseconds(func: Callable[[], object]) -> float:
    started = time.perf_counter()
    func()
    return (time.perf_counter() - started) * 1000


def shown(times: list[float]) -> str:
    return f"p50 {statistics.median(times):6.1f} ms  p95 {statistics.quantiles(times, n=20)[-1]:6.1f} ms"


@pytest.mark.django_db(transaction=True)
def test_search_speed() -> None:
    started = time.perf_counter()
    if Constituent.objects.count() < CROWD:
        write_crowd(CROWD)
    print(f"\n{connection.vendor}, {CROWD:,} people, written in {time.perf_counter() - started:.0f} s")
    rng = random.Random("asked")
    chosen = set(rng.sample(range(1, CROWD + 1), ASKED))
    people = [one for one in crowd(CROWD) if one.pk in chosen]
    those_with_a_receipt = [one for one in itertools.islice(crowd(CROWD), 50 * ASKED) if one.receipt][::17][:ASKED]
    everything: list[float] = []
    for what, typing in MEANT.items():
        times, first, shown_at_all = [], 0, 0
        for one in those_with_a_receipt if what == "receipt number" else people:
            text = typing(one, rng)
            result: list[object] = []
            times.append(milliseconds(lambda text=text, result=result: result.extend(ranked(text))))
            wanted = {one.pk} | same_as(one, what)
            first += bool(result) and result[0] in wanted
            shown_at_all += bool(wanted.intersection(result))
        everything += times
        print(f"  {what:24} {shown(times)}  first {first}/{len(times)}, shown {shown_at_all}/{len(times)}")
    bare = [milliseconds(lambda one=one: Constituent.objects.get(pk=one.pk)) for one in people]
    print(f"  {'ALL OF THESE':24} {shown(everything)}   bare get: {shown(bare)}")
    for text in VAGUE:
        box = [milliseconds(lambda text=text: ranked(text)) for _ in range(5)]
        page = [milliseconds(lambda text=text: a_page(text)) for _ in range(3)]
        count = [milliseconds(lambda text=text: Constituent.objects.current().search(text).count()) for _ in range(3)]
        print(
            f"  {text!r:24} box {statistics.median(box):6.1f} ms, list page {statistics.median(page):6.1f} ms,"
            f" its count {statistics.median(count):6.1f} ms"
        )
    assert statistics.quantiles(everything, n=20)[-1] < 1_000


def ranked(text: str) -> list[object]:
    found = Constituent.objects.current().for_list().ranked(text)
    return [one.constituent.pk for one in found]


def a_page(text: str) -> list[Constituent]:
    return list(Constituent.objects.current().for_list().search(text)[:50])


def same_as(one: Somebody, what: str) -> set[int]:
    """Namesakes, and who shares the postal code, are as right as the person meant."""
    if "name" in what:
        namesakes = Constituent.objects.filter(given_name__in=names_of(one.given), family_name=one.family)
        return set(namesakes.values_list("pk", flat=True))
    if what == "postal code":
        return set(Constituent.objects.filter(addresses__postal_code=one.postcode).values_list("pk", flat=True))
    return set()


def names_of(given: str) -> set[str]:
    return {name.title() for name in variants(given)} | {given}
