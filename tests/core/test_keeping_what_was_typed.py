"""A page sent while signed out: what was typed comes back, to be sent by the same person alone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from donations.models import Gift
from tests.factories.donations import make_gift
from tests.harness.forms import filled

pytestmark = pytest.mark.django_db
HOME = {"origin": "http://testserver"}


@pytest.fixture
def client(staff_client: Callable[..., Client]) -> Client:
    """Somebody who may do all, held to the check against forgery as a browser is."""
    client = staff_client()
    client.handler.enforce_csrf_checks = True
    return client


@pytest.fixture
def gift() -> Gift:
    return make_gift(amount="100")


def refund(client: Client, gift: Gift) -> tuple[str, dict[str, str]]:
    """The form for a refund, filled in."""
    address = reverse("gifts:refund", args=[gift.pk])
    return address, filled(client.get(address).text, amount="10", reason="Asked for,\non the telephone")


def sign_out(client: Client) -> None:
    """As when the session has run out: the cookie against forgery stays."""
    del client.cookies["sessionid"]


def refunded(gift: Gift) -> Decimal:
    gift.refresh_from_db()
    return gift.refunded_amount


def test_who_was_signed_out_signs_in_and_sends_it_again(client: Client, gift: Gift) -> None:
    address, sent = refund(client, gift)
    sign_out(client)
    page = client.post(address, sent, headers=HOME)
    assert (page.status_code, page["Cache-Control"].count("no-store")) == (403, 1)
    assert "Nothing was saved" in page.text
    held = filled(page.text)
    assert {name: held[name] for name in sent if name != "csrfmiddlewaretoken"} == {
        name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"
    }
    assert client.post(address, held, headers=HOME).status_code == 403, "still signed out"
    assert refunded(gift) == 0

    client.force_login(client.user)  # in another window; the cookie against forgery is another one, too
    del client.cookies["csrftoken"]
    client.get("/admin/")
    asked = client.post(address, held, headers=HOME)
    assert "send it once more" in asked.text
    assert client.post(address, filled(asked.text), headers=HOME).status_code == 302
    assert refunded(gift) == 10


def test_nobody_else_can_send_it(client: Client, gift: Gift, staff_client: Callable) -> None:
    address, sent = refund(client, gift)
    other = staff_client("Gift processor")
    answer = other.post(address, sent)
    assert answer.status_code == 403
    assert "filled in by somebody else" in answer.text
    assert refunded(gift) == 0


@pytest.mark.parametrize("origin", [{"origin": "https://elsewhere.example"}, {"origin": "null"}, {}])
def test_what_another_website_sends_is_never_offered_to_be_sent_again(
    client: Client, gift: Gift, origin: dict[str, str]
) -> None:
    address, sent = refund(client, gift)
    answer = client.post(address, sent | {"csrfmiddlewaretoken": "x" * 64}, headers=origin)
    assert answer.status_code == 403
    assert "Asked for" not in answer.text
    assert "This form cannot be taken" in answer.text


def test_a_password_is_held_by_no_page_and_a_file_is_asked_for_again(client: Client, gift: Gift) -> None:
    address, sent = refund(client, gift)
    sign_out(client)
    secret = client.post(address, sent | {"new_password": "correct horse"}, headers=HOME)
    assert (secret.status_code, "correct horse" in secret.text) == (302, False)
    letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.7")
    page = client.post(address, sent | {"letter": letter}, headers=HOME).text
    assert "Choose “letter.pdf” again" in page
    assert '<input id="file-1" type="file" name="letter">' in page
    assert 'enctype="multipart/form-data"' in page


def test_a_record_that_was_being_changed_is_not_lost_either(client: Client, gift: Gift) -> None:
    address = reverse("constituents:edit", args=[gift.donor_id])
    sent = filled(client.get(address).text, given_name="Philomena")
    sign_out(client)
    assert filled(client.post(address, sent, headers=HOME).text)["given_name"] == "Philomena"
