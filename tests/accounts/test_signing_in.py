"""Signing in by mailed code or link, by password, and what strangers learn from trying."""

import datetime as dt

import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import SignInLink, User
from accounts.roles import Role
from accounts.services import tidy_up
from core.mail.models import Message
from tests.accounts.conftest import code_in, link_in
from tests.factories.accounts import PASSWORD, UserFactory


def signed_in(client: Client) -> User | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None


def test_the_mailed_code_signs_in(client, ask_for_code):
    user = UserFactory(email="ada@example.org")
    code = code_in(ask_for_code("ada@example.org"))
    response = client.post("/account/code/", {"code": code})
    assert response["Location"] == "/account/"
    assert signed_in(client) == user


def test_a_code_typed_with_a_space_for_the_dash_is_the_same_code(client, ask_for_code):
    user = UserFactory()
    code = code_in(ask_for_code(user.email))
    client.post("/account/code/", {"code": code.replace("-", " ")})
    assert signed_in(client) == user


def test_the_address_is_found_whatever_its_case(client, ask_for_code):
    user = UserFactory(email="ada@example.org")
    client.post("/account/code/", {"code": code_in(ask_for_code("Ada@Example.org"))})
    assert signed_in(client) == user


def test_three_wrong_codes_end_the_attempt(client, ask_for_code):
    code = code_in(ask_for_code(UserFactory().email))
    wrong = "0000-0000" if code != "0000-0000" else "1111-1111"
    for _attempt in range(2):
        assert client.post("/account/code/", {"code": wrong}).status_code == 200
    assert client.post("/account/code/", {"code": wrong})["Location"] == "/account/sign-in/"
    client.post("/account/code/", {"code": code})
    assert signed_in(client) is None


def test_a_code_works_for_a_quarter_of_an_hour(client, ask_for_code):
    with time_machine.travel("2026-03-01 10:00:00+00:00", tick=False) as clock:
        code = code_in(ask_for_code(UserFactory().email))
        clock.shift(15 * 60 + 1)
        client.post("/account/code/", {"code": code})
        assert signed_in(client) is None


def test_opening_the_link_changes_nothing_and_its_button_signs_in(client, ask_for_code):
    user = UserFactory()
    link = link_in(ask_for_code(user.email))
    elsewhere = Client()
    for _scanner in range(3):
        page = elsewhere.get(link)
    assert page.status_code == 200
    assert user.email in page.content.decode()
    assert signed_in(elsewhere) is None
    assert elsewhere.post(link)["Location"] == "/account/"
    assert signed_in(elsewhere) == user


def test_a_link_signs_in_once(ask_for_code):
    link = link_in(ask_for_code(UserFactory().email))
    assert Client().post(link).status_code == 302
    again = Client()
    assert again.post(link).status_code == 410
    assert signed_in(again) is None


def test_a_link_works_for_a_quarter_of_an_hour(ask_for_code):
    with time_machine.travel("2026-03-01 10:00:00+00:00", tick=False) as clock:
        link = link_in(ask_for_code(UserFactory().email))
        clock.shift(15 * 60 + 1)
        assert Client().get(link).status_code == 410


def test_a_used_code_uses_up_the_link_of_its_mail(client, ask_for_code):
    text = ask_for_code(UserFactory().email)
    client.post("/account/code/", {"code": code_in(text)})
    assert Client().get(link_in(text)).status_code == 410


def test_the_link_keeps_its_address_to_itself(ask_for_code):
    page = Client().get(link_in(ask_for_code(UserFactory().email)))
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


def test_the_database_does_not_hold_the_token(ask_for_code):
    token = link_in(ask_for_code(UserFactory().email)).rstrip("/").rpartition("/")[2]
    assert not SignInLink.objects.filter(digest=token).exists()


def test_old_links_are_forgotten(ask_for_code):
    ask_for_code(UserFactory().email)
    tidy_up(now=timezone.now() + dt.timedelta(hours=1))
    assert SignInLink.objects.exists()
    tidy_up(now=timezone.now() + dt.timedelta(days=2))
    assert not SignInLink.objects.exists()


def test_the_link_goes_where_the_person_was_going(ask_for_code):
    link = link_in(ask_for_code(UserFactory().email, next_url="/members/"))
    assert Client().post(link)["Location"] == "/members/"


def test_neither_code_nor_link_leads_to_another_site(client, ask_for_code):
    text = ask_for_code(UserFactory().email, next_url="https://evil.example/")
    assert Client().post(link_in(text))["Location"] == "/account/"


def test_the_code_does_not_redirect_to_another_site(client, ask_for_code):
    code = code_in(ask_for_code(UserFactory().email))
    response = client.post("/account/code/", {"code": code, "next": "https://evil.example/"})
    assert response["Location"] == "/account/"


def test_known_and_unknown_addresses_get_the_same_answer(mailoutbox):
    UserFactory(email="ada@example.org")
    answers = []
    for email in ("ada@example.org", "nobody@example.org"):
        visitor = Client()
        first = visitor.post("/account/sign-in/", {"email": email})
        page = visitor.get("/account/code/")
        wrong = visitor.post("/account/code/", {"code": "0000-0001"})
        answers.append(
            [
                first.status_code,
                first["Location"],
                *(_without_secrets(response, email) for response in (page, wrong)),
            ]
        )
    assert answers[0] == answers[1]
    assert [mail.to for mail in mailoutbox] == [["ada@example.org"], ["nobody@example.org"]]
    assert "/account/sign-up/" in mailoutbox[1].body


