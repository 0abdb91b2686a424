"""What a constituent's page says about volunteering: chip, figure, action, panel and timeline; and who is asked why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Q, Sum, When
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from constituents.household_steps import LooseEnd
from constituents.models import Constituent
from constituents.panels import Action, Chip, Figure, Panel
from constituents.timeline import Before, TimelineEvent, TimelineSource
from core import clock
from core.staff.cursor import noon_of
from volunteers.models import HoursEntry, HoursStatus, SignUp, SignUpStatus
from volunteers.wording import HOURS_TONES, SIGN_UP_TONES, hours_in_words, when

_SEEN = "volunteering_seen"
_RECENT = 6
_YEAR = dt.timedelta(days=365)
# So many different months with hours, of twelve, are monthly: people have holidays.
_MONTHLY = 9
# More ids than this are sorted out here rather than in the question.
_MOST_IDS = 500


@dataclass(frozen=True, slots=True)
class _Volunteering:
    """What chips, figures and panel of one page share."""

    this_year: Decimal
    last_12_months: Decimal
    outside_shifts: int
    coming: list[SignUp]


def _volunteering(constituent: Constituent) -> _Volunteering:
    if not hasattr(constituent, _SEEN):
        today = clock.today()
        first, last = clock.fiscal_year_bounds(clock.fiscal_year(today))
        approved = Q(status=HoursStatus.APPROVED)
        sums = constituent.hours.aggregate(
            this_year=Sum("hours", filter=approved & Q(worked_on__gte=first, worked_on__lte=last)),
            last_12_months=Sum("hours", filter=approved & Q(worked_on__gt=today - _YEAR, worked_on__lte=today)),
            outside_shifts=Count("pk", filter=Q(sign_up__isnull=True)),
        )
        coming = (
            constituent.sign_ups.filter(status__in=[SignUpStatus.CONFIRMED, SignUpStatus.WAITING])
            .filter(shift__ends_at__gt=clock.now())
            .select_related("shift__opportunity")
            .order_by("shift__starts_at")
        )
        found = _Volunteering(
            this_year=sums["this_year"] or Decimal(0),
            last_12_months=sums["last_12_months"] or Decimal(0),
            outside_shifts=sums["outside_shifts"],
            coming=list(coming),
        )
        setattr(constituent, _SEEN, found)
    return getattr(constituent, _SEEN)


def page_of(place: SignUp) -> str:
    """Return the address of the shift a place is in."""
    return reverse("shifts:inspect", args=[place.shift_id])


def chips(constituent: Constituent) -> Iterator[Chip]:
    """Say who volunteers now: hours in the last twelve months, or a shift to come."""
    volunteering = _volunteering(constituent)
    if volunteering.last_12_months or volunteering.coming:
        yield Chip(_("Volunteer"), "good")


def figures(constituent: Constituent) -> Iterator[Figure]:
    """Return the hours of this year, for those who volunteer."""
    volunteering = _volunteering(constituent)
    if volunteering.this_year or volunteering.last_12_months:
        query = urlencode({"q": constituent.display_name})
        yield Figure(
            _("Volunteered this year"),
            hours_in_words(volunteering.this_year),
            f"{reverse('hours:index')}?{query}",
        )


def actions(constituent: Constituent) -> Iterator[Action]:
    """Offer to log hours."""
    if constituent.is_deceased:
        return
    query = urlencode({"volunteer": constituent.pk})
    yield Action(_("Log hours"), f"{reverse('hours:log')}?{query}", icon="time")


def loose_ends(constituent: Constituent) -> Iterator[LooseEnd]:
    """Shifts that somebody else has to take over."""
    for place in _volunteering(constituent).coming:
        words = {"shift": place.shift.opportunity, "when": when(place.shift)}
        yield LooseEnd(_("Shift: %(shift)s, %(when)s") % words, page_of(place))


def panel_context(constituent: Constituent) -> dict[str, Any]:
    """Return the shifts to come and the latest hours."""
    hours = constituent.hours.select_related("opportunity").order_by("-worked_on", "-pk")[:_RECENT]
    return {
        "coming": [
            (place, when(place.shift), page_of(place), SIGN_UP_TONES.get(place.status, ""))
            for place in _volunteering(constituent).coming[:_RECENT]
        ],
        "hours": [(entry, hours_in_words(entry.hours), HOURS_TONES.get(entry.status, "")) for entry in hours],
    }


panel = Panel(
    name="volunteering",
    label=_("Volunteering"),
    template="wagtailadmin/volunteers/panel.html",
    context=panel_context,
    order=50,
    permission="volunteers.view_hoursentry",
    place="tab",
)


def events(constituent: Constituent, before: Before | None, limit: int) -> Iterator[TimelineEvent]:
    """Return what became of each sign-up, newest first: signed up, was there for so long, did not come."""
    came = [SignUpStatus.ATTENDED, SignUpStatus.NO_SHOW]
    # Who was there is told on the day of the shift, who is to come when they signed up.
    told_at = Case(When(status__in=came, then="shift__starts_at"), default="created_at")
    places = constituent.sign_ups.select_related("shift__opportunity", "hours").annotate(told_at=told_at)
    if before is not None:
        places = before.narrow(places, "told_at")
    for place in places.order_by("-told_at", "-pk")[:limit]:
        yield _event(place)


def _event(place: SignUp) -> TimelineEvent:
    entry = getattr(place, "hours", None) if place.status == SignUpStatus.ATTENDED else None
    came = place.status in (SignUpStatus.ATTENDED, SignUpStatus.NO_SHOW)
    title = gettext("Volunteered: %(what)s") if entry else f"{place.get_status_display()}: %(what)s"
    return TimelineEvent(
        at=place.shift.starts_at if came else place.created_at,
        kind="volunteering",
        pk=place.pk,
        title=title % {"what": place.shift.opportunity},
        detail=hours_in_words(entry.hours) if entry else when(place.shift),
        url=page_of(place),
        icon="calendar-check",
        state=SIGN_UP_TONES.get(place.status, ""),
    )


def logged_events(constituent: Constituent, before: Before | None, limit: int) -> Iterator[TimelineEvent]:
    """Return hours logged outside shifts, newest first."""
    if before is None and not _volunteering(constituent).outside_shifts:
        return
    entries = constituent.hours.filter(sign_up__isnull=True).select_related("opportunity")
    if before is not None:
        entries = before.narrow_days(entries, "worked_on")
    for entry in entries.order_by("-worked_on", "-pk")[:limit]:
        yield TimelineEvent(
            at=noon_of(entry.worked_on),
            kind="hours",
            pk=entry.pk,
            title=_("Volunteered: %(what)s") % {"what": entry.opportunity},
            detail=" · ".join(part for part in (hours_in_words(entry.hours), entry.note, _doubt(entry)) if part),
            icon="time",
            state=HOURS_TONES.get(entry.status, ""),
        )


def _doubt(entry: HoursEntry) -> str:
    return "" if entry.status == HoursStatus.APPROVED else entry.get_status_display()


timeline_sources: Iterable[TimelineSource] = (
    TimelineSource("volunteering", _("Shifts"), events, permission="volunteers.view_signup"),
    TimelineSource("hours", _("Hours"), logged_events, permission="volunteers.view_hoursentry"),
)


def hours_each(ids: Sequence[int]) -> Mapping[int, Decimal]:
    """Return the approved hours of each of these records."""
    entries = HoursEntry.objects.approved().filter(volunteer__in=ids).order_by()
    return dict(entries.values_list("volunteer").annotate(total=Sum("hours")))


def participation(ids: list[int], as_of: dt.date) -> Mapping[int, list[str]]:
    """Say for whom their volunteering speaks, in the year up to a date: nothing later is looked at."""
    wanted = set(ids)
    entries = HoursEntry.objects.approved().filter(worked_on__gt=as_of - _YEAR, worked_on__lte=as_of)
    if len(wanted) <= _MOST_IDS:
        entries = entries.filter(volunteer__in=wanted)
    sums = (
        entries.order_by()
        .values("volunteer")
        .annotate(total=Sum("hours"), months=Count(TruncMonth("worked_on"), distinct=True))
        .values_list("volunteer", "total", "months")
    )
    return {pk: list(_reasons(total, months)) for pk, total, months in sums if pk in wanted}


def _reasons(total: Decimal, months: int) -> Iterator[str]:
    if months >= _MONTHLY:
        yield gettext("volunteers monthly")
    yield gettext("volunteered %(hours)s in the last year") % {"hours": hours_in_words(total)}
