"""A form that is sent twice at one moment: the second waits for the first."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from threading import Barrier

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.test import RequestFactory

from core import clock
from core.once.models import SentForm
from core.once.sending import FIELD, AlreadySentError, Sending, forget_sent_forms
from tests.harness.models import Line


def sent(token: uuid.UUID) -> HttpRequest:
    request = RequestFactory().post("/somewhere/", {FIELD: str(token), "words": "Thanks"})
    request.user = AnonymousUser()
    return request


@pytest.mark.django_db(transaction=True)
def test_a_form_that_comes_many_times_at_once_is_done_once(run_together: Callable) -> None:
    token = uuid.uuid4()

    def press(_number: int) -> None:
        with transaction.atomic():
            sending = Sending(sent(token))
            sending.claim()
            Line.objects.create(note="Thanks")
            sending.done("/there/")

    outcomes = run_together(8, press)
    assert [type(outcome.error) for outcome in outcomes].count(AlreadySentError) == 7
    assert Line.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_whoever_only_looks_whether_it_was_done_does_it_again(run_together: Callable) -> None:
    token, everyone_has_looked = uuid.uuid4(), Barrier(8)

    def press(_number: int) -> None:
        assert not SentForm.objects.filter(pk=token).exists()
        everyone_has_looked.wait(timeout=30)
        Line.objects.create(note="Thanks")

    run_together(8, press)
    assert Line.objects.count() == 8


@pytest.mark.django_db
def test_what_failed_on_its_way_may_be_sent_again() -> None:
    token = uuid.uuid4()
    with pytest.raises(ZeroDivisionError), Sending(sent(token)).held():
        raise ZeroDivisionError
    Sending(sent(token)).claim()


@pytest.mark.django_db
def test_a_form_nobody_sends_again_is_forgotten() -> None:
    SentForm.objects.create(token=uuid.uuid4(), fingerprint="x")
    forget_sent_forms(now=clock.now() + dt.timedelta(days=29))
    assert SentForm.objects.exists()
    forget_sent_forms(now=clock.now() + dt.timedelta(days=31))
    assert not SentForm.objects.exists()
