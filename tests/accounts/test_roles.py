"""Roles: shipped with what the apps name, kept whole, checked, on record."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import Page

from accounts import roles
from accounts.checks import roles_name_real_permissions
from accounts.roles import Role, grant, may_enter_workspace, revoke, roles_of, sync_roles
from core.audit.models import AuditEntry
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def fresh(user):
    """Return the user without the permissions Django remembers."""
    return type(user).objects.get(pk=user.pk)


@pytest.mark.parametrize("role", Role)
def test_every_role_is_a_group_that_opens_the_workspace(role):
    user = UserFactory(role=role)
    assert may_enter_workspace(user)
    assert roles_of(user) == [role]


def test_supporters_stay_out_of_the_workspace():
    assert not may_enter_workspace(UserFactory())


def test_a_role_taken_away_takes_its_rights_along():
    user = UserFactory(role=Role.ADMINISTRATOR)
    revoke(user, Role.ADMINISTRATOR)
    assert not fresh(user).has_perm("accounts.change_user")


def test_syncing_gives_back_what_a_role_lost_and_leaves_what_it_gained():
    group = Group.objects.get(name=Role.FUNDRAISER)
    extra = Permission.objects.get(codename="view_session")
    group.permissions.set([extra])
    sync_roles()
    assert extra in group.permissions.all()
    assert group.permissions.filter(codename="access_admin").exists()


def test_syncing_again_changes_nothing(django_assert_max_num_queries):
    before = set(Group.objects.values_list("name", "permissions"))
    sync_roles()
    assert set(Group.objects.values_list("name", "permissions")) == before


def test_an_administrator_may_do_whatever_any_role_may():
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    for role in Role:
        assert administrator.has_perms(roles.permissions_of(role))


@pytest.mark.parametrize(("role", "edits"), [(Role.COMMUNICATIONS, True), (Role.GIFT_PROCESSOR, False)])
def test_the_website_is_edited_by_those_whose_work_it_is(staff_client, role, edits):
    client = staff_client(role.value)
    page = Page.objects.get(depth=1).add_child(instance=Page(title="About us", slug="about-us"))
    assert (client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200) is edits
    assert (client.get("/admin/images/add/").status_code == 200) is edits


def test_all_permissions_that_roles_name_exist():
    assert roles_name_real_permissions() == []


def test_a_misspelt_permission_is_reported(monkeypatch):
    monkeypatch.setattr(roles, "_guarded", {"donations.veiw_gift"})
    [error] = roles_name_real_permissions()
    assert "donations.veiw_gift" in error.msg


def test_giving_and_taking_roles_is_on_record():
    user = UserFactory()
    grant(user, Role.FUNDRAISER)
    revoke(user, Role.FUNDRAISER)
    given, taken = AuditEntry.objects.for_instance(user).order_by("pk")
    assert (given.action, given.payload.data["new"]) == ("user.role_given", {"roles": ["Fundraiser"]})
    assert (taken.action, taken.payload.data["old"]) == ("user.role_taken", {"roles": ["Fundraiser"]})
