"""What becomes of a household's membership when the household splits, and of memberships when somebody dies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.household_steps import LooseEnd, Question, Split, SplitStep
from constituents.models import Constituent, Household
from constituents.services.journal import state_of
from core import audit, clock
from memberships.models import Membership
from memberships.services.changing import remove_person
from memberships.services.upkeep import locked, people_on
from memberships.wording import standing_in_words

STAYS, SHARED = "stays", "shared"


def _membership_of(household: Household) -> Membership | None:
    found = Membership.objects.filter(household=household).for_list().prefetch_related("terms", "standings")
    return found.first()


def question(household: Household) -> Question | None:
    """Ask what becomes of the household's membership while it runs."""
    membership = _membership_of(household)
    today = clock.today()
    if membership is None or not membership.is_member_on(today):
        return None
    words = {
        "number": membership.number,
        "standing": standing_in_words(membership, today),
        "count": len(people_on(membership, today)),
    }
    return Question(
        _("Membership %(number)s, for %(count)s: %(standing)s") % words,
        [
            (STAYS, _("It stays with those who stay; who leaves is taken off the plan")),
            (SHARED, _("Everyone stays on the plan until it ends")),
        ],
        _("When the one who pays leaves, the bill goes to the first adult who stays."),
    )


def apply(split: Split, answer: str) -> None:
    """Take the leavers off the plan, and let somebody who stays pay."""
    membership = _membership_of(split.household)
    if membership is None or answer != STAYS:
        return
    membership = locked(membership)
    for place in membership.people.filter(until__isnull=True, person__in=split.leavers).select_related("person"):
        before = state_of(place)
        remove_person(
            membership,
            person=place.person,
            by=split.by,
            reason=_("Household split"),
            until=max(split.on - dt.timedelta(days=1), place.since),
        )
        place.refresh_from_db()
        split.journal.changed(place, before)
    staying = next((person for person in split.stayers if not person.is_deceased), None)
    if staying is not None and membership.payer_id in {person.pk for person in split.leavers}:
        old = membership.payer
        split.journal.change(membership, payer=staying)
        audit.record(
            "membership.payer_changed",
            membership,
            by=split.by,
            old={"payer": str(old)},
            new={"payer": str(staying)},
            reason=_("Household split"),
            about=staying,
        )


split_step = SplitStep("membership", question, apply)


def loose_ends(person: Constituent) -> Iterator[LooseEnd]:
    """Memberships a death leaves to decide about: their own, those they pay for, those that name them."""
    concerned = Membership.objects.filter(
        Q(constituent=person) | Q(payer=person) | Q(people__person=person, people__until__isnull=True)
    )
    for membership in concerned.distinct().select_related("constituent", "household").order_by("pk"):
        label = gettext_lazy("Membership %(number)s of %(holder)s")
        if membership.payer_id == person.pk and membership.constituent_id != person.pk:
            label = gettext_lazy("Membership %(number)s of %(holder)s, which they pay for")
        yield LooseEnd(
            str(label) % {"number": membership.number, "holder": membership.holder},
            reverse("memberships:inspect", args=[membership.pk]),
        )
