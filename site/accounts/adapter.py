"""How allauth does things here: mails through core.mail, addresses from BASE_URL, staff to the workspace."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.utils import get_next_redirect_url
from allauth.core import context as current
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import SignInLink
from accounts.roles import may_enter_workspace
from core.mail.models import Message
from core.mail.outbox import send_now
from core.mail.rendering import absolute_url

# What happened, for the mails that tell people about a change to their account.
NOTICES = {
    "account/email/email_changed": _("Your address was changed"),
    "account/email/email_confirm": _("Your address was confirmed"),
    "account/email/email_deleted": _("An address was removed"),
    "account/email/password_changed": _("Your password was changed"),
    "account/email/password_reset": _("Your password was changed"),
    "account/email/password_set": _("A password was set"),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made"),
    "mfa/email/totp_activated": _("An authenticator app was added"),
    "mfa/email/totp_deactivated": _("The authenticator app was removed"),
    "mfa/email/webauthn_added": _("A passkey was added"),
    "mfa/email/webauthn_removed": _("A passkey was removed"),
}
# Mails that carry a code, and how long it works.
CODES = {
    "account/email/email_confirmation": ("confirm_address", "EMAIL_VERIFICATION_BY_CODE_TIMEOUT"),
    "account/email/email_confirmation_signup": ("confirm_address", "EMAIL_VERIFICATION_BY_CODE_TIMEOUT"),
    "account/email/password_reset_code": ("password_code", "PASSWORD_RESET_BY_CODE_TIMEOUT"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Steward's answers to allauth's questions."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("This e-mail address and password do not belong together."),
        "email_taken": _("Someone already signs in with this e-mail address."),
        "incorrect_code": _("This is not the code we sent. Look at the newest mail from us."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
        "rate_limited": _("Too many requests. Wait a minute, then try again."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of allauth's mails at once, in our words, and say so on the page when the mail server refuses."""
        template, ours, secret = self._letter(template_prefix, email, context)
        message = send_now(to=email, template=template, context={"email": email, **ours}, secret=secret)
        if message.state != Message.State.SENT:
            messages.error(current.request, gettext("We could not send the mail just now. Try again in a few minutes."))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Take staff to the workspace and everybody else to their account."""
        if may_enter_workspace(request.user):
            return reverse("wagtailadmin_home")
        return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to the security page, where the change was begun."""
        return reverse("mfa_index")

    def _letter(self, prefix: str, email: str, context: dict[str, Any]) -> tuple[str, dict[str, Any], bool]:
        """Return our template for one of allauth's, what to put into it, and whether it carries a code.

        Nothing of allauth's context is passed on unseen: its addresses are made from the request's Host header.
        """
        if prefix in NOTICES:
            sessions = absolute_url(reverse("usersessions_list"))
            what = {"what": NOTICES[prefix], "timestamp": context["timestamp"], "ip": context["ip"]}
            return "security_notice", {**what, "sessions_url": sessions}, False
        if prefix in CODES:
            template, timeout = CODES[prefix]
            return template, {"code": context["code"], "minutes": getattr(app_settings, timeout) // 60}, True
        if prefix == "account/email/login_code":
            link = self._sign_in_link(email)
            minutes = app_settings.LOGIN_BY_CODE_TIMEOUT // 60
            return "sign_in_code", {"code": context["code"], "link_url": link, "minutes": minutes}, True
        if prefix == "account/email/unknown_account":
            return "sign_in_unknown", {"sign_up_url": absolute_url(reverse("account_signup"))}, False
        if prefix == "account/email/account_already_exists":
            return "sign_up_known", {"sign_in_url": absolute_url(reverse("account_login"))}, False
        raise ValueError(f"No letter of ours stands for {prefix}.")

    def _sign_in_link(self, email: str) -> str:
        # The same choice allauth's form made, so that the link and the code of one mail sign in the same user.
        user = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)[0]
        # An account that staff opened has no address record yet; with one, using the mail proves the address.
        sync_user_email_address(user)
        next_url = get_next_redirect_url(current.request) or ""
        token = SignInLink.objects.issue(user=user, email=email, next_url=next_url)
        return absolute_url(reverse("account_sign_in_link", args=[token]))
