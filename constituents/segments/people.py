"""What this app knows people by: who they are, how they are reached, what they want, who they live with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from constituents.folding import fold
from constituents.models import (
    Address,
    Channel,
    ConsentRecord,
    Constituent,
    ConstituentTag,
    Decision,
    EmailAddress,
    HouseholdMembership,
    HouseholdRole,
    Interaction,
    InteractionKind,
    Kind,
    Phone,
    Purpose,
    Segment,
    SegmentSnapshot,
    SegmentSnapshotMember,
    Tag,
)
from constituents.segments import ties
from constituents.segments.criteria import Criterion, Narrowing, Operator, operators
from constituents.segments.custom import custom_criteria
from constituents.segments.dates import Span, Unit
from constituents.segments.families import (
    DateCriterion,
    FactCriterion,
    NumberCriterion,
    Numbers,
    OptionsCriterion,
    TextCriterion,
)
from constituents.segments.matching import to_sets
from constituents.segments.period import PERIOD, period_q
from constituents.segments.registry import register_criteria, register_criterion
from constituents.segments.saved import IN_SEGMENT, members_of
from constituents.segments.sets import All, AnyOf, Columns, Found, Keys, Not
from constituents.segments.shapes import Between, Number, Options, Pick
from constituents.segments.tree import parse
from core import clock
from core.mail.models import Message

WHO, REACH, WISHES, CONTACT, LISTS = (
    _("Who they are"),
    _("Where and how to reach them"),
    _("What they want"),
    _("Contact with us"),
    _("Segments and lists"),
)


def register() -> None:
    """Offer them all."""
    register_criterion(
        *_who_they_are(),
        *_how_to_reach_them(),
        *_what_they_want(),
        *_contact_with_us(),
        *ties.criteria(),
        *_segments_and_lists(),
    )
    register_criteria("custom", custom_criteria)


# Who they are


def _who_they_are() -> Iterable[Criterion]:
    return (
        OptionsCriterion(
            key="kind",
            label=_("Person or organisation"),
            group=WHO,
            column="kind",
            choices=lambda: [(Kind.PERSON.value, _("People")), (Kind.ORGANISATION.value, _("Organisations"))],
            says=_("are %(value)s"),
            says_not=_("are not %(value)s"),
        ),
        TextCriterion(
            key="name",
            label=_("Name"),
            group=WHO,
            column="sort_name",
            noun=_("name"),
            fold=fold,
            only=("contains", "starts_with"),
        ),
        OptionsCriterion(
            key="tag",
            label=_("Tag"),
            group=WHO,
            rows=ConstituentTag.objects.all,
            column="tag",
            choices=_tags,
            spread=with_those_under,
            says=_("are tagged %(value)s"),
            says_not=_("are not tagged %(value)s"),
            any_label=_("has one of"),
            none_label=_("has none of"),
        ),
        AgeCriterion(key="age", label=_("Age"), group=WHO),
        OptionsCriterion(
            key="birth_month",
            label=_("Birthday in"),
            group=WHO,
            column="birth_month",
            choices=lambda: list(MONTHS.items()),
            says=_("have their birthday in %(value)s"),
            says_not=_("do not have their birthday in %(value)s"),
        ),
        FactCriterion(
            key="deceased",
            label=_("Deceased"),
            group=WHO,
            fact=lambda where, today: Columns(Q(is_deceased=True)),
            says=_("have died"),
            says_not=_("are living"),
        ),
        TextCriterion(key="occupation", label=_("Occupation"), group=WHO, column="occupation", noun=_("occupation")),
        FactCriterion(
            key="in_household",
            label=_("Lives in a household"),
            group=WHO,
            fact=lambda where, today: Keys(HouseholdMembership.objects.filter(until__isnull=True), "person"),
            says=_("live in a household"),
            says_not=_("live in no household"),
        ),
        OptionsCriterion(
            key="household_role",
            label=_("Part in the household"),
            group=WHO,
            rows=lambda: HouseholdMembership.objects.filter(until__isnull=True),
            owner="person",
            column="role",
            choices=lambda: HouseholdRole.choices,
            says=_("are %(value)s of a household"),
            says_not=_("are not %(value)s of a household"),
        ),
        TextCriterion(key="source", label=_("Source"), group=WHO, column="source", noun=_("source")),
        DateCriterion(
            key="added_on", label=_("Added"), group=WHO, column="created_at", instants=True, did=_("were added")
        ),
    )


def _tags() -> list[tuple[int, str]]:
    tags = {tag.pk: tag for tag in Tag.objects.all()}

    def path(tag: Tag) -> str:
        parent = tags.get(tag.parent_id or 0)
        return f"{parent.name} › {tag.name}" if parent else tag.name

    return sorted(((key, path(tag)) for key, tag in tags.items()), key=lambda choice: choice[1].casefold())


def with_those_under(chosen: list[int]) -> list[int]:
    """Return the tags and all that stand under them, however deep."""
    parents = dict(Tag.objects.values_list("pk", "parent"))
    found = set(chosen)
    while more := {key for key, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


@dataclass(frozen=True, kw_only=True)
class AgeCriterion(Criterion):
    """Years lived, as far as the birth date is known: of a year alone, those they turn this year."""

    @property
    def operators(self) -> Mapping[str, Operator]:
        """Whole years."""
        whole = Number(whole=True)
        return operators(
            Operator("at_least", _("is at least"), _("are %(value)s or older"), whole),
            Operator("at_most", _("is at most"), _("are %(value)s or younger"), whole),
            Operator("between", _("is between"), _("are between %(value)s years old"), Between(whole)),
            Operator("unknown", _("is not known"), _("are of unknown age")),
        )

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """Compare dates of birth, not ages: an index can help, and nobody's birthday is missed."""
        known = Q(birth_year__isnull=False, is_deceased=False)
        if operator == "unknown":
            return Columns(Q(birth_year__isnull=True))
        low, high = {"at_least": (value, None), "at_most": (None, value)}.get(operator, value)
        q = known
        if low is not None:
            q &= _born_by(Span(int(low), Unit.YEARS).before(today)) if low else Q()
        if high is not None:
            q &= ~_born_by(Span(int(high) + 1, Unit.YEARS).before(today))
        return Columns(q)


