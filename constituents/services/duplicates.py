"""Who might already be on record, while somebody new is being typed. Each match says why."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from constituents.folding import digits, fold
from constituents.models import Constituent

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class LikelyMatch:
    """Someone on record who may be the person being added."""

    constituent: Constituent
    reason: str | Promise


def likely_matches(*, name: str = "", email: str = "", phone: str = "") -> list[LikelyMatch]:
    """Return the likeliest matches for what has been typed so far, the surest reason first."""
    found: dict[int, LikelyMatch] = {}
    current = Constituent.objects.current().for_list()

    def take(constituents: object, reason: str | Promise) -> None:
        for constituent in constituents:  # type: ignore[attr-defined]
            found.setdefault(constituent.pk, LikelyMatch(constituent, reason))

    if email.strip():
        take(current.with_email(email)[:_SHOWN], _("same e-mail address"))
    if len(digits(phone)) >= 7:
        take(current.with_phone(phone)[:_SHOWN], _("same telephone number"))
    if len(fold(name).split()) > 1:
        take(current.search(name)[:_SHOWN], _("same name"))
    return list(found.values())[:_SHOWN]
