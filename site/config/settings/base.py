"""What every installation shares; operators change it by environment variables (docs/reference/settings.md)."""

from pathlib import Path
from zoneinfo import available_timezones

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE

BASE_DIR = Path(__file__).resolve().parents[3]
# Everything the running site writes by default; kept out of the code and out of version control.
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
# The demo: shared passwords, readable mailbox, no forced second factor. Only ever on loopback.
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []

DOMAIN_APPS = [
    # Upper rooms first, so that their templates and commands win over those below.
    "office",
    "portal",
    "website",
    "communications",
    "volunteers",
    "memberships",
    "donations",
    "constituents",
    "accounts",
    "core",
]
INSTALLED_APPS = [
    *DOMAIN_APPS,
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.contrib.routable_page",
    "wagtail.embeds",
    "wagtail.sites",
    "accounts.apps.WorkspaceUsersConfig",  # wagtail.users, with our forms
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tables2",
    "django_filters",
    "import_export",
    "django_countries",
    "phonenumber_field",
    "django_htmx",
    "csp",
    "anymail",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.security.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.clock.middleware.LocalTimeMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "core.once.keeping.KeepWhatWasTyped",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Django's "TemplatesSetting", without a template for plain inputs.
FORM_RENDERER = "core.drawing.QuickRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "wagtail.contrib.settings.context_processors.settings",
                "core.organisation.context.organisation",
            ],
        },
    }
]

# --- Database -------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'steward.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Without these SQLite answers "database is locked" as soon as two people save at once.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # recursive_triggers: the protecting triggers see the delete inside INSERT OR REPLACE too.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a query took 0.2 s to 0.4 s of each second that a segment of ten conditions needs, and saved none.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")

# Sign-in throttles live in the cache: it must be one cache for all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        # At the default of 300 an attacker could push his own counter out of the cache.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Time and language ----------------------------------------------------------------------------------------------

USE_TZ = True
# Instants are stored in UTC; the organisation's own zone (core.organisation) decides local dates.
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("de", "Deutsch")]
USE_I18N = True
# Dates are written by core.theme.figures; this is for what Django and Wagtail write by themselves.
FORMAT_MODULE_PATH = ["core.formats"]
# What the public pages are translated to; visitors choose among these (site/locale, docs/reference/giving-page.md).
PUBLIC_LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "site" / "locale"]

# --- Files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "site" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = str(env.path("MEDIA_ROOT", default=VAR_DIR / "media"))
# Receipts, letters and people's documents: never below a public address, always served through a permission check.
PRIVATE_ROOT = str(env.path("PRIVATE_ROOT", default=VAR_DIR / "private"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Mail and jobs --------------------------------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Steward <steward@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20  # seconds; a hanging mail server must not hold a page or a worker
if DEMO:
    # Kept in the database and read at /demo/mailbox/; nothing leaves this machine.
    EMAIL_BACKEND = "core.mail.backends.RecordingBackend"

# Mail that is sent, copied or forwarded to us is read from here every few minutes (docs/reference/settings.md).
MAILBOX_URL = env.str("MAILBOX_URL", default="")

# --- Online giving --------------------------------------------------------------------------------------------------

# Keys come from the environment alone. A restricted key (rk_...) is enough (docs/reference/online-giving.md).
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="")
# Another place than Stripe's own to speak to: a double on loopback.
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="").rstrip("/")
# The host name of your own under which Stripe shows its pages, if any (Stripe: Settings, Custom domains).
STRIPE_CUSTOM_DOMAIN = env.str("STRIPE_CUSTOM_DOMAIN", default="")
# Without a key: a whole Stripe played in this very process, and no real money. Only where DEBUG is on.
STRIPE_DEMO = env.bool("STRIPE_DEMO", default=False)
# How many donors of one process may wait for Stripe at once; the next one is asked to try again.
STRIPE_WAITING_AT_ONCE = env.int("STRIPE_WAITING_AT_ONCE", default=8)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# --- Sign-in --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/account/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "accounts.forms.SignInForm",
    "login": "accounts.forms.PasswordSignInForm",
    "signup": "accounts.forms.SignUpForm",
    "confirm_login_code": "accounts.forms.SignInCodeForm",
    "confirm_email_verification_code": "accounts.forms.AddressCodeForm",
    "confirm_password_reset_code": "accounts.forms.PasswordCodeForm",
    "add_email": "accounts.forms.NewAddressForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "reauthenticate": "accounts.forms.ConfirmPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# The optional password is listed because allauth otherwise takes it off the sign-in form; our sign-up form has none.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_CHANGE_EMAIL = True  # one account, one address
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# Mail can take a while on its way; three attempts at eight digits make guessing hopeless in that time.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}  # digits: a phone shows its number keys
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/m/key,20/h/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "verify_card": "60/m/ip",
}
# How many proxies of ours stand before this process; throttles count by the address the outermost one saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondStepForm",
    "reauthenticate": "accounts.forms.ConfirmSecondStepForm",
    "activate_totp": "accounts.forms.AddAppForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # clocks of phones differ
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = BASE_URL.startswith("http://")  # loopback only: production refuses http://
# Whoever sees giving must have a second factor (accounts.middleware). The demo's shared sign-ins cannot.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEMO)

# --- Wagtail --------------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Steward"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = "/account/sign-in/"
# Passwords and addresses are looked after on the account pages, which throttle and verify; nobody sets another's.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
# Nothing Steward does calls an outside host.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# Not "localtime" and the like, which this machine's list also holds and browsers refuse.
WAGTAIL_USER_TIME_ZONES = ["UTC", *sorted(zone for zone in available_timezones() if "/" in zone)]
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "jpg", "ods", "odt", "pdf", "png", "pptx", "txt", "webp", "xlsx"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024

# --- Security -------------------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.once.keeping.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}
# Added below /admin/ (core.security): Wagtail's choosers, date fields and inline panels start themselves by scripts in
# the page that differ from record to record, so neither hashes nor nonces (forms also arrive by fetch) can name them.
# Event handlers in attributes, which is where injected markup usually hides, stay forbidden.
WORKSPACE_POLICY = {
    "img-src": ["blob:"],
    "script-src-elem": [SELF, UNSAFE_INLINE],
    "script-src-attr": [NONE],
    "style-src": [UNSAFE_INLINE],
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# --- Tables ---------------------------------------------------------------------------------------------------------

DJANGO_TABLES2_TEMPLATE = "tables/table.html"
PHONENUMBER_DB_FORMAT = "E164"

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Below that the SDK writes down whole requests and answers, with donors' addresses and secrets of payments.
    "loggers": {"stripe": {"level": "INFO" if LOG_LEVEL == "DEBUG" else LOG_LEVEL}},
}
