"""How the second factor is set up here: secrets encrypted at rest, passkeys named after the organisation."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from io import BytesIO

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from core.organisation import current_organisation


@cache
def _cipher(*secrets: str) -> MultiFernet:
    # The first encrypts, all decrypt: SECRET_KEY can be changed with the old one in SECRET_KEY_FALLBACKS.
    keys = (hashlib.sha256(b"accounts.second_factor" + secret.encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


class SecondFactorAdapter(DefaultMFAAdapter):
    """Steward's answers to allauth.mfa's questions."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This is not the code your app shows now. Wait for the next one and try again."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt a secret before it is stored: a copy of the database must not make codes."""
        return _cipher(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Undo `encrypt`."""
        return _cipher(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Draw the picture an app reads, on white: black on a dark page could not be read."""
        picture = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(picture)
        return picture.getvalue().decode()

    def get_totp_issuer(self) -> str:
        """Return the name under which authenticator apps list the account."""
        return current_organisation().name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return under which name and host passkeys are kept."""
        return super().get_public_key_credential_rp_entity() | {"name": current_organisation().name}
