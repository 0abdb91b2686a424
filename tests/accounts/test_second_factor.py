"""Those who see giving need a second factor; what it keeps is encrypted; failing it is on record."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from accounts import roles
from accounts.models import User
from accounts.roles import Role
from core.audit.models import AuditEntry
from tests.accounts.conftest import code_in, link_in
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def required(settings, monkeypatch):
    """As in production, with giving seen by whoever may read the audit."""
    settings.SECOND_FACTOR_REQUIRED = True
    monkeypatch.setattr(roles, "_guarded", {"accounts.change_user"})


def app_code() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def test_staff_who_see_giving_are_sent_to_set_up_a_second_factor(required, staff_client):
    client = staff_client(Role.ADMINISTRATOR.value)
    assert client.get("/admin/")["Location"] == "/account/security/"
    assert client.get("/documents/1/secret.pdf")["Location"] == "/account/security/"
    assert client.get("/account/security/").status_code == 200


def test_once_set_up_the_workspace_opens(required, staff_client):
    client = staff_client(Role.ADMINISTRATOR.value)
    TOTP.activate(client.user, SECRET)
    assert client.get("/admin/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(required, staff_client):
    client = staff_client(Role.ADMINISTRATOR.value)
    RecoveryCodes.activate(client.user)
    assert client.get("/admin/").status_code == 302


def test_staff_who_see_no_giving_need_none(required, staff_client):
    assert staff_client(Role.VOLUNTEER_COORDINATOR.value).get("/admin/").status_code == 200


def test_superusers_need_one(required, staff_client):
    assert staff_client().get("/admin/")["Location"] == "/account/security/"


@pytest.mark.parametrize("way", ["code", "link", "password"])
def test_whatever_the_first_step_the_second_is_asked_for(way, ask_for_code):
    user = UserFactory(password=PASSWORD)
    TOTP.activate(user, SECRET)
    client = Client()
    if way == "password":
        response = client.post("/account/sign-in/password/", {"login": user.email, "password": PASSWORD})
    else:
        text = ask_for_code(user.email, client=client)
        url, data = ("/account/code/", {"code": code_in(text)}) if way == "code" else (link_in(text), {})
        response = client.post(url, data)
    assert response["Location"] == "/account/sign-in/second-step/"
    assert "_auth_user_id" not in client.session
    client.post("/account/sign-in/second-step/", {"code": app_code()})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_failed_second_factor_is_on_record(ask_for_code):
    user = UserFactory(password=PASSWORD)
    TOTP.activate(user, SECRET)
    client = Client()
    client.post("/account/sign-in/password/", {"login": user.email, "password": PASSWORD})
    wrong = "000000" if app_code() != "000000" else "111111"
    client.post("/account/sign-in/second-step/", {"code": wrong})
    assert AuditEntry.objects.for_instance(user).filter(action="user.second_factor_failed").count() == 1
    assert "_auth_user_id" not in client.session


def test_guessing_the_second_factor_is_throttled():
    user = UserFactory(password=PASSWORD)
    TOTP.activate(user, SECRET)
    client = Client()
    client.post("/account/sign-in/password/", {"login": user.email, "password": PASSWORD})
    for attempt in range(6):
        page = client.post("/account/sign-in/second-step/", {"code": f"{attempt:06}"})
    assert "Too many attempts" in page.content.decode()


def test_the_secret_of_the_app_is_not_readable_in_the_database():
    TOTP.activate(UserFactory(), SECRET)
    stored = Authenticator.objects.get().data["secret"]
    assert SECRET not in stored
    assert TOTP(Authenticator.objects.get()).validate_code(app_code())


def test_a_changed_secret_key_still_reads_what_the_old_one_wrote(settings):
    TOTP.activate(UserFactory(), SECRET)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert TOTP(Authenticator.objects.get()).validate_code(app_code())


def test_signing_in_is_on_record_with_how(client, ask_for_code):
    user = UserFactory()
    client.post("/account/code/", {"code": code_in(ask_for_code(user.email))})
    entry = AuditEntry.objects.for_instance(user).get(action="user.signed_in")
    assert entry.user == user
    assert entry.payload.data["new"] == {"by": ["code"]}


def test_sessions_are_listed_and_can_be_ended(ask_for_code):
    user = UserFactory()
    lost, kept = Client(), Client()
    for client in (lost, kept):
        client.post("/account/code/", {"code": code_in(ask_for_code(user.email, client=client))})
    assert kept.get("/account/sessions/").status_code == 200
    kept.post("/account/sessions/")
    assert kept.get("/account/security/").status_code == 200
    assert lost.get("/account/security/").status_code == 302


def test_every_page_of_the_sign_in_opens(client):
    user = UserFactory(password=PASSWORD)
    pages = ["sign-in/", "sign-in/password/", "sign-up/", "password/forgotten/", "closed/"]
    for page in pages:
        assert client.get(f"/account/{page}").status_code == 200, page
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for page in ["email/", "password/", "security/", "sessions/", "sign-out/"]:
        assert client.get(f"/account/{page}").status_code == 200, page


def test_a_forgotten_password_is_chosen_anew_with_a_code(client, mailoutbox):
    user = UserFactory(password="the old password")
    client.post("/account/password/forgotten/", {"email": user.email})
    client.post("/account/password/forgotten/code/", {"code": code_in(mailoutbox[0].body)})
    new = {"password1": "a much newer phrase", "password2": "a much newer phrase"}
    client.post("/account/password/forgotten/new/", new)
    assert User.objects.get(pk=user.pk).check_password("a much newer phrase")
    assert "Your password was changed" in mailoutbox[-1].body


def test_a_new_address_counts_once_its_code_came_back(client, mailoutbox):
    user = UserFactory(email="old@example.org")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    user.refresh_from_db()
    assert user.email == "old@example.org"
    client.post("/account/sign-up/code/", {"code": code_in(mailoutbox[0].body)})
    user.refresh_from_db()
    assert user.email == "new@example.org"
    assert {mail.to[0] for mail in mailoutbox} == {"old@example.org", "new@example.org"}