def _without_secrets(response, email: str) -> tuple[int, str]:
    lines = response.content.decode().replace(email, "ADDRESS").splitlines()
    return response.status_code, "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)


def test_a_closed_account_looks_like_an_unknown_one(client, mailoutbox):
    user = UserFactory(is_active=False)
    client.post("/account/sign-in/", {"email": user.email})
    assert "/account/sign-up/" in mailoutbox[0].body


def test_asking_for_codes_is_throttled_by_address(client, mailoutbox):
    user = UserFactory()
    for attempt in range(4):
        response = Client(REMOTE_ADDR=f"198.51.100.{attempt}").post("/account/sign-in/", {"email": user.email})
    assert response.status_code == 200
    assert "Too many attempts" in response.content.decode()
    assert len(mailoutbox) == 3


def test_signing_in_is_throttled_by_where_it_comes_from():
    statuses = [Client().post("/account/sign-in/", {"email": "not an address"}).status_code for _try in range(31)]
    assert statuses[:30] == [200] * 30
    assert statuses[30] == 429


def test_guessing_a_password_is_throttled(client):
    user = UserFactory(password=PASSWORD)
    for attempt in range(6):
        visitor = Client(REMOTE_ADDR=f"198.51.100.{attempt}")
        response = visitor.post("/account/sign-in/password/", {"login": user.email, "password": f"guess {attempt}"})
    assert "Too many attempts" in response.content.decode()
    visitor.post("/account/sign-in/password/", {"login": user.email, "password": PASSWORD})
    assert signed_in(visitor) is None


def test_a_chosen_password_signs_in(client):
    user = UserFactory(password=PASSWORD)
    client.post("/account/sign-in/password/", {"login": user.email, "password": PASSWORD})
    assert signed_in(client) == user


def test_signing_out_takes_a_post(client):
    client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    client.get("/account/sign-out/")
    assert signed_in(client) is not None
    client.post("/account/sign-out/")
    assert signed_in(client) is None


def test_signing_up_makes_a_supporter_once_the_code_came_back(client, mailoutbox):
    response = client.post("/account/sign-up/", {"email": "New@example.org", "first_name": "Noor"})
    assert response["Location"] == "/account/sign-up/code/"
    assert signed_in(client) is None
    client.post("/account/sign-up/code/", {"code": code_in(mailoutbox[0].body)})
    user = signed_in(client)
    assert (user.email, user.first_name) == ("new@example.org", "Noor")
    assert not user.is_staff
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified


def test_signing_up_with_a_known_address_says_so_by_mail_only(client, mailoutbox):
    UserFactory(email="ada@example.org")
    response = client.post("/account/sign-up/", {"email": "ada@example.org", "first_name": "Mallory"})
    assert response["Location"] == "/account/sign-up/code/"
    assert "There already is one" in mailoutbox[0].body
    assert User.objects.count() == 1


def test_staff_whom_an_administrator_added_need_one_mail_to_sign_in(client, ask_for_code):
    user = User.objects.create_user("staff@example.org")
    client.post("/account/code/", {"code": code_in(ask_for_code(user.email))})
    assert signed_in(client) == user
    assert EmailAddress.objects.get(user=user).verified


def test_staff_land_in_the_workspace(client, ask_for_code):
    user = UserFactory(role=Role.FUNDRAISER)
    response = client.post("/account/code/", {"code": code_in(ask_for_code(user.email))})
    assert response["Location"] == "/admin/"


def test_a_supporter_who_opens_the_workspace_is_refused_and_not_sent_in_circles(client):
    client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    sent_on = client.get("/admin/")
    assert sent_on["Location"] == "/account/sign-in/?next=/admin/"
    assert client.get(sent_on["Location"]).status_code == 403


def test_the_workspace_has_no_sign_in_of_its_own(client):
    assert client.get("/admin/login/?next=/admin/pages/")["Location"] == "/account/sign-in/?next=/admin/pages/"
    assert client.post("/admin/login/", {"username": "a", "password": "b"})["Location"] == "/account/sign-in/"
    assert client.get("/admin/password_reset/")["Location"] == "/account/password/forgotten/"
    assert client.get("/admin/password_reset/confirm/MQ/abc/")["Location"] == "/account/password/forgotten/"


def test_the_record_of_a_sign_in_mail_does_not_keep_the_code(ask_for_code):
    ask_for_code(UserFactory().email)
    message = Message.objects.get()
    assert (message.state, message.text, message.html) == (Message.State.SENT, "", "")
    assert "sign-in code" in message.subject


def test_addresses_in_mails_come_from_the_settings_not_from_the_request(client, mailoutbox, settings):
    settings.BASE_URL = "https://steward.example.org"
    client.post("/account/sign-in/", {"email": UserFactory().email}, headers={"host": "localhost"})
    assert "https://steward.example.org/account/sign-in/link/" in mailoutbox[0].body
    assert "localhost" not in mailoutbox[0].body


def test_a_mail_server_that_refuses_is_said_on_the_page(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    response = client.post("/account/sign-in/", {"email": UserFactory().email}, follow=True)
    assert "could not send the mail" in response.content.decode()
    assert Message.objects.get().state == Message.State.FAILED


def test_coming_back_to_the_sign_in_page_starts_over(client, ask_for_code):
    ask_for_code("mistyped@example.org")
    assert client.get("/account/sign-in/").status_code == 200
    assert client.get("/account/code/")["Location"] == "/account/sign-in/"
