"""Two claim the same gift at once, on both databases; the control shows that it happens without our index."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from threading import Barrier

import pytest

from donations.errors import DonationsError
from donations.gift_aid.claiming import gather_claim
from donations.models import ClaimLine, ClaimState, GiftAidClaim
from donations.services.books import check_books
from tests.donations.gift_aid.conftest import TODAY, pounds
from tests.factories.gift_aid import make_declaration

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("charity")]


def test_one_claim_takes_a_gift_however_many_are_gathered_at_once(run_together: Callable) -> None:
    pounds(make_declaration().donor, "80")
    outcomes = run_together(6, lambda _number: gather_claim(by=None, up_to=TODAY).pk)
    assert len([outcome for outcome in outcomes if outcome.value]) == 1
    assert all(isinstance(outcome.error, DonationsError) for outcome in outcomes if outcome.error)
    assert ClaimLine.objects.count() == 1
    assert check_books() == []


def test_control_look_then_claim_takes_it_again_and_again(run_together: Callable) -> None:
    declaration = make_declaration()
    gift = pounds(declaration.donor, "80")
    claim = GiftAidClaim.objects.create(up_to=TODAY, state=ClaimState.WITHDRAWN, withdraw_reason="A control")
    everyone_has_looked = Barrier(6)

    def look_then_claim(_number: int) -> bool:
        free = not ClaimLine.objects.filter(gift=gift).exists()
        everyone_has_looked.wait(timeout=30)
        if free:  # a line that is not live is one the index does not see
            ClaimLine.objects.create(claim=claim, gift=gift, declaration=declaration, amount=Decimal(80), is_live=False)
        return free

    assert [outcome.value for outcome in run_together(6, look_then_claim)] == [True] * 6
    assert ClaimLine.objects.filter(gift=gift).count() == 6
