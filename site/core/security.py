"""Which page may load what: strict everywhere, and in the workspace as much looser as Wagtail's editor needs."""

from __future__ import annotations

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property


class PolicyMiddleware(CSPMiddleware):
    """Sends CONTENT_SECURITY_POLICY, with WORKSPACE_POLICY on top below /admin/."""

    @cached_property
    def workspace(self) -> str:
        """Where the workspace begins."""
        return reverse("wagtailadmin_home")

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return the policy of one page."""
        parts = super().get_policy_parts(request=request, response=response, report_only=report_only)
        if request.path.startswith(self.workspace):
            parts.update = {**settings.WORKSPACE_POLICY, **(parts.update or {})}
        return parts
