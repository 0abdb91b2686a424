"""`make_test_template NAME`: see tests.harness.template."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tests.harness import template


class Command(BaseCommand):
    """Run by `.ci/suite` before the tests."""

    help = "Migrate a database that the test processes copy."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="A file on SQLite, a database on PostgreSQL.")

    def handle(self, *_args: Any, **options: Any) -> None:
        template.make(options["name"])
