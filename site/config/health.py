"""What a load balancer asks: is the process alive, and can it serve people now."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse


def live(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process runs at all; touches nothing outside it."""
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and its tables are those this code expects, else 503 with the reason."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "reason": "The database does not answer."}, status=503)
    if waiting:
        return JsonResponse({"status": "unavailable", "reason": "Migrations are waiting."}, status=503)
    return JsonResponse({"status": "ready"})
