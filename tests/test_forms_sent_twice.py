"""Every form that changes something: sent twice, by a double click or a page loaded again, it is done once.

A new form is in the walk by being in a template; one without a token fails here, unless it says why twice is once.
"""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Model
from django.urls import reverse

from core.audit.models import AuditEntry
from core.once.sending import FIELD
from core.staff.once import SentOnce
from donations.models import Fund, Gift
from donations.services.books import check_books
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift
from tests.factories.memberships import make_level, make_membership
from tests.factories.promises import make_pledge, make_recurring
from tests.harness.forms import filled

#: Forms that need no token, and why what they do twice is done once. A folder stands for all in it.
TWICE_IS_ONCE = {
    "account/": "signs in or out, or sets what is then so",
    "mfa/": "sets what is then so",
    "usersessions/": "ends a session",
    "components/no_answer.html": "asks again",
    "forms/send_again.html": "the token of the form it holds",
    "portal/claim.html": "claims a record, which then is claimed; one's own record is made once",
    "portal/directory.html": "sets what is then so",
    "portal/erasure.html": "one open request at a time",
    "portal/gift_aid.html": "a declaration that stands is not made anew; a cancelled one is cancelled",
    "portal/mend.html": "Stripe's own invoice is paid once",
    "portal/mended.html": "Stripe's own invoice is paid once",
    "portal/nav.html": "sets for whom one acts",
    "portal/preferences.html": "sets what is then so",
    "portal/privacy.html": "makes a file",
    "portal/profile.html": "sets what is then so",
    "portal/recurring.html": "Stripe's own invoice is paid once; a page for another card",
    "portal/recurring_change.html": "says how things shall be; one change is asked at a time",
    "portal/recurring_review.html": "says how things shall be; one change is asked at a time",
    "portal/shift_cancel.html": "a place that was given back is given back",
    "wagtailadmin/giving/accounts.html": "sets what is then so",
    "wagtailadmin/giving/demo_stripe.html": "the demo's own Stripe: twice is meant",
    "wagtailadmin/giving/thanks/print.html": "a gift that was thanked waits no more",
    "wagtailadmin/giving/thanks/thank_constituent.html": "a gift that was thanked waits no more",
    "wagtailadmin/people/duplicates/reasons_cell.html": "a pair that was dismissed is dismissed",
    "wagtailadmin/people/households/naming_settings.html": "sets what is then so",
    "wagtailadmin/people/panels/custom.html": "shows what is hidden",
    "wagtailadmin/people/panels/point.html": "sets what is then so",
    "wagtailadmin/steward/bulk/": "row by row by verbs that refuse what is done; undone once",
    "wagtailadmin/steward/imports/": "the states of one import: each step is taken once",
    "wagtailadmin/steward/jobs/": "a job is cancelled, or queued again, once",
    "wagtailadmin/volunteers/roster.html": "sets what is then so",
    "wagtailadmin/work/": "a step that is done is done",
    "website/components/giving_form.html": "the signed token of the giving page",
    "website/components/giving_pay.html": "one payment page of one gift",
    "website/demo_": "the demo's own payment page",
    "website/directory_person.html": "a letter; many are held back by a limit",
}
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def test_every_form_is_sent_once_or_says_why_twice_is_once() -> None:
    bare, needless = [], set(TWICE_IS_ONCE)
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        for form in re.findall(r'<form\b[^>]*method="post".*?</form>', path.read_text(), re.DOTALL | re.IGNORECASE):
            reasons = {reason for reason in TWICE_IS_ONCE if name.startswith(reason)}
            needless -= reasons
            if "{% form_token %}" not in form and not reasons:
                bare.append(name)
    assert bare == [], "a form that is sent twice is done twice"
    assert needless <= {"components/no_answer.html"}, "no such form"


def views_of(base: type) -> set[type]:
    return {base, *(view for child in base.__subclasses__() for view in views_of(child))}


def test_no_screen_that_does_it_another_way_forgets_to_look() -> None:
    for view in views_of(SentOnce):
        if "form_valid" in vars(view):
            source = inspect.getsource(view.form_valid)
            assert "self.sending." in source or "super().form_valid(form)" in source, view
        if "post" in vars(view) and view is not SentOnce:
            assert "super().post(" in inspect.getsource(view.post), view


@pytest.fixture
def general() -> Fund:
    return make_fund("General fund", is_default=True)


def of(view: str, record: Model | None = None, query: str = "") -> str:
    return reverse(view, args=[record.pk] if record is not None else []) + query


def a_gift(**details: Any) -> Gift:
    return make_gift(amount="100", **details)


def a_new_gift() -> tuple[str, dict[str, str]]:
    return of("gifts:add"), {"donor": str(make_person().pk), "amount": "50.00"}


def a_first_instalment() -> tuple[str, dict[str, str]]:
    return of("pledges:pay", make_pledge(first=dt.date(2026, 1, 31))), {"amount": "100.00", "received_on": "2026-03-01"}


