"""What keeps programs from testing stolen cards on the giving page, and lets donors through."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, RequestFactory

from core import clock
from donations.models import Checkout, OnlineGivingSettings
from tests.factories.website import form_token
from website.giving import limits, proof
from website.giving.tokens import TokenError, new_token, read_token
from website.limits import client_address, forget, is_within
from website.models import Tally

pytestmark = pytest.mark.usefixtures("online")

Give = Callable[..., HttpResponse]


def allow(**changes: Any) -> None:
    OnlineGivingSettings.objects.update_or_create(pk=1, defaults=changes)


def test_a_token_that_nobody_signed_starts_nothing_and_the_form_is_drawn_anew(give: Give) -> None:
    page = give(token="7c0d4f0e6c554a0e8e0f0d6f3f1f2a11.1").text
    assert "open for a long time" in page
    assert not Checkout.objects.exists()
    drawn = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert give(token=drawn).status_code == 303


def test_a_token_is_good_for_a_day() -> None:
    token = str(new_token())
    with time_machine.travel(clock.now() + limits.DAY, tick=False), pytest.raises(TokenError):
        read_token(token)
    with pytest.raises(TokenError):
        read_token(token.replace(token[0], "f" if token[0] != "f" else "e", 1))


def test_forms_filled_in_faster_than_anybody_reads_are_few(give: Give) -> None:
    answers = [give(token=form_token(seconds_ago=0.5)) for _ in range(limits.DOUBTFUL + 1)]
    assert [answer.status_code for answer in answers] == [303] * limits.DOUBTFUL + [200]
    assert "That was quick." in answers[-1].text
    assert give().status_code == 303


def test_one_address_starts_only_so_many_payments_in_an_hour(give: Give) -> None:
    allow(payments_per_address=2)
    for number in range(2):
        assert give(email=f"donor{number}@example.org").status_code == 303
    refused = give(email="third@example.org")
    assert "Many payments were started from your network." in refused.text
    assert Checkout.objects.count() == 2
    assert give(method="transfer").status_code == 303
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert give(sender=elsewhere, email="fourth@example.org").status_code == 303


def test_sending_the_same_form_again_counts_no_more(give: Give) -> None:
    allow(payments_per_address=1)
    token = form_token()
    assert [give(token=token).status_code for _ in range(3)] == [303] * 3


def test_one_form_sent_with_ever_other_amounts_counts_like_so_many_forms(give: Give) -> None:
    allow(payments_per_address=1)
    token = form_token()
    assert [give(token=token, amount=amount).status_code for amount in ("50", "60")] == [303, 303]
    assert "Many payments were started from your network." in give(token=token, amount="70").text


def test_all_together_start_only_so_many_in_an_hour(give: Give) -> None:
    allow(payments_per_hour=1)
    assert give().status_code == 303
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert "Very many people are giving" in give(sender=elsewhere, email="bo@example.org").text


def test_an_address_with_many_unfinished_payments_finishes_one_first(give: Give) -> None:
    allow(pending_per_email=2)
    answers = [give(email="Ann@Example.org") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 200]
    assert "wait to be paid" in answers[-1].text


def test_a_window_slides_and_does_not_forget_at_once(db: None) -> None:
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as at:
        at.move_to("2026-11-22T10:50:00Z")
        assert all(is_within("bell", most=4, seconds=3600) for _ in range(4))
        at.move_to("2026-11-22T11:10:00Z")  # five sixths of the hour before still count
        assert not is_within("bell", most=4, seconds=3600)
        at.move_to("2026-11-22T13:00:00Z")
        assert is_within("bell", most=4, seconds=3600)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_one_moment_each_is_counted(run_together: Callable) -> None:
    passed = run_together(12, lambda _number: is_within("bell", most=5, seconds=3600))
    assert sorted(outcome.value for outcome in passed) == [False] * 7 + [True] * 5


@pytest.mark.django_db(transaction=True)
def test_control_who_reads_and_then_writes_counts_them_as_one(run_together: Callable) -> None:
    everyone_has_read = Barrier(12)

    def read_and_write(_number: int) -> None:
        counted = Tally.objects.values_list("count", flat=True).first() or 0
        everyone_has_read.wait(timeout=30)
        facts = {"count": counted + 1, "before": 0, "ends_at": clock.now()}
        Tally.objects.update_or_create(key="bell", defaults=facts)

    run_together(12, read_and_write)
    assert Tally.objects.get().count == 1


def test_what_counts_no_more_is_forgotten(db: None) -> None:
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as at:
        is_within("bell", most=4, seconds=3600)
        at.move_to("2026-11-22T11:59:00Z")
        forget(now=clock.now())
        assert Tally.objects.count() == 1
        at.move_to("2026-11-22T12:01:00Z")
        forget(now=clock.now())
        assert not Tally.objects.exists()


def test_a_household_counts_as_one_address(rf: RequestFactory) -> None:
    first, second = (rf.get("/", REMOTE_ADDR=f"2001:db8:7:9::{end}") for end in ("1", "2"))
    assert client_address(first) == client_address(second)
    assert client_address(rf.get("/", REMOTE_ADDR="192.0.2.1")) == "192.0.2.1"


def solved(task: str) -> str:
    """Solve a task as the script of the page does."""
    asked = json.loads(task)
    for number in range(proof.HARDNESS + 1):
        if hashlib.sha256(f"{asked['salt']}{number}".encode()).hexdigest() == asked["challenge"]:
            answer = {name: asked[name] for name in ("algorithm", "challenge", "salt", "signature")}
            return base64.b64encode(json.dumps({**answer, "number": number}).encode()).decode()
    raise AssertionError("the task has no solution")


def test_a_task_is_solved_once_and_only_by_its_number(db: None) -> None:
    answer = solved(proof.new_task())
    assert proof.is_solved(answer)
    assert not proof.is_solved(answer)
    wrong = json.loads(base64.b64decode(solved(proof.new_task()))) | {"number": -1}
    assert not proof.is_solved(base64.b64encode(json.dumps(wrong).encode()).decode())
    assert not any(proof.is_solved(nonsense) for nonsense in ("", "x", "e30=", base64.b64encode(b"7").decode()))
    with time_machine.travel(clock.now() + 2 * proof.GOOD_FOR, tick=False):
        late = proof.new_task()
    assert proof.is_solved(solved(late))


def test_where_a_task_is_set_a_form_without_its_solution_passes_a_few_times(client: Client, give: Give) -> None:
    assert "data-task" not in client.get("/give/").text
    allow(asks_for_proof=True)
    assert "data-task" in client.get("/give/").text
    for number in range(limits.DOUBTFUL):
        assert give(email=f"donor{number}@example.org").status_code == 303
    assert give(email="more@example.org").status_code == 200
    assert give(email="more@example.org", proof=solved(proof.new_task())).status_code == 303


def test_what_fills_the_trap_starts_nothing(give: Give) -> None:
    give(website="http://spam.example")
    assert not Checkout.objects.exists()
