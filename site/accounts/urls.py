"""Where people sign in and look after their sign-in: below /account/, in plain words.

The names are allauth's, because its views look each other up by them.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as sessions
from django.urls import path

from accounts import views

urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="account_login"),
    path("sign-in/", views.SignInView.as_view(), name="account_request_login_code"),
    path("sign-in/password/", views.PasswordSignInView.as_view(), name="account_password_login"),
    path("sign-in/link/<str:token>/", views.SignInLinkView.as_view(), name="account_sign_in_link"),
    path("sign-in/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/second-step/", mfa.authenticate, name="mfa_authenticate"),
    path("code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-up/", account.signup, name="account_signup"),
    path("sign-up/code/", account.email_verification_sent, name="account_email_verification_sent"),
    path("closed/", account.account_inactive, name="account_inactive"),
    path("email/", account.email, name="account_email"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/forgotten/", account.password_reset, name="account_reset_password"),
    path("password/forgotten/code/", account.confirm_password_reset_code, name="account_confirm_password_reset_code"),
    path("password/forgotten/new/", account.complete_password_reset, name="account_complete_password_reset"),
    path("password/forgotten/done/", account.password_reset_from_key_done, name="account_password_reset_completed"),
    path("security/", mfa.index, name="mfa_index"),
    path("security/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("security/confirm/second-step/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("security/confirm/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("security/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("security/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("security/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "security/recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("security/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("security/passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("security/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("sessions/", sessions.list_usersessions, name="usersessions_list"),
]
