"""How many examples a property is shown: a few new ones at every run of the suite, hundreds when there is an hour."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings


def drawn(count: int, **further: Any) -> settings:
    """Return settings of a property that writes to the database: so many examples, or all that `thorough` asks for."""
    chosen = settings.get_current_profile_name()
    if chosen == "thorough":
        count = settings.get_profile(chosen).max_examples
    # The test undoes what an example wrote; fixtures stand for all of them.
    unminded = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=count, deadline=None, suppress_health_check=unminded, **further)
