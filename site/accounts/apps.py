"""The accounts app."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Registers the accounts app: its receivers, and the roles it keeps whole."""

    name = "accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what reacts to signing in and to migrating."""
        from accounts import checks, permissions, receivers  # noqa: F401
        from accounts.roles import sync_roles

        # Permissions are made app by app; only after the last one are all of them there.
        last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
        post_migrate.connect(sync_roles, sender=last, dispatch_uid="accounts.sync_roles")