def _born_by(day: dt.date) -> Q:
    """Return who was born on or before a day; unknown months and days count as early in the year."""
    same_month = Q(birth_month=day.month) & (Q(birth_day__isnull=True) | Q(birth_day__lte=day.day))
    same_year = Q(birth_year=day.year) & (Q(birth_month__isnull=True) | Q(birth_month__lt=day.month) | same_month)
    return Q(birth_year__lt=day.year) | same_year


# Where and how to reach them


def addresses_in_use() -> QuerySet[Address]:
    """Return addresses that mail may go to today."""
    today = clock.today()
    return Address.objects.usable().filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=today), Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    )


def _having_address(q: Q) -> Found:
    """Return whoever has such an address, of their own or of the household they live in."""
    found = addresses_in_use().filter(q)
    home = HouseholdMembership.objects.filter(
        until__isnull=True, household__in=found.filter(household__isnull=False).order_by().values("household")
    )
    return AnyOf((Keys(found.filter(constituent__isnull=False), "constituent"), Keys(home, "person")))


class PlaceCriterion(TextCriterion):
    """Words of an address: their own, or their household's."""

    def having(self, q: Q) -> Found:
        """Look in both."""
        return _having_address(q)


class CountryCriterion(OptionsCriterion):
    """The country of an address: their own, or their household's."""

    def having(self, q: Q) -> Found:
        """Look in both."""
        return _having_address(q)


def _countries() -> list[tuple[str, str]]:
    used = set(Address.objects.exclude(country="").order_by().values_list("country", flat=True).distinct())
    return [(code, name) for code, name in countries if code in used]


