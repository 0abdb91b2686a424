"""A real organisation's site. Refuses to start on an unsafe value and says which."""

from django.core.exceptions import ImproperlyConfigured

from .base import *
from .base import ALLOWED_HOSTS, BASE_URL, DEBUG, DEMO, SECRET_KEY, STRIPE_DEMO


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ImproperlyConfigured(message)


_require(not DEBUG, "DEBUG must be off in production: unset it or set DEBUG=false.")
_require(not DEMO, "DEMO must be off in production: it opens shared passwords and a readable mailbox.")
_require(not STRIPE_DEMO, "STRIPE_DEMO must be off in production: it takes gifts and no money.")
_require(len(SECRET_KEY) >= 40, "SECRET_KEY must be set to at least 40 random characters.")
_require(
    bool(ALLOWED_HOSTS) and "*" not in ALLOWED_HOSTS, "ALLOWED_HOSTS must name the site's host names, without '*'."
)
_require(BASE_URL.startswith("https://"), "BASE_URL must be the site's https:// address.")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # Wagtail shows its previews in frames of our own
    "security.W021",  # to be preloaded for ever is for the owner of the domain to decide
]
