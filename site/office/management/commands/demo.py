"""`manage.py demo`: what `make demo` runs once the environment stands."""

import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_countries import countries

from constituents.models import Constituent
from core.audit.models import AuditEntry
from core.jobs.supervisor import Supervisor
from core.organisation import current_organisation
from office.demo.countries import COUNTRIES
from office.demo.setting import MEMBER, PASSWORD, STAFF


class Command(BaseCommand):
    """Bring the database up to date, fill it when it is empty, say who can sign in, and serve until Ctrl-C."""

    help = "Serve the demo: one organisation with people, gifts, members and shifts. Only with DEMO=1, on loopback."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--country", choices=sorted(COUNTRIES), default="US", help="Whose law and money a new demo follows."
        )

    def handle(self, *_args: Any, host: str, port: int, country: str, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo wants DEMO=1 in the environment: run `make demo`.", returncode=2)
        supervisor = Supervisor(host=host, port=port, reload=False, announce=self._announce)
        supervisor.refuse_wrong_place()
        call_command("migrate", verbosity=0, interactive=False)
        if not Constituent.objects.exists():
            self.stdout.write("Making the demo organisation ...")
            self.stdout.flush()
            call_command("load_demo", country=country, stdout=self.stdout)
        else:
            self._refuse_other_data(country)
        sys.exit(supervisor.run())

    def _refuse_other_data(self, country: str) -> None:
        """Raise CommandError when the data is not the demo's, or is that of another country."""
        if not AuditEntry.objects.filter(action="demo.loaded").exists():
            raise CommandError("This database holds other data. Name another one in DATABASE_URL for the demo.")
        if (there := str(current_organisation().country)) != country:
            raise CommandError(
                f"This demo is of {countries.name(there)}. Name another database in DATABASE_URL for "
                f"{COUNTRIES[country].name}."
            )

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
