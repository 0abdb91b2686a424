"""Signing in by mail: ask for an address, then accept the code, or the button on the page the mailed link opens."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.email_verification import verify_email_indirectly
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.views import LoginView, RequestLoginCodeView
from allauth.decorators import rate_limit
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from accounts.models import SignInLink
from accounts.roles import may_enter_workspace


class StartsOver:
    """Coming back to a sign-in page starts over: the usual reason is a mistyped address."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: object) -> None:
        clear_login(request)

    def get_authenticated_redirect_url(self) -> str:
        """Send signed-in people on, but tell those the workspace does not admit, instead of going round in circles."""
        url: str = super().get_authenticated_redirect_url()  # type: ignore[misc]
        workspace = reverse("wagtailadmin_home")
        if url.startswith(workspace) and not may_enter_workspace(self.request.user):  # type: ignore[attr-defined]
            raise PermissionDenied
        return url


@method_decorator(rate_limit(action="login"), name="dispatch")
class SignInView(StartsOver, RequestLoginCodeView):
    """Asks for an e-mail address, nothing else, and mails a code and a link."""

    template_name = "account/login.html"


class PasswordSignInView(StartsOver, LoginView):
    """For those who chose a password."""

    template_name = "account/login_password.html"


@method_decorator([never_cache, rate_limit(action="login")], name="dispatch")
class SignInLinkView(View):
    """The page a mailed link opens. Mail scanners follow links, so opening it changes nothing: its button signs in."""

    template_name = "account/sign_in_link.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show whom the button will sign in, or that the link no longer works."""
        return self._page(request, SignInLink.objects.for_token(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Spend the link and sign in, by way of the second factor where there is one."""
        link = SignInLink.objects.for_token(token)
        if link is None or not link.spend():
            return self._page(request, None)
        if request.user.is_authenticated and request.user == link.user:
            return HttpResponseRedirect(link.next_url or settings.LOGIN_REDIRECT_URL)
        clear_login(request)
        record_authentication(request, link.user, method="code", email=link.email)
        verify_email_indirectly(request, link.user, link.email)
        login = Login(user=link.user, redirect_url=link.next_url or None, email=link.email)
        return perform_login(request, login)

    def _page(self, request: HttpRequest, link: SignInLink | None) -> HttpResponse:
        context: dict[str, Any] = {"link": link, "sign_in_url": reverse("account_login")}
        return render(request, self.template_name, context, status=200 if link else 410)
