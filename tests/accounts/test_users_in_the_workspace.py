"""Users in the workspace: added, invited, changed and closed by those who may."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import Role, roles_of
from core.audit.models import AuditEntry
from core.mail.models import Message
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(staff_client):
    return staff_client(Role.ADMINISTRATOR.value)


def role(name: Role) -> int:
    return Group.objects.get(name=name.value).pk


def test_an_administrator_adds_a_colleague_who_is_told_by_mail(admin):
    page = admin.get("/admin/users/new/")
    assert "password" not in page.content.decode().lower().replace("passwords", "")
    form = {"email": "Noor@Example.org", "first_name": "Noor", "last_name": "Ali", "groups": [role(Role.FUNDRAISER)]}
    assert admin.post("/admin/users/new/", form).status_code == 302
    user = User.objects.get(email="noor@example.org")
    assert roles_of(user) == [Role.FUNDRAISER]
    assert not user.has_usable_password()
    [message] = Message.objects.about(user)
    assert (message.to, message.template, message.sent_by) == ("noor@example.org", "invitation", admin.user)


def test_an_address_in_use_is_refused_whatever_its_case(admin):
    UserFactory(email="noor@example.org")
    page = admin.post("/admin/users/new/", {"email": "NOOR@example.org", "first_name": "N", "last_name": "A"})
    assert page.status_code == 200
    assert User.objects.filter(email__iexact="noor@example.org").count() == 1


def test_changed_roles_are_on_record_with_who_changed_them(admin):
    user = UserFactory(role=Role.FUNDRAISER)
    form = {
        "email": user.email,
        "first_name": "Ada",
        "last_name": "W",
        "is_active": "on",
        "groups": [role(Role.READ_ONLY)],
    }
    assert admin.post(f"/admin/users/edit/{user.pk}/", form).status_code == 302
    entries = AuditEntry.objects.for_instance(user).filter(user=admin.user)
    assert {"user.role_given", "user.role_taken"} <= set(entries.values_list("action", flat=True))


def test_a_changed_address_must_be_proved_again_and_the_old_one_opens_nothing(admin):
    user = UserFactory(email="old@example.org")
    form = {"email": "new@example.org", "first_name": "Ada", "last_name": "W", "is_active": "on"}
    admin.post(f"/admin/users/edit/{user.pk}/", form)
    assert not EmailAddress.objects.filter(user=user, verified=True).exists()
    assert not EmailAddress.objects.filter(email="old@example.org").exists()


def test_an_administrator_makes_nobody_a_superuser(admin):
    assert "is_superuser" not in admin.get("/admin/users/new/").content.decode()
    form = {"email": "n@example.org", "first_name": "N", "last_name": "A", "is_superuser": "on"}
    admin.post("/admin/users/new/", form)
    assert not User.objects.get(email="n@example.org").is_superuser


def test_an_administrator_does_not_touch_superusers(admin):
    boss = User.objects.create_superuser("boss@example.org")
    assert admin.get(f"/admin/users/edit/{boss.pk}/").status_code != 200
    form = {"email": "mine@example.org", "first_name": "B", "last_name": "B", "is_active": "on"}
    admin.post(f"/admin/users/edit/{boss.pk}/", form)
    bulk = f"/admin/bulk/accounts/user/set_active_state/?id={boss.pk}&next=/admin/users/"
    admin.post(bulk, {"mark_as_active": "False"})
    boss.refresh_from_db()
    assert (boss.email, boss.is_active) == ("boss@example.org", True)


def test_closing_several_accounts_at_once_is_on_record(admin):
    users = [UserFactory(), UserFactory()]
    ids = "&".join(f"id={user.pk}" for user in users)
    response = admin.post(
        f"/admin/bulk/accounts/user/set_active_state/?{ids}&next=/admin/users/", {"mark_as_active": "False"}
    )
    assert response.status_code == 302
    assert not User.objects.filter(pk__in=[user.pk for user in users], is_active=True).exists()
    assert AuditEntry.objects.filter(action="user.changed").count() == 2


def test_those_without_the_right_do_not_see_users(staff_client):
    assert staff_client(Role.FUNDRAISER.value).get("/admin/users/").status_code == 302


def test_the_list_asks_as_much_for_many_users_as_for_few(admin, assert_constant_queries):
    def more(number: int) -> None:
        for _user in range(number):
            UserFactory(role=Role.FUNDRAISER)

    assert_constant_queries(more, lambda: admin.get("/admin/users/"))


def test_the_list_says_who_has_which_role(admin):
    UserFactory(role=Role.FUNDRAISER)
    table = admin.get("/admin/users/results/").content.decode().partition("<tbody")[2]
    assert "Fundraiser" in table


def test_the_history_of_a_user_says_what_changed(admin):
    user = UserFactory(email="old@example.org", role=Role.FUNDRAISER)
    user.email = "new@example.org"
    user.save()
    page = admin.get(f"/admin/users/history/{user.pk}/").content.decode()
    assert "Fundraiser" in page
    assert "old@example.org" in page
    assert "new@example.org" in page
