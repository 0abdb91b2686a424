"""What can go wrong with memberships, in words for the person at the screen."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class MembershipError(DomainError):
    """Base of every error this app raises on purpose; `str(error)` is fit for the user."""


class AlreadyMemberError(MembershipError):
    """The holder has a membership that runs."""

    def __init__(self, membership: object) -> None:
        super().__init__(_("%(membership)s is a member already. Renew instead.") % {"membership": membership})
        self.membership = membership


class NotRenewableError(MembershipError):
    """There is nothing to renew: never started, cancelled, or for life."""


class LevelError(MembershipError):
    """The level cannot be had this way."""


class CapacityError(MembershipError):
    """The level has no place for one more person."""

    def __init__(self, level: object, capacity: int) -> None:
        super().__init__(
            _("“%(level)s” is for %(capacity)s people. Take someone off first, or move to a larger level.")
            % {"level": level, "capacity": capacity}
        )


class PayerError(MembershipError):
    """A household owns no gifts: somebody in it has to be named as the payer."""


class ApplicationStateError(MembershipError):
    """The application was answered already."""


class FactError(MembershipError):
    """The fact does not fit what is on record."""
