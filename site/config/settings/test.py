"""The test suite: like production in behaviour, quick where speed costs no truth."""

import os

from .base import *
from .base import VAR_DIR

DEBUG = False
SECRET_KEY = "tests-only"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
VAR_DIR.mkdir(exist_ok=True)
# Brings the `flush` that puts back what migrations made.
INSTALLED_APPS = ["tests.harness", *INSTALLED_APPS]

# A file, so that `--reuse-db` saves the migrations and threads see one database.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    # A thread that ends must leave no connection behind: the database is dropped after the run.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Online giving is off; tests of it play Stripe by a fixture.
STRIPE_SECRET_KEY = STRIPE_WEBHOOK_SECRET = STRIPE_API_BASE = ""
STRIPE_DEMO = False
SECOND_FACTOR_REQUIRED = False  # tests of the second factor switch it on
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Each test process stores in a folder of its own, taken away at the end.
TEST_FILES = VAR_DIR / "test" / f"files-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
MEDIA_ROOT = str(TEST_FILES / "media")
PRIVATE_ROOT = str(TEST_FILES / "private")
STORAGES = {
    **STORAGES,
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Files are served from where they are written; whitenoise wants the folder of collected ones to exist all the same. It
# looks for a file when one is asked for: to list them all took a fiftieth of a second of every test with a client.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
(VAR_DIR / "static").mkdir(parents=True, exist_ok=True)
WHITENOISE_MAX_AGE = 3600  # a browser keeps what it has, as it does in production by their names
