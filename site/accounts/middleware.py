"""Those who see giving prove themselves twice: without a second factor, the workspace sends them to set one up."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import must_have_second_factor

# Everything that shows what only staff may see. Sign-in and security pages stand elsewhere and stay reachable.
GUARDED = ("/admin/", "/api/", "/documents/")
# Recovery codes alone are no second factor: they are what one falls back on.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class SecondFactorMiddleware:
    """Sends staff who must have a second factor, and have none, to the page where they set it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through unless it is for the workspace and its user still lacks the second factor."""
        if settings.SECOND_FACTOR_REQUIRED and request.path.startswith(GUARDED) and self._lacks_factor(request):
            messages.warning(
                request, _("Your role sees giving. Add a passkey or an authenticator app before you go on.")
            )
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)

    @staticmethod
    def _lacks_factor(request: HttpRequest) -> bool:
        user = request.user
        return user.is_authenticated and must_have_second_factor(user) and not is_mfa_enabled(user, FACTORS)
