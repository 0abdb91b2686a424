"""One cleaner for each kind of cell."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache

from babel.core import Locale
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _
from django_countries import countries

from core.imports.cleaning.profile import DAY_FIRST, YEAR_FIRST, Style
from core.imports.errors import CellError
from core.money import InvalidAmountError, parse_amount

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
_LARGEST_AMOUNT = Decimal("999999999999.999")
# One run of figures, with a currency's sign or letters on either side: `1e5` and `12 or 13` are no amounts.
_FIGURES = re.compile(r"^[^\d]*\d[\d.,'\s\u2019]*[^\d]*$")
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_SHORT = re.compile(r"^(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4}|\d{2})(?:[ ,T].*)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_COMPACT_LAST = re.compile(r"^(\d{2})(\d{2})(\d{4})$")
_YES = frozenset(
    ["yes", "y", "true", "t", "1", "x", "on", "ja", "j", "oui", "o", "si", "sí", "s", "wahr", "vrai", "checked"]
)
_NO = frozenset(["no", "n", "false", "f", "0", "off", "nein", "non", "falsch", "faux", "unchecked", "-"])


def clean_text(text: str, *, most: int = 0) -> str:
    """Return the text without control characters and stray spaces; `most` is how many characters fit."""
    if "\N{REPLACEMENT CHARACTER}" in text:
        raise CellError(_("A character here is not in the file's encoding. Save the file as UTF-8."))
    cleaned = _CONTROL.sub(" ", text).strip()
    if most and len(cleaned) > most:
        raise CellError(_("This is %(found)s characters long; %(most)s fit.") % {"found": len(cleaned), "most": most})
    return cleaned


def clean_amount(text: str, style: Style) -> Decimal:
    """Return the amount, read with the decimal mark the whole column uses."""
    if not _FIGURES.match(text):
        raise CellError(_("“%(text)s” is not an amount.") % {"text": text[:40]})
    try:
        amount = parse_amount(text, decimal_mark=style.decimal_mark or None)
    except InvalidAmountError as error:
        raise CellError(str(error)) from error
    if abs(amount) > _LARGEST_AMOUNT:
        raise CellError(_("“%(text)s” is more than Steward can hold.") % {"text": text[:40]})
    return amount


def parts_of_date(text: str, style: Style) -> tuple[int, int, int] | None:
    """Return year, month and day as figures say them, in the order the whole column uses; no calendar is asked."""
    if match := _ISO.match(text) or (style.figures in ("", YEAR_FIRST) and _COMPACT.match(text)):
        year, month, day = (int(part) for part in match.groups())
    elif match := _COMPACT_LAST.match(text):
        one, two, year = (int(part) for part in match.groups())
        day, month = (one, two) if style.figures == DAY_FIRST else (two, one)
    elif match := _SHORT.match(text):
        one, two, year = (int(part) for part in match.groups())
        day, month = (one, two) if style.date_order == DAY_FIRST else (two, one)
        year = _century(year) if len(match[3]) == 2 else year
    else:
        return None
    return year, month, day


def clean_date(text: str, style: Style) -> dt.date:
    """Return the date, read in the order the whole column uses."""
    parts = parts_of_date(text, style)
    if parts is None:
        return _written_out(text)
    try:
        return dt.date(*parts)
    except ValueError:
        raise CellError(_("“%(text)s” is not a date.") % {"text": text[:40]}) from None


def _century(year: int) -> int:
    """The century of a two-digit year: 68 and below is ours (the convention of POSIX)."""
    return 2000 + year if year <= 68 else 1900 + year


_WRITTEN_FORMATS = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%d-%b-%Y", "%d-%b-%y")


def _written_out(text: str) -> dt.date:
    plain = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", text).replace(",", " ").replace(".", " ")
    plain = " ".join(plain.split())
    for pattern in _WRITTEN_FORMATS:
        try:
            return dt.datetime.strptime(plain, pattern).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    raise CellError(_("“%(text)s” is not a date.") % {"text": text[:40]})


_NUMBER = re.compile(r"^[-+]?[\d.,'\s\u2019]*\d[\d.,'\s\u2019]*%?$")


def clean_number(text: str, style: Style) -> Decimal:
    """Return the number, read with the decimal mark the whole column uses."""
    if not _NUMBER.match(text):
        raise CellError(_("“%(text)s” is not a number.") % {"text": text[:40]})
    return clean_amount(text, style)


def clean_boolean(text: str) -> bool:
    """Return what a yes or no in any usual form means."""
    word = text.lower().rstrip(".")
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})


def clean_email(text: str) -> str:
    """Return the address; letters outside ASCII before the @ are refused, as Django and many mail servers do."""
    address = text.removeprefix("mailto:").strip(" <>;,")
    try:
        validate_email(address)
    except ValidationError:
        raise CellError(_("“%(text)s” is not an e-mail address.") % {"text": text[:80]}) from None
    if len(address) > 254:
        raise CellError(_("“%(text)s…” is too long for an e-mail address.") % {"text": text[:40]})
    return address


def clean_phone(text: str) -> str:
    """Return the number as typed; it needs at least five digits."""
    number = clean_text(text, most=60)
    if sum(character.isdigit() for character in number) < 5:
        raise CellError(_("“%(text)s” is not a telephone number.") % {"text": text[:40]})
    return number


_URL = URLValidator(schemes=["http", "https"])


def clean_url(text: str) -> str:
    """Return the address of a website, with https:// when it has no scheme."""
    address = text if "://" in text else f"https://{text}"
    try:
        _URL(address)
    except ValidationError:
        raise CellError(_("“%(text)s” is not the address of a website.") % {"text": text[:80]}) from None
    if len(address) > 200:
        raise CellError(_("“%(text)s…” is too long for a website.") % {"text": text[:40]})
    return address


