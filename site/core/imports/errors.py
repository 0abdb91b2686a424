"""What can go wrong with a file, in words for the person who brought it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError


class ImportProblem(DomainError):  # noqa: N818  it is the file's problem, not a programmer's error
    """Base of everything this room raises on purpose; `str(problem)` is fit for the user."""


class UnreadableFileError(ImportProblem):
    """The file cannot be read as a table; says where it stops making sense."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        self.line = line
        super().__init__(_("Line %(line)s: %(reason)s") % {"line": line, "reason": reason} if line else reason)


class UnknownKindError(ImportProblem):
    """No format is called so, or none fits the file."""


class BadMappingError(ImportProblem):
    """The mapping names a column or a field that does not exist."""


class QuestionOpenError(ImportProblem):
    """Something must be answered before anything can be planned, such as the order of day and month."""


class ImportStateError(ImportProblem):
    """The import is not in a state that allows this."""


class ImportGoesOnElsewhere(Exception):  # noqa: N818  nothing is wrong: somebody else does the work
    """Another worker has taken the import over."""


class CellError(ValueError):
    """One cell cannot be understood; the message says why, the caller knows the column.

    `rest` is what of it can be understood, for a file whose odd cells are kept as they were written.
    """

    def __init__(self, message: str, *, rest: Any = None) -> None:
        super().__init__(message)
        self.rest = rest
