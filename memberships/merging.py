"""What a merge of two records does to membership: one membership with the terms of both, no overlap, no day lost."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from constituents.merging.relations import repoint
from constituents.models import Constituent
from core import clock
from memberships.models import Application, Fact, Flag, Membership, Standing, Term
from memberships.periods import ONE_DAY
from memberships.services import upkeep
from memberships.wording import term_in_words

if TYPE_CHECKING:
    from constituents.merging.plan import MergePlan
    from constituents.merging.relations import Relation


def declare_relations() -> None:
    """Say what a merge does to each relation of this app."""
    repoint("memberships.Membership.constituent", on_conflict=one_membership)
    repoint("memberships.Membership.payer")
    repoint("memberships.MembershipPerson.person", on_conflict=one_place_on_a_plan)


def one_membership(plan: MergePlan, relation: Relation) -> None:
    """Move the membership, or where both have one what it holds; its number stays, closed, with the merged record."""
    mine: Membership | None
    theirs: Membership | None
    mine, theirs = (next(iter(memberships), None) for memberships in relation.rows_of_both(plan))
    if theirs is None:
        return
    if mine is None:
        plan.move(relation, [theirs])
        return
    my_terms, their_terms = list(mine.terms.real()), list(theirs.terms.real())
    if clash := next(((one, two) for one in my_terms for two in their_terms if _overlap(one, two)), None):
        words = {"kept": term_in_words(clash[0]), "merged": term_in_words(clash[1])}
        plan.refusals.append(
            _(
                "Both are members on the same days: %(kept)s, and %(merged)s. End one of the two memberships before the"
                " other begins, and refund its dues if they were paid twice; then merge."
            )
            % words
        )
    if _open_application(mine) and _open_application(theirs):
        plan.refusals.append(_("Both have asked to join or renew. Answer one of the two applications, then merge."))
    if plan.refusals:
        return
    _unite(plan, mine, theirs)
    _unite_facts(plan, mine, theirs, my_terms, their_terms)
    plan.stay(relation, [theirs])
    plan.create(
        Standing(
            membership=theirs,
            kind=Fact.CANCELLED,
            since=clock.today(),
            reason=_("Merged into %(number)s") % {"number": mine.number},
        )
    )


def _overlap(one: Term, two: Term) -> bool:
    return (one.ends_on is None or two.starts_on <= one.ends_on) and (
        two.ends_on is None or one.starts_on <= two.ends_on
    )


def _open_application(membership: Membership) -> bool:
    return membership.applications.open().exists()


def _unite(plan: MergePlan, mine: Membership, theirs: Membership) -> None:
    """Let terms, applications, flags and people of one membership hang on the other."""
    for model in (Term, Application, Flag):
        for row in model._default_manager.filter(membership=theirs).order_by("pk"):
            plan.change(row, membership_id=mine.pk)
    there = set(mine.people.filter(until__isnull=True).values_list("person", flat=True))
    there |= {plan.kept.pk, plan.merged.pk}
    for place in theirs.people.all():
        if place.until is not None or place.person_id not in there:
            plan.change(place, membership_id=mine.pk)
    if theirs.note and not mine.note:
        plan.change(mine, note=theirs.note)


def _unite_facts(plan: MergePlan, mine: Membership, theirs: Membership, my: list[Term], their: list[Term]) -> None:
    """Let facts of both hold of one membership: a cancellation ends with the next term that begins, as in rejoining."""
    open_kinds = set()
    for membership, others in ((mine, their), (theirs, my)):
        for fact in membership.standings.all():
            if fact.kind == Fact.CANCELLED and fact.until is None:
                plan.change(fact, until=_cancelled_until(fact, others))
                is_open = _cancelled_until(fact, others) is None
            else:
                is_open = fact.until is None
            if membership is theirs and not (is_open and fact.kind in open_kinds):
                plan.change(fact, membership_id=mine.pk)
            if is_open:
                open_kinds.add(fact.kind)


def _cancelled_until(fact: Standing, others: list[Term]) -> dt.date | None:
    """Return the day before the other membership's next term; before the fact itself where one runs through it."""
    later = [term.starts_on for term in others if term.ends_on is None or term.ends_on >= fact.since]
    return max(min(later), fact.since) - ONE_DAY if later else None


def one_place_on_a_plan(plan: MergePlan, relation: Relation) -> None:
    """Keep one open place on each plan, and none on a plan that the record kept holds itself."""
    held = set(Membership.objects.filter(constituent__in=[plan.kept, plan.merged]).values_list("pk", flat=True))
    places = list(relation.rows_of(plan.kept.pk, plan.merged.pk))
    mine = {place.membership_id for place in places if place.until is None and place.person_id == plan.kept.pk}
    for place in places:
        is_own = place.until is None and place.membership_id in held
        if place.person_id == plan.kept.pk:
            if is_own:
                plan.remove(place)
        elif is_own or (place.until is None and place.membership_id in mine):
            plan.remove(place)
        else:
            plan.move(relation, [place])


def kept_values_follow_the_terms(sender: object, *, kept: Constituent, merged: Constituent, **_kwargs: Any) -> None:
    """Write level and "member since" of both records' memberships anew after a merge and after its undo."""
    for membership in Membership.objects.filter(constituent__in=[kept, merged]).order_by("pk"):
        upkeep.refresh(membership)
