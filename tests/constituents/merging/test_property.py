"""Whatever two records hold: a merge loses nothing and counts nothing twice, and its undo puts all of it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model, Sum
from hypothesis import Phase, given
from hypothesis import strategies as st

from constituents.errors import CannotMergeError
from constituents.merging.plan import snapshot
from constituents.merging.relations import Fate, relations
from constituents.models import (
    Audience,
    Constituent,
    Decision,
    ExternalId,
    Household,
    Tag,
)
from constituents.services.contacting import log_interaction
from constituents.services.households import form_household, join_household
from constituents.services.merging import merge, undo_merge
from constituents.services.people import add_address, add_email, add_phone, change_constituent
from constituents.services.preferences import answer_consents, choose_directory, consents_of
from core import clock
from core.mail.models import Message
from donations.models import Gift, GivingTotals
from donations.services.books import check_books
from donations.services.gifts import refund_gift, void_gift
from memberships.services.changing import cancel
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift
from tests.factories.memberships import make_level, make_membership
from tests.factories.volunteers import make_opportunity, make_shift
from tests.harness.examples import drawn
from volunteers.models import Shift
from volunteers.services.hours import log_hours
from volunteers.services.signing_up import sign_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

TOPICS = [(channel, purpose) for channel in ("email", "post") for purpose in ("newsletter", "appeals")]
Snapshot = dict[tuple[str, int], dict[str, Any]]
# Each is something that happens with one record; `n` varies it.
Event = Callable[[Constituent, int], object]


def give(person: Constituent, n: int) -> object:
    return make_gift(person, Decimal(n + 1), on=dt.date(2026, 1, 1) + dt.timedelta(days=n))


def give_and_take_back(person: Constituent, n: int) -> object:
    gift = make_gift(person, Decimal(n + 2))
    return void_gift(gift, by=None, reason="Bounced") if n % 2 else refund_gift(
        gift, money=gift.money, by=None, reason="Asked for it"
    )  # fmt: skip


def promise(person: Constituent, n: int) -> object:
    return make_gift(person, Decimal(n + 1), post=False)


def answer(person: Constituent, n: int) -> object:
    topic = TOPICS[n % 4]
    wanted = [topic] if n % 3 else []
    return answer_consents(person, wanted=wanted, asked={topic: "May we?"}, by=None, where="paper")


def choose(person: Constituent, n: int) -> object:
    field = ["name", "town", "skills"][n % 3]
    return choose_directory(person, choices={field: list(Audience)[n % 2 + 1]}, by=None)


def tag(person: Constituent, n: int) -> object:
    return person.tagged.get_or_create(tag=Tag.objects.get_or_create(name=f"Tag {n % 3}")[0])


def identify(person: Constituent, n: int) -> object:
    return ExternalId.objects.get_or_create(system=f"old-{n % 2}", value=f"{person.pk}-{n}", constituent=person)


def live_together(person: Constituent, n: int) -> object:
    if person.household is not None:
        return None
    home = Household.objects.order_by("pk")[n % 2 :].first()
    if home is None:
        return form_household(people=[(person, "head"), (make_person(), "adult")], by=None)
    return join_household(home, person=person, by=None, since=dt.date(2026, 1, 1) + dt.timedelta(days=n))


def volunteer(person: Constituent, n: int) -> object:
    shift = Shift.objects.order_by("pk")[n % 2 :].first() or make_shift(capacity=9)
    if shift.sign_ups.active().filter(volunteer=person).exists():  # type: ignore[attr-defined]
        return None
    return sign_up(shift, volunteer=person, by=None, override_reason="Needed", wait_if_full=True)


def work(person: Constituent, n: int) -> object:
    job, day = make_opportunity(), clock.today() - dt.timedelta(days=n)
    return log_hours(volunteer=person, opportunity=job, worked_on=day, hours=Decimal("0.25"), by=None, approved=True)


def talk(person: Constituent, n: int) -> object:
    call = log_interaction(person, kind="call", subject=f"Call {n}", by=None)
    if n % 2:
        call.participants.add(*Constituent.objects.current().order_by("pk")[:2])
    return call


def be_written_to(person: Constituent, n: int) -> object:
    number = Message.objects.count()
    return Message.objects.create(to="a@example.org", subject=f"{n}", message_id=f"<{number}@x.example>", about=person)


def belong(person: Constituent, n: int) -> object:
    if hasattr(Constituent.objects.get(pk=person.pk), "membership"):
        return None
    began = clock.today() - dt.timedelta(days=400 * (n % 3))
    membership = make_membership(person, level=make_level(), starts_on=began)
    return cancel(membership, by=None, reason="Moved") if n % 5 == 0 else membership


EVENTS: list[Event] = [
    give,
    give_and_take_back,
    promise,
    answer,
    choose,
    tag,
    identify,
    live_together,
    volunteer,
    work,
    talk,
    be_written_to,
    belong,
    lambda person, n: add_email(person, address=f"a{n % 3}@example.org"),
    lambda person, n: add_phone(person, number=f"+1 207 555 01{n % 3}0"),
    lambda person, n: add_address(constituent=person, street=f"{n % 3} Quay Street", city="Portbury", country="US"),
    lambda person, n: change_constituent(person, by=None, **{["title", "occupation", "suffix"][n % 3]: f"{n}"}),
    lambda person, n: change_constituent(person, by=None, do_not_contact=bool(n % 2), birth_year=1950 + n),
]
# What nobody takes back by what comes later: it is added, and stays where it was entered.
LATER: list[Event] = [give, promise, work, talk, be_written_to, identify]

events = st.tuples(st.sampled_from(range(len(EVENTS))), st.integers(0, 11))
histories = st.lists(st.tuples(st.booleans(), events), max_size=14)
futures = st.lists(st.tuples(st.sampled_from(range(len(LATER))), st.integers(0, 11)), max_size=4)

ROOMS = ("constituents", "donations", "memberships", "volunteers")
# What tells of changes, and what is made from the rest: proved by the books and by search instead.
LEFT_OUT = {
    "constituents.Merge",
    "constituents.MergeMove",
    "constituents.SearchEntry",
    "constituents.SearchWord",
    "constituents.WorkEvent",
    "donations.GivingTotals",
    "memberships.MembershipSettings",
}


def everything() -> Snapshot:
    """Return every row of the domain apps, and the messages, by model and key."""
    models: list[type[Model]] = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ROOMS and model._meta.label not in LEFT_OUT
    ]
    found = {}
    for model in [*models, Message]:
        for row in model._base_manager.all():
            values = snapshot(row)
            values.pop("updated_at", None)
            found[model._meta.label, row.pk] = values
    return found


def strictest(one: Decision | None, other: Decision | None) -> bool:
    """Whether they may be written to: an answer beats none, and a no beats a yes."""
    answers = {one, other} - {None}
    return answers == {Decision.GIVEN}


def given_by(person: Constituent) -> Decimal:
    totals = GivingTotals.objects.filter(constituent=person).first()
    return totals.lifetime if totals else Decimal(0)


@drawn(6, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(history=histories, future=futures, picked=st.sampled_from(["kept", "merged"]))
def test_a_merge_keeps_every_total_and_its_undo_puts_everything_back(
    history: list[tuple[bool, tuple[int, int]]], future: list[tuple[int, int]], picked: str
) -> None:
    with transaction.atomic():
        make_fund(is_default=True)
        kept, merged = make_person("Ann", "Lee"), make_person("Anne", "Lee")
        for of_merged, (event, n) in history:
            EVENTS[event](merged if of_merged else kept, n)
        before = everything()
        _merge_and_undo(kept, merged, before, future, picked)
        transaction.set_rollback(True)


def _merge_and_undo(
    kept: Constituent, merged: Constituent, before: Snapshot, future: list[tuple[int, int]], picked: str
) -> None:
    gifts = set(Gift.objects.values_list("pk", "net_base_amount", "status"))
    given, hours = given_by(kept) + given_by(merged), _hours()
    said = {topic: [_said(person, topic) for person in (kept, merged)] for topic in TOPICS}
    choices = dict.fromkeys(["household", "email", "phone", "address", "title", "birth", "user"], picked)
    try:
        done = merge(kept, merged, by=None, choices=choices)
    except CannotMergeError:
        assert everything() == before
        return
    # Nothing is lost, nothing counts twice.
    assert given_by(kept) == given
    assert given_by(merged) == 0
    assert set(Gift.objects.values_list("pk", "net_base_amount", "status")) == gifts
    assert _hours() == hours
    assert check_books() == []
    for topic, (mine, theirs) in said.items():
        if mine or theirs:
            assert (_said(kept, topic) == Decision.GIVEN) == strictest(mine, theirs)
    assert _left_with(merged) == []
    assert merge(kept, merged, by=None) == done
    # What comes after stays where it was entered; all else is as it was.
    present = everything().keys()
    for event, n in future:
        LATER[event](kept, n)
    later = everything().keys() - present
    undo_merge(done, by=None)
    after = everything()
    assert {key: after.get(key) for key in before} == before
    assert after.keys() == before.keys() | later
    assert check_books() == []
    assert undo_merge(done, by=None).undone_at is not None
    assert everything() == after


def _hours() -> Decimal:
    return apps.get_model("volunteers.HoursEntry").objects.aggregate(total=Sum("hours"))["total"] or Decimal(0)


def _said(person: Constituent, topic: tuple[str, str]) -> Decision | None:
    record = consents_of(person).get(topic)
    return Decision(record.decision) if record else None


# What the record kept has too stays behind, and so does a membership whose terms went on.
STAYING = {
    "constituents.Address.constituent",
    "constituents.ConstituentTag.constituent",
    "constituents.CustomValue.constituent",
    "constituents.DirectoryChoice.constituent",
    "constituents.EmailAddress.constituent",
    "constituents.HouseholdMembership.person",
    "constituents.Phone.constituent",
    "memberships.Membership.constituent",
}


def _left_with(merged: Constituent) -> list[str]:
    return [
        relation.label
        for relation in relations(Fate.REPOINTED)
        if relation.label not in STAYING and relation.rows_of(merged.pk).exists()
    ]
