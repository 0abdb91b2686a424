"""The core app: wires the small rooms of core into Django."""

from datetime import timedelta

from django.apps import AppConfig
from django.core.signals import request_started
from django.db.backends.signals import connection_created
from django.db.models.signals import post_delete, post_migrate, post_save, pre_migrate
from django.utils.translation import gettext_lazy as _
from django_tasks.signals import task_started


class CoreConfig(AppConfig):
    """Registers the core app and keeps its caches honest."""

    name = "core"
    verbose_name = _("Steward")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Forget the cached organisation whenever it may have changed; keep the protecting triggers in place."""
        from core import triggers
        from core.audit import name_verbs
        from core.audit.chain import seal_waiting
        from core.audit.protection import protect_audit
        from core.imports.pruning import forget_old_imports
        from core.jobs import schedule
        from core.jobs.workers import prune
        from core.mail.outbox import give_up_on_cut_off_messages
        from core.once.sending import forget_sent_forms
        from core.organisation import forget_organisation
        from core.organisation.models import Organisation
        from core.staff.bulk_all import forget_files
        from core.triggers import checks  # noqa: F401  registers itself
        from core.triggers.errors import watch

        protect_audit()
        name_verbs(
            {
                "import.cleared": _("File of an import thrown away"),
                "import.errors_downloaded": _("Refused rows of an import downloaded"),
                "import.finished": _("Import finished"),
                "import.started": _("Import started"),
                "import.undo_started": _("Undoing of an import started"),
                "import.undone": _("Import undone"),
                "import.uploaded": _("File for an import uploaded"),
                "mail.sent_again": _("Sent again"),
            }
        )
        schedule.register("audit.seal", seal_waiting, every=timedelta(minutes=10))
        schedule.register("mail.cut_off", give_up_on_cut_off_messages, every=timedelta(minutes=10))
        schedule.register("core.bulk.files", forget_files, every=schedule.Daily(hour=4))
        schedule.register("core.jobs.prune", prune, every=schedule.Daily(hour=4))
        schedule.register("core.once.forget", forget_sent_forms, every=schedule.Daily(hour=4))
        schedule.register("imports.forget", forget_old_imports, every=schedule.Daily(hour=4))
        for signal in (request_started, task_started):
            signal.connect(forget_organisation, dispatch_uid="core.forget_organisation")
        for signal in (post_save, post_delete):
            signal.connect(forget_organisation, sender=Organisation, dispatch_uid="core.forget_organisation")
        pre_migrate.connect(triggers.step_aside, sender=self, dispatch_uid="core.triggers.step_aside")
        post_migrate.connect(triggers.install, sender=self, dispatch_uid="core.triggers.install")
        connection_created.connect(watch, dispatch_uid="core.triggers.watch")
