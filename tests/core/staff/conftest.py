from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission

from donations.models import Campaign


@pytest.fixture
def campaign(db):
    return Campaign.objects.create(name="Spring appeal", code="spring", goal=Decimal(1_000))


@pytest.fixture
def as_someone_who_may(client, django_user_model):
    """Return a function that signs in someone with these permissions and no others."""

    def sign_in(*permissions):
        user = django_user_model.objects.create_user("kit.staff@example.org", is_staff=True)
        role = Group.objects.create(name="Kit")
        for name in ("wagtailadmin.access_admin", *permissions):
            app_label, codename = name.split(".")
            role.permissions.add(Permission.objects.get(content_type__app_label=app_label, codename=codename))
        user.groups.add(role)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.user = user
        return client

    return sign_in