def _languages() -> list[tuple[str, str]]:
    used = Constituent.objects.exclude(language="").order_by("language").values_list("language", flat=True).distinct()
    return [(code, code) for code in used]


def _how_to_reach_them() -> Iterable[Criterion]:
    return (
        PlaceCriterion(key="town", label=_("Town"), group=REACH, column="city", noun=_("town")),
        PlaceCriterion(key="region", label=_("State or region"), group=REACH, column="region", noun=_("region")),
        PlaceCriterion(
            key="postal_code", label=_("Postal code"), group=REACH, column="postal_code", noun=_("postal code")
        ),
        CountryCriterion(
            key="country",
            label=_("Country"),
            group=REACH,
            column="country",
            choices=_countries,
            says=_("have an address in %(value)s"),
            says_not=_("have no address in %(value)s"),
        ),
        FactCriterion(
            key="has_address",
            label=_("Has a postal address"),
            group=REACH,
            fact=lambda where, today: _having_address(Q()),
            says=_("have a postal address"),
            says_not=_("have no postal address"),
        ),
        FactCriterion(
            key="has_email",
            label=_("Has an e-mail address that works"),
            group=REACH,
            fact=lambda where, today: Keys(EmailAddress.objects.filter(is_bad=False), "constituent"),
            says=_("have an e-mail address"),
            says_not=_("have no e-mail address"),
        ),
        FactCriterion(
            key="has_phone",
            label=_("Has a telephone number"),
            group=REACH,
            fact=lambda where, today: Keys(Phone.objects.all(), "constituent"),
            says=_("have a telephone number"),
            says_not=_("have no telephone number"),
        ),
        OptionsCriterion(
            key="language",
            label=_("Language"),
            group=REACH,
            column="language",
            choices=_languages,
            says=_("are written to in %(value)s"),
            says_not=_("are not written to in %(value)s"),
        ),
    )


# What they want


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


# Contact with us

_WITH = Interaction.participants.through
_KINDS = Narrowing("kinds", _("Only"), Options(lambda: InteractionKind.choices), _(" (%(value)s)"))


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


# Segments and lists


class SegmentCriterion(OptionsCriterion):
    """Being in another segment, as it stands."""

    def for_user(self, user: Any, lacking: set[str]) -> Criterion:
        """Only segments the user may see."""
        return replace(
            self, choices=lambda: Segment.objects.visible_to(user, lacking=lacking).values_list("pk", "name")
        )

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """Whoever is in one of them."""
        found = AnyOf(tuple(_in(segment, today) for segment in Segment.objects.filter(pk__in=value)))
        return found if operator == "any_of" else Not(found)


class ListCriterion(OptionsCriterion):
    """Being on a list."""

    def for_user(self, user: Any, lacking: set[str]) -> Criterion:
        """Only lists the user may see."""
        return replace(self, choices=lambda: SegmentSnapshot.objects.open_to(lacking=lacking).values_list("pk", "name"))


def _in(segment: Segment, today: dt.date) -> Found:
    if segment.one_per_household:
        return Keys(members_of(segment), "pk")
    # Its conditions as if they stood here: nothing is asked twice.
    return to_sets(parse(segment.criteria), today)


def _segments_and_lists() -> Iterable[Criterion]:
    return (
        SegmentCriterion(
            key=IN_SEGMENT,
            label=_("Segment"),
            group=LISTS,
            column="pk",
            choices=lambda: Segment.objects.values_list("pk", "name"),
            says=_("are in the segment %(value)s"),
            says_not=_("are not in the segment %(value)s"),
            any_label=_("is in one of"),
            none_label=_("is in none of"),
        ),
        ListCriterion(
            key="list",
            label=_("List"),
            group=LISTS,
            rows=SegmentSnapshotMember.objects.all,
            column="snapshot",
            choices=lambda: SegmentSnapshot.objects.values_list("pk", "name"),
            says=_("are on the list %(value)s"),
            says_not=_("are not on the list %(value)s"),
            any_label=_("is on one of"),
            none_label=_("is on none of"),
        ),
    )
