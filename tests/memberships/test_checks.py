"""`check_books` finds what does not hold of memberships; the database refuses to rewrite what was sold."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from core.triggers import ProtectedRowError
from donations.services.books import check_books
from donations.services.gifts import void_gift
from memberships.models import Flag, Membership, Term
from memberships.services.changing import cancel, change_level
from memberships.services.dues import Payment
from memberships.services.renewing import renew
from tests.factories.memberships import make_level, make_membership

pytestmark = pytest.mark.django_db

NEW_YEAR = dt.date(2025, 1, 1)


def found():
    return [finding.check for finding in check_books()]


def test_the_books_are_right_after_a_full_life():
    membership = make_membership(level=make_level(joining_fee=Decimal(10)), starts_on=NEW_YEAR)
    renew(membership, by=None, payment=Payment(received_on=dt.date(2025, 12, 20)))
    change_level(
        membership, level=make_level(dues=Decimal(200)), by=None, payment=Payment(received_on=dt.date(2026, 3, 3))
    )
    void_gift(membership.terms.first().gift, by=None, reason="Bounced")
    cancel(membership, by=None, reason="Asked", last_day=dt.date(2026, 6, 1))
    assert found() == []


def test_a_drifted_member_since_is_found():
    membership = make_membership(starts_on=NEW_YEAR)
    Membership.objects.filter(pk=membership.pk).update(member_since=dt.date(2000, 1, 1))
    assert found() == ["memberships since"]


def test_a_silent_lapse_of_the_money_is_found():
    membership = make_membership(starts_on=NEW_YEAR)
    void_gift(membership.terms.get().gift, by=None, reason="Bounced")
    Flag.objects.all().delete()
    assert found() == ["memberships flags"]


@pytest.mark.parametrize(
    "changes", [{"price": Decimal(1)}, {"sold_until": dt.date(2030, 1, 1)}, {"starts_on": dt.date(2024, 12, 1)}]
)
def test_what_was_sold_cannot_be_rewritten(changes):
    make_membership(starts_on=NEW_YEAR)
    with pytest.raises(ProtectedRowError), transaction.atomic():
        Term.objects.update(**changes)


def test_a_term_cannot_be_deleted():
    make_membership(starts_on=NEW_YEAR)
    with pytest.raises(ProtectedRowError), transaction.atomic():
        Term.objects.all()._raw_delete("default")
