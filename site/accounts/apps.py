"""The accounts app."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    """Registers the accounts app: its receivers, and the roles it keeps whole."""

    default = True
    name = "accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what reacts to signing in and to migrating."""
        from accounts import checks, permissions, receivers  # noqa: F401
        from accounts.roles import sync_after_migrate
        from accounts.services import tidy_up
        from core.audit import name_verbs
        from core.jobs import schedule

        name_verbs(
            {
                "user.signed_in": _("Signed in"),
                "user.code_refused": _("Wrong sign-in code, three times"),
                "user.second_factor_failed": _("Second factor failed"),
                "user.second_factor_added": _("Second factor added"),
                "user.second_factor_removed": _("Second factor removed"),
                "user.changed": _("Account changed"),
                "user.role_given": _("Role given"),
                "user.role_taken": _("Role taken away"),
            }
        )

        schedule.register("accounts.tidy_up", tidy_up, every=schedule.Daily(hour=4))
        # Permissions are made app by app; only after the last one are all of them there.
        last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
        post_migrate.connect(sync_after_migrate, sender=last, dispatch_uid="accounts.sync_roles")


class WorkspaceUsersConfig(WagtailUsersAppConfig):
    """Wagtail's screens for users and groups, with our forms for users."""

    user_viewset = "accounts.staff.UserViewSet"
