"""What accounts adds to the workspace."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks

from accounts.roles import find_permissions, shipped_permissions
from accounts.staff import GiveRole, SetActive

# After Wagtail's own, which they replace by bearing the same names.
hooks.register("register_bulk_action", GiveRole, order=100)
hooks.register("register_bulk_action", SetActive, order=100)


@hooks.register("register_permissions")
def permissions_of_roles() -> QuerySet[Permission]:
    """Let administrators tick, in groups of their own, every permission a shipped role has."""
    return Permission.objects.filter(pk__in=[row.pk for row in find_permissions(shipped_permissions()).values()])