_COUNTRY_NICKNAMES = {
    "usa": "US",
    "u.s.a.": "US",
    "u.s.": "US",
    "united states": "US",
    "america": "US",
    "uk": "GB",
    "u.k.": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "holland": "NL",
    "czech republic": "CZ",
    "south korea": "KR",
    "korea": "KR",
    "russia": "RU",
    "taiwan": "TW",
    "vietnam": "VN",
    "ivory coast": "CI",
    "turkey": "TR",
    "türkiye": "TR",
}


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    names = {str(name).lower(): code for code, name in countries}
    for language in ("en", "de", "fr", "es", "it", "nl", "pt"):
        territories = Locale(language).territories
        names |= {territories[code].lower(): code for code, _name in countries if code in territories}
    for code, _name in countries:
        names[code.lower()] = code
        names[countries.alpha3(code).lower()] = code
    return names | _COUNTRY_NICKNAMES


def clean_country(text: str) -> str:
    """Return the two-letter code of a country named in English, by its code, or in a language next door."""
    code = _country_names().get(text.lower().strip())
    if code is None:
        raise CellError(_("“%(text)s” is not a country Steward knows.") % {"text": text[:60]})
    return code


# How many digits a postal code has where it is all digits and may begin with zero: a spreadsheet takes the zero away.
_DIGITS_OF_POSTAL_CODE = {"US": 5, "PR": 5, "DE": 5, "FR": 5, "IT": 5, "ES": 5, "FI": 5, "MX": 5, "EE": 5, "HR": 5}


def clean_postal_code(text: str, country: str) -> str:
    """Return the postal code, with the zero a spreadsheet took from its front put back."""
    code = clean_text(text, most=20)
    wanted = _DIGITS_OF_POSTAL_CODE.get(country)
    if wanted and code.isdigit() and wanted - 2 <= len(code) < wanted:
        return code.zfill(wanted)
    if country == "US" and (match := re.fullmatch(r"(\d{3,4})-(\d{4})", code)):
        return f"{match[1].zfill(5)}-{match[2]}"
    return code
