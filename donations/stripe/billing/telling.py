"""A mail confirms what has changed of a recurring gift that is charged online: one for each dated change, no more.

It hangs on the rows `follow` writes. An answer that Stripe repeats writes none, so nobody is told twice; a change made
at Stripe itself writes one like any other, and the donor hears of it. What failed has a mail of its own (`failing`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.mail import send
from core.mail.rendering import absolute_url
from core.organisation import current_organisation
from core.theme.figures import day_in_words
from donations.models import ChangeKind, RecurringChange, RecurringGift

#: What is told, the gravest first: of several at once the mail is about the gravest, and says how all stands now.
TOLD = (
    ChangeKind.ENDED,
    ChangeKind.PAUSED,
    ChangeKind.RESUMED,
    ChangeKind.UPGRADED,
    ChangeKind.DOWNGRADED,
    ChangeKind.RESCHEDULED,
    ChangeKind.REDIRECTED,
)

_SUBJECTS: dict[str, Promise] = {
    ChangeKind.ENDED: _("Your gift to %(organisation)s is stopped"),
    ChangeKind.PAUSED: _("Your gift to %(organisation)s is paused"),
    ChangeKind.RESUMED: _("Your gift to %(organisation)s goes on"),
}
_CHANGED = _("Your gift to %(organisation)s is changed")
_LEADS: dict[str, Promise] = {
    ChangeKind.ENDED: _(
        "Your gift of %(money)s %(often)s is stopped. Nothing more is charged. Thank you for every gift you made."
    ),
    ChangeKind.RESUMED: _("Thank you! Your gift goes on. What was left out while it was paused stays left out."),
    ChangeKind.REDIRECTED: _("From now on your gift is for %(funds)s."),
}
_TERMS = _("Thank you. From now on you give %(money)s %(often)s.")
_DAY = _("Your gift of %(money)s %(often)s is charged on another day from now on.")
_PAUSED_UNTIL = _("Nothing is charged until %(day)s. Then it goes on by itself, and nothing is caught up.")
_PAUSED = _("Nothing is charged until you let it go on, and nothing is caught up then.")


def newest_change(recurring: RecurringGift) -> int:
    """Return a mark in the changes of a recurring gift: what comes later is news. 0 when there are none."""
    return recurring.changes.order_by("-pk").values_list("pk", flat=True).first() or 0


def tell_of_changes(recurring: RecurringGift, *, since: int, but: Collection[ChangeKind] = ()) -> None:
    """Write to the donor of what was written down after the mark; in the transaction that wrote it.

    Nothing of what begins (its first gift is thanked for), of what goes on as another, and `but` what was told before.
    """
    if not since or recurring.is_replaced:
        return
    # Another day on which a pause ends is a plan, and news all the same.
    is_news = Q(is_planned=False) | Q(kind=ChangeKind.RESUMED)
    news = recurring.changes.filter(is_news, pk__gt=since).exclude(kind__in=list(but)).select_related("by")
    told = sorted((row for row in news if row.kind in TOLD), key=_gravity)
    donor = recurring.donor
    if not told or donor.is_deceased or not donor.primary_email:
        return
    change, language = told[0], language_of(recurring)
    with translation.override(language or translation.get_language()):
        words = _words(recurring, change)
    send(
        to=donor.primary_email,
        template="recurring_changed",
        context={
            "name": donor.informal_name,
            "recurring": recurring,
            "subscription": recurring.subscription,
            "is_over": change.kind == ChangeKind.ENDED,
            "over_on": change.effective_on,
            "url": absolute_url(reverse("portal_recurring", args=[recurring.uuid])),
            **words,
        },
        about=donor,
        by=change.by,
        language=language,
    )


def _kind_of(change: RecurringChange) -> ChangeKind:
    """Return what a change is to the donor: to go on from a day to come is to be paused until then."""
    return ChangeKind.PAUSED if change.is_planned else ChangeKind(change.kind)


def _gravity(change: RecurringChange) -> tuple[int, int]:
    return TOLD.index(_kind_of(change)), -change.pk


def language_of(recurring: RecurringGift) -> str | None:
    """Return the language a donor is written to in: theirs, else that of the form it was set up by; None: ours."""
    form = recurring.checkout.facts if hasattr(recurring, "checkout") else {}
    return recurring.donor.language or form.get("language") or None


def _words(recurring: RecurringGift, change: RecurringChange) -> dict[str, Any]:
    """Return what stands at the top of the mail, and in its subject, in the language that is active."""
    words = {
        "organisation": current_organisation().name,
        "money": recurring.money,
        "often": recurring.frequency,
        "funds": recurring.fund_names,
        "day": day_in_words(recurring.paused_until) if recurring.paused_until else "",
    }
    return {
        "subject_words": str(_SUBJECTS.get(_kind_of(change), _CHANGED)) % words,
        "lead": str(_lead(recurring, change)) % words,
    }


def _lead(recurring: RecurringGift, change: RecurringChange) -> Promise:
    if _kind_of(change) == ChangeKind.PAUSED:
        return _PAUSED_UNTIL if recurring.paused_until else _PAUSED
    if change.kind in _LEADS:
        return _LEADS[change.kind]
    before = recurring.changes.filter(pk__lt=change.pk, is_planned=False).order_by("pk").last()
    is_same = before is not None and (before.amount, before.frequency) == (change.amount, change.frequency)
    return _DAY if is_same else _TERMS
