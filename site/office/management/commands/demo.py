"""`manage.py demo`: what `make demo` runs once the environment stands."""

import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from constituents.models import Constituent
from core.audit.models import AuditEntry
from core.jobs.supervisor import Supervisor
from office.demo.setting import MEMBER, PASSWORD, STAFF


class Command(BaseCommand):
    """Bring the database up to date, fill it when it is empty, say who can sign in, and serve until Ctrl-C."""

    help = "Serve the demo: one organisation with people, gifts, members and shifts. Only with DEMO=1, on loopback."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_args: Any, host: str, port: int, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo wants DEMO=1 in the environment: run `make demo`.", returncode=2)
        supervisor = Supervisor(host=host, port=port, reload=False, announce=self._announce)
        supervisor.refuse_wrong_place()
        call_command("migrate", verbosity=0, interactive=False)
        if not Constituent.objects.exists():
            self.stdout.write("Making the demo organisation ...")
            self.stdout.flush()
            call_command("load_demo", stdout=self.stdout)
        elif not AuditEntry.objects.filter(action="demo.loaded").exists():
            raise CommandError("This database holds other data. Name another one in DATABASE_URL for the demo.")
        sys.exit(supervisor.run())

    def _announce(self, address: str) -> None:
        lines = [
            "",
            self.style.SUCCESS("Steward is ready."),
            f"  The public site      {address}/",
            f"  The staff workspace  {address}/admin/",
            f"  The portal           {address}/account/",
            f"  Mail it would send   {address}/demo/mailbox/",
            "",
            f"Sign in with the password {self.style.SUCCESS(PASSWORD)} as",
            *(f"  {email:<24} {role.label}" for email, role, _given, _family in STAFF),
            f"  {MEMBER:<24} a member, on the portal",
            "",
            "Ctrl-C stops it.",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
