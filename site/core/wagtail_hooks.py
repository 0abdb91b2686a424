"""What core tells Wagtail: where to log, and how its screens run our verbs."""

from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from core.audit.wagtail import register_log_model


@hooks.register("register_log_actions", order=100)
def log_into_our_audit(registry: LogActionRegistry) -> None:
    """Our records are logged in our audit."""
    register_log_model(registry)
