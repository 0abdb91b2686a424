"""How a household is named and addressed: pure functions over its members' names.

formats   what an organisation chose: the order, the limit, titles; and the words of each language
writing   the rules
cases     the households everybody asks about: the table of the tests, and the preview on the settings page
"""

from constituents.naming.formats import CHILD, HEAD, Formats, Words, words_for
from constituents.naming.writing import (
    Named,
    Names,
    addressee,
    formal_salutation,
    household_name,
    informal_salutation,
    join,
    names_of,
)

__all__ = [
    "CHILD",
    "HEAD",
    "Formats",
    "Named",
    "Names",
    "Words",
    "addressee",
    "formal_salutation",
    "household_name",
    "informal_salutation",
    "join",
    "names_of",
    "words_for",
]
