"""How memberships react to what happens to money."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from donations.models import Gift, GiftKind
from memberships.models import Application, ApplicationState
from memberships.services.flags import dues_adjusted, dues_reversed
from memberships.services.joining import complete_application


def begin_term_when_dues_come(sender: object, *, gift: Gift, by: User | None, **_kwargs: Any) -> None:
    """Complete the application whose expected dues were posted."""
    if gift.kind != GiftKind.DUES:
        return
    application = Application.objects.filter(gift=gift, state=ApplicationState.PAYMENT).first()
    if application is not None:
        complete_application(application, by=by, gift=gift)


def flag_when_dues_go_back(sender: object, *, gift: Gift, by: User | None, reason: str, **_kwargs: Any) -> None:
    """Have somebody look at the membership whose dues were voided or refunded."""
    if gift.kind == GiftKind.DUES:
        dues_reversed(gift, by=by, reason=reason)


def follow_when_dues_are_adjusted(
    sender: object, *, original: Gift, replacement: Gift, by: User | None, **_kwargs: Any
) -> None:
    """Let the membership be paid by the gift that counts in the place of the one it was paid by."""
    if original.kind == GiftKind.DUES:
        dues_adjusted(original, replacement)
