"""Play every app's part of the demo, in one transaction, into an empty database."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _

from constituents.models import Constituent
from core import audit
from core.demo import DemoPlan, demo_parts
from core.organisation import current_organisation
from donations.models import Gift


class NotEmptyError(Exception):
    """The database already holds somebody's data."""


def load_demo(plan: DemoPlan) -> dict[str, int]:
    """Make the demo data and return how many of what. Raises NotEmptyError when there are constituents or gifts."""
    if Constituent.objects.exists() or Gift.objects.exists():
        raise NotEmptyError(_("This database holds data already. Demo data goes only into an empty one."))
    counts: dict[str, int] = {}
    with transaction.atomic():
        for _name, part in demo_parts():
            counts |= part(plan)
        details = {
            "people": plan.people,
            "years": plan.years,
            "seed": plan.seed,
            "today": plan.today,
            "country": plan.country,
        }
        audit.record("demo.loaded", current_organisation(), by=None, new=details)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")
    return counts
