"""What can go wrong with people's records, in words for the person at the screen."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import DomainError


class ConstituentError(DomainError):
    """Base of every error this app raises on purpose; `str(error)` is fit for the user."""


class AlreadyInHouseholdError(ConstituentError):
    """The person lives in another household today."""

    def __init__(self, person: object, household: object) -> None:
        super().__init__(
            _("%(person)s already belongs to “%(household)s”. End that first.")
            % {"person": person, "household": household}
        )


class NotAPersonError(ConstituentError):
    """Only people live in households."""

    def __init__(self, constituent: object) -> None:
        super().__init__(_("“%(name)s” is an organisation; only people live in households.") % {"name": constituent})


class NotInHouseholdError(ConstituentError):
    """The person does not live in the household."""

    def __init__(self, person: object, household: object) -> None:
        super().__init__(_("%(person)s does not live in “%(household)s”.") % {"person": person, "household": household})


class AddressError(ConstituentError):
    """The address cannot be changed this way."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class DeathError(ConstituentError):
    """The death cannot be recorded this way."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class SplitError(ConstituentError):
    """The household cannot be split this way."""


class CannotTakeBackError(ConstituentError):
    """Something was built on what is to be taken back."""

    def __init__(self, what: object) -> None:
        super().__init__(
            _("“%(what)s” has changed since, so this cannot be taken back by itself. Put it right by hand.")
            % {"what": what}
        )


class CannotClaimError(ConstituentError):
    """The signed-in person may not claim this record."""


class CriteriaError(ConstituentError):
    """Conditions that cannot be answered; `faults` says where ("0-1": the second of the first group) and why."""

    field = "criteria"

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(_place(path) % {"fault": fault} for path, fault in faults.items()))


class SegmentInUseError(ConstituentError):
    """Another segment is built on this one."""

    def __init__(self, segment: object, used_by: object) -> None:
        super().__init__(
            _("“%(other)s” is built on “%(segment)s”. Change that one first.") % {"segment": segment, "other": used_by}
        )


class TakesPartInItselfError(ConstituentError):
    """A segment that includes itself would have no answer."""

    field = "criteria"

    def __init__(self, segment: object) -> None:
        super().__init__(_("“%(segment)s” would include itself. Take it out of the conditions.") % {"segment": segment})


class CannotMergeError(ConstituentError):
    """The two records cannot become one, or not before a person has decided something."""


class CannotUndoMergeError(ConstituentError):
    """The merge cannot be taken back as things stand."""


def _place(path: str) -> str:
    if not path:
        return "%(fault)s"
    number = ".".join(str(int(part) + 1) for part in path.split("-"))
    return str(_("Condition %(number)s: %(fault)s")) % {"number": number, "fault": "%(fault)s"}


class FollowUpStateError(ConstituentError):
    """The follow-up is not in the state this needs."""


class PlanError(ConstituentError):
    """The plan cannot be started, stopped or moved."""


class MailError(ConstituentError):
    """The mail cannot be filed so."""


class RuleActionError(ConstituentError):
    """What a rule wanted to do cannot be done."""


class FieldInUseError(ConstituentError):
    """Values would go with the custom field."""

    def __init__(self, field: object, values: int) -> None:
        super().__init__(
            ngettext(
                "%(count)s record holds a value in “%(field)s”. Switch the field off instead, or say that it may go.",
                "%(count)s records hold a value in “%(field)s”. Switch the field off instead, or say that they may go.",
                values,
            )
            % {"count": values, "field": field}
        )
