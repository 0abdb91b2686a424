"""The forms of signing in and looking after one's sign-in: allauth's, in our words, asking for as little as can be."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

LABELS = {
    "email": _("E-mail address"),
    "login": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("The password you have now"),
    "password1": _("New password"),
    "password2": _("The same again"),
    "code": _("Code"),
    "name": _("Name"),
}


class OurWords(forms.Form):
    """Gives allauth's fields our labels, no placeholders (they vanish as one types), and the right keyboard."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
        if "code" in self.fields:
            self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "numeric"}


class MailedCode(OurWords):
    """A code that comes by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("A mail can take a minute. Look also where unwanted mail is kept.")


class SignInForm(OurWords, account.RequestLoginCodeForm):
    """One field: where to send the code."""


class PasswordSignInForm(OurWords, account.LoginForm):
    """For those who chose a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # the link to a forgotten one stands below the form


class SignUpForm(OurWords, account.SignupForm):
    """Opens a supporter's account: a name to greet them by and an address to prove. A password can come later."""

    first_name = forms.CharField(
        label=_("First name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    field_order = ["email", "first_name", "last_name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Listed in ACCOUNT_SIGNUP_FIELDS only because allauth would otherwise take it off the password sign-in too.
        self.fields.pop("password1", None)


class SignInCodeForm(MailedCode, account.ConfirmLoginCodeForm):
    """The code of a sign-in mail."""


class AddressCodeForm(MailedCode, account.ConfirmEmailVerificationCodeForm):
    """The code that proves an address."""


class PasswordCodeForm(MailedCode, account.ConfirmPasswordResetCodeForm):
    """The code that lets one choose a new password."""


class NewAddressForm(OurWords, account.AddEmailForm):
    """Another address to sign in with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class ForgottenPasswordForm(OurWords, account.ResetPasswordForm):
    """Where to send the code for a new password."""


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    """Another password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class SetPasswordForm(OurWords, account.SetPasswordForm):
    """A first password."""


class NewPasswordForm(OurWords, account.ResetPasswordKeyForm):
    """A new password for a forgotten one."""


class ConfirmPasswordForm(OurWords, account.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class SecondStepForm(OurWords, mfa.AuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("From your authenticator app, or one of your recovery codes.")


class ConfirmSecondStepForm(OurWords, mfa.ReauthenticateForm):
    """The second step once more, before something that matters."""


class AddAppForm(OurWords, totp.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code the app shows")


class AddPasskeyForm(OurWords, webauthn.AddWebAuthnForm):
    """A new passkey or security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("So that you know it again, such as “My phone”.")
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].label = _("Sign in with it alone, without a mail")
        self.fields["passwordless"].help_text = _("Leave this out for a security key that is only your second step.")


class RenamePasskeyForm(OurWords, webauthn.EditWebAuthnForm):
    """Another name for a passkey."""
