"""Understanding cells: each cleaner takes a text and returns the value, or raises CellError with the reason.

Nothing is guessed row by row: the order of day and month, and the decimal mark, are decided over the whole column
(`profile.py`) and handed to the cleaners in a `Style`.
"""

from core.imports.cleaning.birthdays import Birthday, clean_birth_part, clean_birthday, possible_parts
from core.imports.cleaning.cells import (
    clean_amount,
    clean_boolean,
    clean_country,
    clean_date,
    clean_email,
    clean_number,
    clean_phone,
    clean_postal_code,
    clean_text,
    clean_url,
)
from core.imports.cleaning.profile import ColumnProfile, Style

__all__ = [
    "Birthday",
    "ColumnProfile",
    "Style",
    "clean_amount",
    "clean_birth_part",
    "clean_birthday",
    "clean_boolean",
    "clean_country",
    "clean_date",
    "clean_email",
    "clean_number",
    "clean_phone",
    "clean_postal_code",
    "clean_text",
    "clean_url",
    "possible_parts",
]
