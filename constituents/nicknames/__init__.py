"""Which given names are one person's: Robert is also Bob, Margaret is Peggy, Aleksandra is Ola.

The names stand in a file a language. Each line is one name: its full form first, then what its bearers are called.
A short form may stand on several lines (Alex, Sascha): it then goes with each of them, and they do not go with each
other. Names of other languages are other names: a Juan is not a John.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from constituents.folding import fold

_HERE = Path(__file__).parent


def lines_in(language: str) -> list[str]:
    """Return the lines of a language's file, as `english`."""
    return (_HERE / f"{language}.txt").read_text(encoding="utf-8").splitlines()


def _groups() -> dict[str, frozenset[str]]:
    together: defaultdict[str, set[str]] = defaultdict(set)
    for language in _HERE.glob("*.txt"):
        for line in lines_in(language.stem):
            names = fold(line).split()
            for name in names:
                together[name].update(names)
    return {name: frozenset(names) for name, names in together.items()}


_GROUPS = _groups()


def variants(given: str) -> frozenset[str]:
    """Return, folded, what a person of this given name may be called, the name itself included."""
    name = fold(given)
    return _GROUPS.get(name, frozenset()) | {name} if name else frozenset()


def same_person_name(a: str, b: str) -> bool:
    """Whether two given names may be one person's: equal, one short for the other, or two short forms of one name.

    Of several given names the first counts: `Ann Mary` may be `Annie`.
    """
    one, other = fold(a), fold(b)
    if not one or not other:
        return False
    return other in variants(one) or other.split()[0] in variants(one.split()[0])
