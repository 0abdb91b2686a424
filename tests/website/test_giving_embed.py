"""The giving form in a frame on another website."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from donations.models import Checkout, Fund, OnlineGivingSettings
from tests.factories.constituents import make_person
from tests.factories.website import form_token
from website.models import GivingPage

pytestmark = pytest.mark.usefixtures("online")

PARISH = "https://www.parish.example"


@pytest.fixture
def framed(online: Fund) -> None:
    OnlineGivingSettings.objects.update_or_create(pk=1, defaults={"frame_origins": PARISH})


def form_of(page: str) -> dict[str, str]:
    """Return what the framed form sends, filled in."""
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    return {"token": token, "amount": "50", "given_name": "Ann", "email": "ann@example.org", "method": "online"}


def action_of(page: str) -> str:
    return re.search(r'<form class="form ask" method="post" action="([^"]+)" target="_top"', page)[1]


@pytest.mark.usefixtures("framed")
def test_only_the_frame_may_be_shown_by_the_websites_named(client: Client) -> None:
    frame, page = client.get("/give/embed/"), client.get("/give/")
    assert f"frame-ancestors 'self' {PARISH}" in frame["Content-Security-Policy"]
    assert "X-Frame-Options" not in frame
    assert PARISH not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "SAMEORIGIN"


def test_without_a_website_named_nobody_else_may_show_it(client: Client) -> None:
    assert re.search(r"frame-ancestors 'self'(;|$)", client.get("/give/embed/")["Content-Security-Policy"])


def test_the_frame_has_nothing_around_the_form(client: Client) -> None:
    frame = client.get("/give/embed/").text
    assert "site-header" not in frame
    assert "site-footer" not in frame
    assert "csrfmiddlewaretoken" not in frame


def test_it_is_sent_without_a_cookie_and_leads_to_the_payment_page() -> None:
    browser = Client(enforce_csrf_checks=True)
    frame = browser.get("/give/embed/").text
    browser.cookies.clear()
    sent = form_of(frame)
    response = browser.post(action_of(frame), sent)
    assert (response.status_code, response["Location"]) == (303, Checkout.objects.get().url)
    browser.post(action_of(frame), sent)
    assert Checkout.objects.count() == 1


def test_without_our_token_it_starts_nothing_and_the_whole_page_asks_again() -> None:
    browser = Client(enforce_csrf_checks=True)
    frame = browser.get("/give/embed/").text
    response = browser.post(action_of(frame), form_of(frame) | {"token": "made-up"})
    assert "Please check your answers" in response.text
    assert "site-header" in response.text
    assert "csrfmiddlewaretoken" in response.text
    assert not Checkout.objects.exists()


def test_the_giving_page_itself_still_wants_its_cookie() -> None:
    assert Client(enforce_csrf_checks=True).post("/give/", {"token": form_token()}).status_code == 403


def test_whoever_is_signed_in_counts_as_a_stranger_in_the_frame(client: Client, django_user_model: type) -> None:
    user = django_user_model.objects.create_user(email="kim@example.org")
    kim = make_person("Kim", "Moss", email="kim@example.org", user=user)
    client.force_login(user)
    frame = client.get("/give/embed/").text
    assert "Kim Moss" not in frame
    client.post(action_of(frame), form_of(frame))
    assert Checkout.objects.get().donor != kim


def test_the_address_it_is_sent_to_leads_back_when_it_is_opened(client: Client) -> None:
    page = GivingPage.objects.get(slug="give")
    assert client.get(f"/give/elsewhere/{page.pk}/")["Location"] == "/give/"
    page.unpublish()
    assert client.get(f"/give/elsewhere/{page.pk}/").status_code == 404


def test_the_editor_finds_the_snippet_for_the_webmaster(staff_client) -> None:
    page = GivingPage.objects.get(slug="give")
    editor = staff_client().get(f"/admin/pages/{page.pk}/edit/").text
    assert "/give/embed/" in editor
    assert "No other website may show it yet." in editor
