"""What promises add to the constituent's and the household's page, to “My work”, and to a gift's page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from constituents.household_steps import LooseEnd
from constituents.models import Constituent, Household
from constituents.timeline import Before, TimelineEvent
from constituents.work.waiting import Waiting
from core import clock
from core.money import Money
from core.organisation import current_organisation
from core.staff.cursor import noon_of
from core.staff.parts import Action, Chip, Figure
from donations.models import ChangeKind, Pledge, PledgeReminder, RecurringChange, RecurringGift, RecurringStatus
from donations.models.recurring import EXPECTING
from donations.promises.reports import total
from donations.staff.links import page_of
from donations.staff.pledges import PLEDGE_TONES
from donations.staff.recurring import RECURRING_TONES
from donations.staff.reminder_letters import letters_url

_SEEN = "promises_seen"
_CHANGE_TONES = {
    ChangeKind.STARTED: "good",
    ChangeKind.UPGRADED: "good",
    ChangeKind.RECOVERED: "good",
    ChangeKind.FAILING: "wrong",
    ChangeKind.LAPSED: "wrong",
}


def _promises(constituent: Constituent) -> tuple[list[Pledge], list[RecurringGift]]:
    # Chips, figures and panel of one page ask for the same promises: once is enough.
    if not hasattr(constituent, _SEEN):
        pledges = list(Pledge.objects.for_list().filter(donor=constituent))
        recurring = list(RecurringGift.objects.for_list().begun().filter(donor=constituent))
        setattr(constituent, _SEEN, (pledges, recurring))
    found: tuple[list[Pledge], list[RecurringGift]] = getattr(constituent, _SEEN)
    return found


def chips(constituent: Constituent) -> Iterator[Chip]:
    """Say that something is overdue, that they give again and again, or that this stopped."""
    pledges, recurring = _promises(constituent)
    today = clock.today()
    if any(pledge.is_overdue_on(today) for pledge in pledges):
        yield Chip(_("Pledge overdue"), "wrong")
    elif any(pledge.is_open for pledge in pledges):
        yield Chip(_("Open pledge"), "waiting")
    if any(each.status == RecurringStatus.FAILING for each in recurring):
        yield Chip(_("Recurring gift not coming"), "wrong")
    elif any(each.status in EXPECTING for each in recurring):
        yield Chip(_("Recurring giver"), "good")


def figures(constituent: Constituent) -> Iterator[Figure]:
    """Return what is still to come, and what comes in an average month."""
    pledges, recurring = _promises(constituent)
    to_come: dict[str, Money] = {}
    for pledge in pledges:
        if pledge.is_open:
            to_come[pledge.currency] = to_come.get(pledge.currency, Money.zero(pledge.currency)) + pledge.left
    for money in to_come.values():
        yield Figure(_("Promised, to come"), str(money))
    expected = [each.monthly for each in recurring if each.status in EXPECTING]
    if expected:
        yield Figure(_("Gives a month"), str(Money(sum(expected, Decimal(0)), current_organisation().base_currency)))


def promises(constituent: Constituent) -> dict[str, Any]:
    """Return pledges and recurring gifts, the open ones first."""
    pledges, recurring = _promises(constituent)
    today = clock.today()
    return {
        "pledges": [
            (pledge, page_of(pledge), *_standing(pledge, today))
            for pledge in sorted(pledges, key=lambda pledge: not pledge.is_open)
        ],
        "recurring": [
            (each, page_of(each), RECURRING_TONES.get(RecurringStatus(each.status), ""))
            for each in sorted(recurring, key=lambda each: not each.is_live)
        ],
    }


def _standing(pledge: Pledge, today: Any) -> tuple[Any, str]:
    if pledge.is_overdue_on(today):
        return _("Overdue"), "wrong"
    return pledge.get_status_display(), PLEDGE_TONES.get(pledge.status, "")  # type: ignore[call-overload]


def pledge_actions(constituent: Constituent) -> Iterable[Action]:
    """Return the button that writes a pledge down."""
    return [Action(_("New pledge"), f"{reverse('pledges:add')}?donor={constituent.pk}", icon="calendar-alt", order=40)]


def recurring_actions(constituent: Constituent) -> Iterable[Action]:
    """Return the button that writes a standing order down."""
    url = f"{reverse('recurring_gifts:add')}?donor={constituent.pk}"
    return [Action(_("New standing order"), url, icon="rotate", order=75)]


def pledge_events(constituent: Constituent, before: Before | None, limit: int) -> Iterator[TimelineEvent]:
    """Return the newest pledges as events of the day they were made."""
    for pledge in _pledges_before(constituent, before)[:limit]:
        yield TimelineEvent(
            at=noon_of(pledge.pledged_on),
            kind="pledge",
            pk=pledge.pk,
            title=_("Pledge"),
            detail=" · ".join(filter(None, [pledge.fund_names, str(pledge.campaign or "")])),
            url=page_of(pledge) or "",
            amount=str(pledge.money),
            icon="calendar-alt",
            state=_standing(pledge, clock.today())[1],
        )


def _pledges_before(constituent: Constituent, before: Before | None) -> Sequence[Pledge]:
    """Return the pledges, newest first; those of the first page stand in its chips and figures too."""
    if before is None:
        return sorted(_promises(constituent)[0], key=lambda pledge: (pledge.pledged_on, pledge.pk), reverse=True)
    pledges = Pledge.objects.for_list().filter(donor=constituent).order_by("-pledged_on", "-pk")
    return before.narrow_days(pledges, "pledged_on")  # type: ignore[return-value]


def recurring_events(constituent: Constituent, before: Before | None, limit: int) -> Iterator[TimelineEvent]:
    """Return what changed of recurring gifts, by its day."""
    if before is None and not _promises(constituent)[1]:
        return
    changes = RecurringChange.objects.filter(recurring__donor=constituent, is_planned=False).select_related("recurring")
    changes = changes.order_by("-effective_on", "-pk")
    if before is not None:
        changes = before.narrow_days(changes, "effective_on")
    for change in changes[:limit]:
        money = Money(change.amount, change.recurring.currency)
        yield TimelineEvent(
            at=noon_of(change.effective_on),
            kind="recurring",
            pk=change.pk,
            title=_("Recurring gift: %(what)s") % {"what": change.get_kind_display().lower()},
            detail=change.reason,
            url=page_of(change.recurring) or "",
            amount=f"{money} {change.frequency}",
            icon="rotate",
            state=_CHANGE_TONES.get(ChangeKind(change.kind), ""),
        )


# The household's page, and what a death leaves open


def household_figures(household: Household) -> Iterator[Figure]:
    """Return what those who live here promised and is still to come, and what they give a month."""
    people = [person.pk for person in household.members]
    rows = Pledge.objects.open().filter(donor__in=people).order_by().values("currency")
    for row in rows.annotate(promised=total("amount"), came=total("paid_amount"), off=total("written_off_amount")):
        left = Money(row["promised"], row["currency"]) - Money(row["came"] + row["off"], row["currency"])
        yield Figure(_("Promised, to come"), str(left))
    monthly = RecurringGift.objects.expecting().filter(donor__in=people).aggregate(t=Sum("monthly"))["t"]
    if monthly:
        yield Figure(_("They give a month"), str(Money(monthly, current_organisation().base_currency)))


def loose_ends(person: Constituent) -> Iterator[LooseEnd]:
    """Return what is still promised of somebody who has died."""
    for pledge in Pledge.objects.open().filter(donor=person).order_by("pk"):
        yield LooseEnd(_("Pledge with %(money)s still to come") % {"money": pledge.left}, page_of(pledge) or "")
    for recurring in RecurringGift.objects.live().filter(donor=person).order_by("pk"):
        yield LooseEnd(_("Recurring gift of %(promise)s") % {"promise": recurring}, page_of(recurring) or "")


# My work


def overdue_pledges(user: Any) -> Waiting:
    """Return how many pledges have something overdue."""
    number = Pledge.objects.overdue(clock.today()).count()
    text = ngettext_lazy("pledge is overdue", "pledges are overdue", number)
    return Waiting(number, text, reverse("pledges:index") + "?overdue=true")


def failing_gifts(user: Any) -> Waiting:
    """Return how many recurring gifts have stopped coming."""
    number = RecurringGift.objects.filter(status=RecurringStatus.FAILING).count()
    text = ngettext_lazy("recurring gift has stopped coming", "recurring gifts have stopped coming", number)
    return Waiting(number, text, reverse("recurring_gifts:index") + "?status=failing")


def letters_to_write(user: Any) -> Waiting:
    """Return how many reminders wait to be written by post."""
    number = PledgeReminder.objects.letters_to_write().count()
    return Waiting(
        number, ngettext_lazy("reminder is to go by post", "reminders are to go by post", number), letters_url()
    )
