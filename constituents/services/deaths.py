"""Record that somebody has died: one verb, so that nothing is forgotten on a sad day."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.errors import DeathError
from constituents.models import Constituent, HouseholdChange, HouseholdChangeKind
from constituents.partial_dates import PartialDate
from constituents.services.households import refresh_names
from constituents.services.journal import Journal
from constituents.services.splitting import journal_head, let_names_be_written
from core import audit, clock


@transaction.atomic
def record_death(
    person: Constituent,
    *,
    by: User | None,
    on: PartialDate | None = None,
    keeps_names: bool = False,
    reason: str = "",
) -> HouseholdChange:
    """Record a death, on a day, in a month or year, or with nothing known of when.

    From now on nothing is sent to the person, who leaves the member directory; the household is named after those who
    live, unless `keeps_names` keeps what was written by hand. What they gave and what they consented to stay on record.
    Raises DeathError.
    """
    person = Constituent.objects.select_for_update().get(pk=person.pk)
    if not person.is_person:
        raise DeathError(_("Only people die. An organisation that has closed is noted on its record."))
    if person.is_deceased:
        raise DeathError(_("This is on record already."))
    if on is not None and on.first_day > clock.today():
        raise DeathError(_("That day is still to come."), field="on")
    journal = Journal()
    journal.change(
        person,
        is_deceased=True,
        deceased_on=on.first_day if on else None,
        **({"deceased_precision": on.precision} if on else {}),
    )
    for choice in person.directory_choices.all():
        journal.remove(choice)
    household = person.household
    if household is not None:
        if not keeps_names:
            let_names_be_written(household, journal)
        journal_head(household, journal)
        refresh_names(household)
    audit.record(
        "constituent.died",
        person,
        by=by,
        new={"on": str(on or ""), "household": household.name if household else ""},
        reason=reason,
        about=person,
    )
    return HouseholdChange.objects.create(
        household=household,
        person=person,
        kind=HouseholdChangeKind.DEATH,
        on=on.first_day if on else clock.today(),
        journal=journal.entries,
        note=reason,
        recorded_by=by,
    )
