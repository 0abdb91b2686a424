"""Users in the workspace: added by address, invited by mail, given roles. Nobody sets another's password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, SetActiveStateBulkAction
from wagtail.users.views.users import CreateView, EditView, IndexView
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from accounts.models import User
from accounts.services import invite
from core.staff.asking import AsksFirst
from core.staff.history import StaffHistoryView


class _UserForm(forms.ModelForm):
    """What both user forms share: addresses in one case, and nobody makes more of a user than they are themselves."""

    def __init__(self, *args: Any, acting: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not acting.is_superuser:
            self.fields.pop("is_superuser", None)
        self.fields["groups"].label = _("Roles")

    def clean_email(self) -> str:
        """Keep addresses as sign-in compares them."""
        return self.cleaned_data["email"].lower()

    def save(self, commit: bool = True) -> User:
        """Save; a new user has no password and signs in by mail."""
        if not self.instance.pk:
            self.instance.set_unusable_password()
        return super().save(commit)


class AddUserForm(_UserForm, UserCreationForm):
    """A new user."""

    class Meta(UserCreationForm.Meta):
        fields = ["email", "first_name", "last_name", "is_superuser", "groups"]


class EditUserForm(_UserForm, UserEditForm):
    """A user as they are."""

    class Meta(UserEditForm.Meta):
        fields = ["email", "first_name", "last_name", "is_active", "is_superuser", "groups"]


class _ByActingUser:
    """Tells the form who fills it in."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Add the acting user."""
        return {**super().get_form_kwargs(), "acting": self.request.user}  # type: ignore[misc, attr-defined]


class AddUserView(_ByActingUser, CreateView):
    """Adds a user and invites them by mail."""

    success_message = _("%(object)s was added and told by mail how to sign in.")

    def save_instance(self) -> User:
        """Save and send the invitation."""
        user = super().save_instance()
        invite(user, by=self.request.user)
        return user


class EditUserView(AsksFirst, _ByActingUser, EditView):
    """Changes a user; those who may do everything are changed only by their like."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse before anything is shown."""
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


def names_of_roles(user: User) -> str | Promise:
    """Name the roles of a user, from the groups fetched with the list."""
    return _("Everything") if user.is_superuser else ", ".join(group.name for group in user.groups.all())


class UserListView(IndexView):
    """Who can sign in to the workspace or the portal, and as what."""

    @cached_property
    def columns(self) -> list[Column]:
        """Wagtail's, with the roles in place of a second name for the address."""
        columns = {column.name: column for column in super().columns}
        columns["email"].label = _("E-mail address")
        columns["is_superuser"] = Column("roles", label=_("Roles"), accessor=names_of_roles)
        return list(columns.values())

    def get_base_queryset(self) -> Any:
        """Fetch the roles with the users."""
        return super().get_base_queryset().prefetch_related("groups")


class UserViewSet(WagtailUserViewSet):
    """Users, with our forms."""

    index_view_class = UserListView
    add_view_class = AddUserView
    edit_view_class = EditUserView
    history_view_class = StaffHistoryView

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        """Return our forms."""
        return EditUserForm if for_update else AddUserForm


class GiveRole(AssignRoleBulkAction):
    """Gives users a role; superusers are left to superusers."""

    def check_perm(self, obj: User) -> bool:
        """Ask also whether the acting user may touch this one."""
        return super().check_perm(obj) and (self.request.user.is_superuser or not obj.is_superuser)


class SetActive(SetActiveStateBulkAction):
    """Closes and reopens accounts; superusers are left to superusers."""

    def check_perm(self, obj: User) -> bool:
        """Ask also whether the acting user may touch this one."""
        return super().check_perm(obj) and (self.request.user.is_superuser or not obj.is_superuser)

    @classmethod
    def execute_action(cls, objects: list[User], mark_as_active: bool = False, **kwargs: Any) -> tuple[int, int]:
        """Save one by one, so that each change is put on record."""
        for user in objects:
            user.is_active = mark_as_active
            user.save(update_fields=["is_active"])
        return len(objects), 0
