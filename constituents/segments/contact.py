"""What people want to hear, and what they heard and said, as criteria."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from constituents.models import (
    Channel,
    ConsentRecord,
    Constituent,
    Decision,
    EmailAddress,
    Interaction,
    InteractionKind,
    Purpose,
)
from constituents.segments.criteria import Criterion, Narrowing, Operator, operators
from constituents.segments.families import FactCriterion, NumberCriterion, Numbers
from constituents.segments.period import PERIOD, period_q
from constituents.segments.sets import All, AnyOf, Columns, Found, Keys, Not
from constituents.segments.shapes import Number, Options, Pick
from core.mail.models import Message

WISHES, CONTACT = _("What they want"), _("Contact with us")

_WITH = Interaction.participants.through
_KINDS = Narrowing("kinds", _("Only"), Options(lambda: InteractionKind.choices), _(" (%(value)s)"))
_CONSENT = Pick(
    {"purpose": (_("About"), lambda: Purpose.choices), "channel": (_("By"), lambda: Channel.choices)},
    says=_("%(purpose)s by %(channel)s"),
)


@dataclass(frozen=True, kw_only=True)
class ConsentCriterion(Criterion):
    """What somebody last said about a purpose and a channel; "may" also asks what beats every consent."""

    @property
    def operators(self) -> Mapping[str, Operator]:
        """May be written to, said yes, said no, never asked."""
        return operators(
            Operator("may", _("may be contacted about"), _("may be contacted about %(value)s"), _CONSENT),
            Operator("may_not", _("may not be contacted about"), _("may not be contacted about %(value)s"), _CONSENT),
            Operator("given", _("said yes to"), _("said yes to %(value)s"), _CONSENT),
            Operator("refused", _("said no to"), _("said no to %(value)s"), _CONSENT),
            Operator("never_asked", _("never answered about"), _("never answered about %(value)s"), _CONSENT),
        )

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """The latest record counts."""
        answers = ConsentRecord.objects.filter(**value)
        if operator == "never_asked":
            return Not(Keys(answers, "constituent"))
        given = _said_yes(answers)
        match operator:
            case "given":
                return given
            case "refused":
                return All((Keys(answers, "constituent"), Not(given)))
        may = All((given, Columns(Q(do_not_contact=False, is_deceased=False))))
        return may if operator == "may" else Not(may)


def _said_yes(answers: QuerySet[ConsentRecord]) -> Found:
    """Return whose last answer is yes. Only of those who said both yes and no is the last one looked for row by row."""
    counted = answers.order_by().values("constituent")
    counted = counted.annotate(all=Count("pk"), yes=Count("pk", filter=Q(decision=Decision.GIVEN)))
    wavering = counted.filter(yes__gt=0, yes__lt=F("all")).values("constituent")
    last = answers.filter(constituent__in=wavering).latest_each().filter(decision=Decision.GIVEN)  # type: ignore[attr-defined]
    return AnyOf((Keys(counted.filter(yes=F("all")), "constituent"), Keys(last, "constituent")))


def criteria() -> Iterable[Criterion]:
    """Return them all."""
    return (*_what_they_want(), *_contact_with_us())


def _what_they_want() -> Iterable[Criterion]:
    return (
        ConsentCriterion(key="consent", label=_("Consent"), group=WISHES),
        FactCriterion(
            key="do_not_contact",
            label=_("Do not contact"),
            group=WISHES,
            fact=lambda where, today: Columns(Q(do_not_contact=True)),
            says=_("asked us not to contact them"),
            says_not=_("did not ask us to leave them alone"),
        ),
        FactCriterion(
            key="portal",
            label=_("Signs in to the portal"),
            group=WISHES,
            fact=lambda where, today: Columns(Q(user__isnull=False)),
            says=_("sign in to the portal"),
            says_not=_("do not sign in to the portal"),
        ),
    )


def _contacts(where: Mapping[str, Any], today: dt.date) -> QuerySet[Any]:
    rows = _WITH.objects.filter(period_q(where, "interaction__at", today, instants=True))
    return rows.filter(interaction__kind__in=where["kinds"]) if "kinds" in where else rows


def _times_in_contact(where: Mapping[str, Any], today: dt.date) -> Numbers:
    rows = _contacts(where, today).order_by().values("constituent").annotate(number=Count("pk"))
    return Numbers(rows, "constituent")


@dataclass(frozen=True, kw_only=True)
class SentCriterion(Criterion):
    """E-mails of a template that went to one of their addresses, or are on their record."""

    @property
    def operators(self) -> Mapping[str, Operator]:
        """Was sent, was not sent."""
        templates = Options(_templates)
        return operators(
            Operator("any_of", _("was one of"), _("were sent %(value)s%(where)s"), templates),
            Operator("none_of", _("was none of"), _("were not sent %(value)s%(where)s"), templates),
        )

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """By the record an e-mail is about, and by address."""
        sent = Message.objects.filter(
            period_q(where, "sent_at", today, instants=True), template__in=value, sent_at__isnull=False
        ).order_by()
        addressed = EmailAddress.objects.annotate(low=Lower("address")).filter(low__in=sent.values(low_to=Lower("to")))
        about = sent.filter(about_type=ContentType.objects.get_for_model(Constituent))
        found = AnyOf((Keys(about, "about_id"), Keys(addressed, "constituent")))
        return found if operator == "any_of" else Not(found)


def _templates() -> list[tuple[str, str]]:
    names = Message.objects.order_by("template").values_list("template", flat=True).distinct()
    return [(name, name) for name in names]


def _contact_with_us() -> Iterable[Criterion]:
    return (
        NumberCriterion(
            key="contact.times",
            label=_("Times in contact"),
            group=CONTACT,
            permission="constituents.view_interaction",
            numbers=_times_in_contact,
            shape=Number(whole=True),
            narrowings=(PERIOD, _KINDS),
            phrases={
                "at_least": _("were in contact %(value)s times or more%(where)s"),
                "at_most": _("were in contact at most %(value)s times%(where)s"),
                "is": _("were in contact exactly %(value)s times%(where)s"),
            },
        ),
        SentCriterion(
            key="mail.sent",
            label=_("E-mail sent"),
            group=CONTACT,
            narrowings=(PERIOD,),
        ),
    )
