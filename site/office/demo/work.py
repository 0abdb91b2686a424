"""Work: what the staff have to do, plans and rules with their log, and mail that waits to be filed."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from email.utils import format_datetime

from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import Role
from constituents.models import (
    ActionKind,
    AssignTo,
    Constituent,
    FollowUp,
    FollowUpKind,
    Plan,
    PlanStep,
    Priority,
    Rule,
    RuleAction,
    StepAnchor,
    Tag,
    WorkEvent,
    WorkSettings,
)
from constituents.work.follow_ups import add_follow_up, complete, drop
from constituents.work.mailbox.taking import take_in
from constituents.work.plans import start_plan
from constituents.work.rules import answer
from core import clock
from core.demo import DemoPlan
from donations.events import POSTED, gifts_since
from donations.models import Gift

_STEPS = (
    (FollowUpKind.CALL, "Say thank you for the gift", "Ask what made them give; write it down."),
    (FollowUpKind.CALL, "Ask how the supper was", ""),
    (FollowUpKind.LETTER, "Write about the new dory", "A photograph of the planks is in the office."),
    (FollowUpKind.EMAIL, "Send the annual report", ""),
    (FollowUpKind.VISIT, "Coffee at the boat shed", "Likes to hear about the children’s sailing."),
    (FollowUpKind.TASK, "Find out the new address", "The last letter came back."),
    (FollowUpKind.CALL, "Talk about the winter campaign", ""),
    (FollowUpKind.LETTER, "Birthday card", ""),
)
_OUTCOMES = (
    "Glad to hear from us",
    "Left a message",
    "Wants to come and see it",
    "Will think about it",
    "Prefers letters",
)
_STAFF = (
    "admin@example.org",
    "fundraiser@example.org",
    "gifts@example.org",
    "membership@example.org",
    "volunteers@example.org",
)


def add_work(plan: DemoPlan) -> dict[str, int]:
    """Give everyone a day’s work, start plans, have rules answer last week’s gifts, and let five mails come in."""
    staff = list(User.objects.filter(email__in=_STAFF).order_by("pk"))
    people = list(
        Constituent.objects.people().living().filter(giving__lifetime__gt=0).order_by("-giving__lifetime", "pk")[:60]
    )
    if not people or not staff:
        return {}
    _follow_ups(plan, staff, people)
    plans = _plans()
    fundraiser = next(user for user in staff if user.email == "fundraiser@example.org")
    for number, donor in enumerate(people[8:12]):
        start_plan(plans[number % 2], donor, by=fundraiser, starts_on=plan.today - dt.timedelta(days=6 - number))
    _rules(plans, fundraiser)
    _answer_recent_gifts(plan)
    settings = WorkSettings.load()
    settings.own_addresses = "files@example.org\nhello@example.org"
    settings.save()
    mails = _mails(plan, people)
    return {"follow_ups": FollowUp.objects.count(), "plans": len(plans), "rules": Rule.objects.count(), "mails": mails}


def _follow_ups(plan: DemoPlan, staff: list[User], people: list[Constituent]) -> None:
    rng = plan.random("work")
    team = Group.objects.get(name=Role.FUNDRAISER.value)
    for number, person in enumerate(people[:44]):
        kind, subject, note = _STEPS[number % len(_STEPS)]
        # A week that slipped, today, this week, and the weeks to come.
        days = (-4, -1, 0, 0, 1, 2, 3, 5, 9, 16, 30)[number % 11]
        owner = staff[number % len(staff)]
        for_team = number % 13 == 12
        step = add_follow_up(
            constituent=person,
            subject=subject,
            kind=kind,
            note=note,
            due_on=plan.today + dt.timedelta(days=days),
            priority=Priority.HIGH if number % 9 == 0 else Priority.NORMAL,
            owner=None if for_team else owner,
            team=team if for_team else None,
            by=owner,
        )
        if number % 5 == 4:
            complete(step, by=owner, outcome=rng.choice(_OUTCOMES))
        elif number == 20:
            drop(step, by=owner, reason="They asked for letters only")


def _plans() -> list[Plan]:
    new_donor = Plan.objects.create(
        name="New donor over 500",
        description="Everyone who gives 500 or more for the first time hears from a person, not a machine.",
    )
    for number, (kind, subject, days, anchor) in enumerate(
        (
            (FollowUpKind.CALL, "Ring to say thank you", 2, StepAnchor.START),
            (FollowUpKind.LETTER, "Hand-written letter", 5, StepAnchor.DUE),
            (FollowUpKind.VISIT, "Invite them to the boat shed", 23, StepAnchor.DONE),
        )
    ):
        PlanStep.objects.create(
            plan=new_donor,
            sort_order=number,
            kind=kind,
            subject=subject,
            days=days,
            anchor=anchor,
            assign_to=AssignTo.RESPONSIBLE,
        )
    lapsed = Plan.objects.create(name="Member lapsed", description="Two tries, then we leave them in peace.")
    for number, (kind, subject, days, anchor) in enumerate(
        (
            (FollowUpKind.EMAIL, "Ask whether something was wrong", 3, StepAnchor.START),
            (FollowUpKind.CALL, "Ring once, kindly", 14, StepAnchor.DUE),
        )
    ):
        PlanStep.objects.create(
            plan=lapsed,
            sort_order=number,
            kind=kind,
            subject=subject,
            days=days,
            anchor=anchor,
            assign_to=AssignTo.STARTER,
        )
    return [new_donor, lapsed]


def _rules(plans: list[Plan], fundraiser: User) -> None:
    tag, _made = Tag.objects.get_or_create(name="Large gift", defaults={"colour": "#1f5f4a"})
    first = Rule.objects.create(
        name="Welcome large new donors",
        event=POSTED,
        conditions=[
            {"fact": "amount", "test": "at_least", "value": "500"},
            {"fact": "is_first", "test": "is", "value": "yes"},
        ],
        is_active=True,
    )
    RuleAction.objects.create(
        rule=first, sort_order=0, kind=ActionKind.PLAN, plan=plans[0], assign_to=AssignTo.PERSON, person=fundraiser
    )
    large = Rule.objects.create(
        name="Thank for large gifts",
        event=POSTED,
        conditions=[{"fact": "amount", "test": "at_least", "value": "250"}],
        is_active=True,
    )
    RuleAction.objects.create(rule=large, sort_order=0, kind=ActionKind.TAG, tag=tag)
    RuleAction.objects.create(
        rule=large,
        sort_order=1,
        kind=ActionKind.FOLLOW_UP,
        follow_up_kind=FollowUpKind.CALL,
        subject="Ring and say thank you",
        days=1,
        assign_to=AssignTo.RESPONSIBLE,
        person=fundraiser,
    )
    lapsed = Rule.objects.create(name="Write to lapsed members", event="member.lapsed")
    RuleAction.objects.create(rule=lapsed, sort_order=0, kind=ActionKind.PLAN, plan=plans[1])


def _answer_recent_gifts(plan: DemoPlan) -> None:
    """Have the rules meet the gifts of the last days, so that their log can be read."""
    since = clock.start_of_day(plan.today - dt.timedelta(days=9))
    recent = list(gifts_since(since))[:12]
    gifts = Gift.objects.in_bulk([happening.about.pk for happening in recent if happening.about])
    for happening in recent:
        event = WorkEvent.objects.create(
            name=POSTED,
            key=happening.key,
            constituent_id=happening.constituent_id,
            facts=happening.facts,
            about=gifts[happening.about.pk] if happening.about else None,
            happened_at=happening.at or clock.now(),
        )
        answer(event)


def _mails(plan: DemoPlan, people: list[Constituent]) -> int:
    shared = next((person.primary_email for person in people if person.household and person.primary_email), "")
    letters = (
        (
            "Josephine Alder <josephine.alder@example.net>",
            "May I volunteer on Saturdays?",
            "I row, and I can cook for forty.",
        ),
        (
            "Harbour Hardware <orders@hardware.example>",
            "Your order of planks",
            "Twelve planks of larch are ready to be fetched.",
        ),
        (
            "Bertram Quill <bertram@quill.example>",
            "The organ fund",
            "My late aunt spoke of you often. How can I give in her name?",
        ),
        ("Weekly Offers <news@offers.example>", "Only this week", "Everything must go."),
        ("Cornelia Voss <cornelia.voss@example.net>", "New address", "We have moved to 4 Lantern Lane, Gull Harbour."),
    )
    at = clock.start_of_day(plan.today) - dt.timedelta(hours=15)
    for number, (sender, subject, text) in enumerate(letters):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, "files@example.org", subject
        mail["Date"] = format_datetime(at - dt.timedelta(hours=7 * number))
        mail["Message-ID"] = f"<demo-{number}@example.org>"
        mail.set_content(f"Dear Harbour Light,\n\n{text}\n\n{sender.partition(' <')[0]}")
        take_in(mail.as_bytes())
    if shared:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = shared, "files@example.org", "Thank you for the supper"
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = "<demo-known@example.org>"
        mail.set_content("It was a lovely evening. We would like to help with the next one.")
        take_in(mail.as_bytes())
    return len(letters)
