"""`flush` as the suite wants it: back to the state after the migrations, not to nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from tests.harness import baseline


class Command(BaseCommand):
    """Django's TransactionTestCase calls `flush` after each test; this one runs instead of Django's."""

    help = "Put the test database back to what the migrations made of it."
    stealth_options = ("interactive", "database", "reset_sequences", "allow_cascade", "inhibit_post_migrate")

    def handle(self, *_args: Any, **_options: Any) -> None:
        baseline.restore()
