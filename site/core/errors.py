"""What every room's errors have in common."""


class DomainError(Exception):
    """A rule says no; `str(error)` tells the user why and what to do.

    Each app has one base error made of this one, so that any screen, command or import can show any of them.
    `field` names the form field at fault, when one is.
    """

    field: str | None = None