def a_new_pledge() -> tuple[str, dict[str, str]]:
    donor = str(make_person().pk)
    return of("pledges:add"), {"donor": donor, "amount": "120", "number": "2", "first_due_on": "2026-12-01"}


def a_new_standing_order() -> tuple[str, dict[str, str]]:
    return of("recurring_gifts:add"), {"donor": str(make_person().pk), "amount": "20", "starts_on": "2026-12-01"}


def a_new_member() -> tuple[str, dict[str, str]]:
    level = str(make_level("Individual").pk)
    return of("memberships:join"), {"constituent": str(make_person().pk), "level": level}


#: What of money is entered by a form: its page, and what somebody types.
MONEY: dict[str, Callable[[], tuple[str, dict[str, str]]]] = {
    "a gift": a_new_gift,
    "a refund": lambda: (of("gifts:refund", a_gift()), {"amount": "10", "reason": "Asked for"}),
    "a charge-back": lambda: (of("gifts:charge-back", a_gift()), {"amount": "10", "reason": "The bank"}),
    "an adjustment": lambda: (of("gifts:adjust", a_gift()), {"amount": "90", "reason": "A slip", "confirmed": "1"}),
    "a batch": lambda: (of("batches:open"), {"expected_count": "2", "expected_total": "100"}),
    "a pledge": a_new_pledge,
    "a pledge's payment": a_first_instalment,
    "a standing order": a_new_standing_order,
    "what a standing order brought": lambda: (
        of("recurring_gifts:came", make_recurring()),
        {"amount": "25", "received_on": "2026-03-01"},
    ),
    "a membership": a_new_member,
    "a renewal": lambda: (of("memberships:renew", make_membership(starts_on=dt.date(2026, 1, 1))), {}),
    "a fund": lambda: (of("funds:add"), {"name": "Roof", "code": "ROOF"}),
}


@pytest.mark.django_db
@pytest.mark.usefixtures("general")
@pytest.mark.parametrize("what", MONEY)
def test_what_is_entered_by_a_form_that_is_sent_twice_is_entered_once(staff_client: Callable, what: str) -> None:
    client = staff_client()
    address, typed = MONEY[what]()
    sent = filled(client.get(address).text, **typed)
    first = client.post(address, sent)
    assert first.status_code == 302, first.context["form"].errors
    entries, gifts = AuditEntry.objects.count(), Gift.objects.count()
    again = client.post(address, sent)
    assert (again.status_code, again.url) == (302, first.url)
    assert (AuditEntry.objects.count(), Gift.objects.count()) == (entries, gifts)


@pytest.mark.django_db
@pytest.mark.usefixtures("general")
def test_whoever_sent_it_twice_is_told_that_it_was_done_once(staff_client: Callable) -> None:
    client, gift = staff_client(), a_gift()
    address = of("gifts:refund", gift)
    sent = filled(client.get(address).text, amount="10", reason="Asked for")
    client.post(address, sent)
    assert "It was done once." in client.post(address, sent, follow=True).text
    assert client.post(address, {**sent, FIELD: ""}).status_code == 302
    gift.refresh_from_db()
    assert gift.refunded_amount == 20, "without its token a form is done as often as it is sent"
    assert check_books() == []


@pytest.mark.django_db
@pytest.mark.usefixtures("general")
def test_who_goes_back_and_writes_something_else_is_asked_and_loses_nothing(staff_client: Callable) -> None:
    client, address = staff_client(), of("gifts:add")
    sent = filled(client.get(address).text, donor=str(make_person().pk), amount="50.00")
    client.post(address, sent)
    asked = client.post(address, sent | {"amount": "60.00"})
    assert "press the button again" in asked.text
    assert Gift.objects.count() == 1
    again = filled(asked.text)
    assert (again["amount"], again["donor"]) == ("60.00", sent["donor"])
    assert client.post(address, again).status_code == 302
    assert sorted(Gift.objects.values_list("amount", flat=True)) == [Decimal(50), Decimal(60)]


@pytest.mark.django_db
def test_the_page_to_add_a_record_asks_the_same(staff_client: Callable) -> None:
    client, address = staff_client(), of("funds:add")
    sent = filled(client.get(address).text, name="Roof", code="ROOF")
    client.post(address, sent)
    asked = client.post(address, sent | {"name": "Boat", "code": "BOAT"})
    assert "press the button again" in asked.text
    assert client.post(address, filled(asked.text)).status_code == 302
    assert set(Fund.objects.values_list("code", flat=True)) >= {"ROOF", "BOAT"}


@pytest.mark.django_db
@pytest.mark.usefixtures("general")
def test_a_form_that_was_refused_may_be_sent_again(staff_client: Callable) -> None:
    client, gift = staff_client(), a_gift()
    address = of("gifts:refund", gift)
    refused = client.post(address, filled(client.get(address).text, amount="1000", reason="Asked for"))
    assert refused.status_code == 200
    assert client.post(address, filled(refused.text, amount="10")).status_code == 302
    gift.refresh_from_db()
    assert gift.refunded_amount == 10
