# SPDX-License-Identifier: Apache-2.0
"""Settings. Every one is an environment variable ORTAQ_… with a default; docs/reference/settings.md lists them."""

import datetime
import os
import re
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from ortaq.nodes.outward.reach import networks_in
from ortaq.site.mailing import TIMEOUT_SECONDS, digest_hour, mail_settings

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("ORTAQ_HOME", "ortaq-data")).resolve()


def _database(url: str) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "node.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 60,
                # FULL: a change that was announced to partners must not vanish with the power, or the log would fork.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=8000;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _secret_key() -> str:
    """The key in the environment, else one kept in the data folder; a passing one where there is no folder yet."""
    if key := os.environ.get("ORTAQ_SECRET_KEY"):
        return key
    kept = HOME / "keys" / "web-secret"
    return kept.read_text("ascii") if kept.exists() else secrets.token_urlsafe(48)


DATABASES = {"default": _database(os.environ.get("ORTAQ_DATABASE_URL", ""))}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # what the worker processes must know of each other, such as wrong passwords
    "shared": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": HOME / "cache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ORTAQ_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ORTAQ_ORIGINS", "").split(",") if origin]
_IS_HTTPS = os.environ.get("ORTAQ_HTTPS", "no") == "yes"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "ortaq.people",
    "ortaq.nodes",
    "ortaq.files",
    "ortaq.records",
    "ortaq.notices",
    "ortaq.heritage",
    "ortaq.opinions",
    "ortaq.roadmap",
    "ortaq.doors.web",
    "ortaq.doors.api",
    "ortaq.doors.harvest",
    "ortaq.doors.mail",
    "ortaq.site",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "ortaq.doors.web.headers.Headers",
    "ortaq.doors.web.assets.AssetsMiddleware",
    "ortaq.doors.web.compression.Compression",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ortaq.people.sessions.Seen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ortaq.doors.web.failures.Failures",
]

ROOT_URLCONF = "ortaq.site.urls"
WSGI_APPLICATION = "ortaq.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ortaq.doors.web.context.page",
            ],
        },
    },
]

AUTH_USER_MODEL = "people.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
CSRF_FAILURE_VIEW = "ortaq.doors.web.failures.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = os.environ.get("ORTAQ_LANGUAGE", "en")
LANGUAGES = [("en", "English"), ("az", "Azərbaycanca"), ("kk", "Қазақша"), ("ru", "Русский")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("ORTAQ_TIME_ZONE", "UTC")

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"  # collected by `ortaq serve`; may be deleted
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "ortaq.doors.web.assets.Assets"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

# How one signs in: docs/decisions/0014. No page of allauth has an address here but those that doors/web/accounts gives it.
ACCOUNT_ADAPTER = "ortaq.doors.web.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # people/throttle.py counts, in one place for all worker processes
MFA_ADAPTER = "ortaq.doors.web.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1


def _openid_providers() -> dict[str, dict[str, str]]:
    """ORTAQ_OIDC_<KEY>_ISSUER, _CLIENT_ID, _CLIENT_SECRET and _NAME, for any number of keys."""
    found = {}
    for variable, issuer in sorted(os.environ.items()):
        if match := re.fullmatch(re.escape("ORTAQ_OIDC_") + "([A-Z0-9]{1,30})_ISSUER", variable):
            prefix = variable.removesuffix("_ISSUER")
            found[match[1].lower()] = {  # ascii: the name of a variable
                "name": os.environ.get(f"{prefix}_NAME", urlsplit(issuer).hostname or issuer),
                "issuer": issuer,
                "client_id": os.environ.get(f"{prefix}_CLIENT_ID", ""),
                "client_secret": os.environ.get(f"{prefix}_CLIENT_SECRET", ""),
            }
    return found


OPENID_PROVIDERS = _openid_providers()
ADDRESS = os.environ.get("ORTAQ_ADDRESS", "").rstrip("/")
PROXIES = int(os.environ.get("ORTAQ_PROXIES", "0"))
REACHABLE = networks_in(os.environ.get("ORTAQ_REACHABLE", ""))

PASSWORD_RESET_TIMEOUT = 24 * 3600  # of a link by which one comes in again
SESSION_ENGINE = "ortaq.people.sessions"
SESSION_IDLE = datetime.timedelta(hours=int(os.environ.get("ORTAQ_SESSION_IDLE_HOURS", "336")))
SESSION_LIFETIME = datetime.timedelta(days=int(os.environ.get("ORTAQ_SESSION_DAYS", "90")))
SESSION_COOKIE_AGE = int(SESSION_LIFETIME.total_seconds())
# A browser takes a __Host- cookie over HTTPS alone, and from this host alone: no neighbour under the same domain sets it.
# It does not look at the port: nodes on one machine, such as those of `ortaq demo`, would take each other's.
_AT_PORT = f"-{urlsplit(ADDRESS).port}" if urlsplit(ADDRESS).port else ""
SESSION_COOKIE_NAME = ("__Host-session" if _IS_HTTPS else "sessionid") + _AT_PORT
CSRF_COOKIE_NAME = ("__Host-csrf" if _IS_HTTPS else "csrftoken") + _AT_PORT
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if _IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _IS_HTTPS  # preload says only that a list may take the name
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _IS_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # the form of a record with hundreds of names and links
FILE_UPLOAD_HANDLERS = ["ortaq.doors.web.no_files.NoFiles"]
MAX_FILE_BYTES = int(os.environ.get("ORTAQ_MAX_FILE_BYTES", 512 * 1024 * 1024))
MAX_IMAGE_PIXELS = int(os.environ.get("ORTAQ_MAX_IMAGE_PIXELS", 500_000_000))
QUOTA_BYTES = int(os.environ.get("ORTAQ_QUOTA_BYTES", 0))
DISK_FLOOR_BYTES = int(os.environ.get("ORTAQ_DISK_FLOOR_BYTES", 1024**3))
IMPORT_BYTES = int(os.environ.get("ORTAQ_IMPORT_BYTES", 1024**3))
IMPORT_REPORT_DAYS = int(os.environ.get("ORTAQ_IMPORT_REPORT_DAYS", 30))
UPLOAD_DAYS = int(os.environ.get("ORTAQ_UPLOAD_DAYS", 7))
DERIVED_BYTES = int(os.environ.get("ORTAQ_DERIVED_BYTES", 2 * 1024**3))
TILE_CACHE_BYTES = int(os.environ.get("ORTAQ_TILE_CACHE_BYTES", 64 * 1024**2))

FIXITY_DAYS = int(os.environ.get("ORTAQ_FIXITY_DAYS", 30))
FIXITY_BYTES = int(os.environ.get("ORTAQ_FIXITY_BYTES", 20 * 1024**2))  # a second
HEAL_FROM = [Path(folder) for folder in os.environ.get("ORTAQ_HEAL_FROM", "").split(os.pathsep) if folder]

# requests a minute; 0 sets no limit
API_RATE = int(os.environ.get("ORTAQ_API_RATE", "6000"))
API_STRANGER_RATE = int(os.environ.get("ORTAQ_API_STRANGER_RATE", "3000"))
HARVEST_PAGE = int(os.environ.get("ORTAQ_HARVEST_PAGE", "100"))  # records
CONTACT = os.environ.get("ORTAQ_CONTACT", "")
for _name, _value in mail_settings(os.environ.get("ORTAQ_EMAIL_URL", "console:")).items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = os.environ.get("ORTAQ_EMAIL_FROM", "ortaq@localhost")
EMAIL_TIMEOUT = TIMEOUT_SECONDS
DIGEST_HOUR = digest_hour(os.environ.get("ORTAQ_DIGEST_HOUR", "7"))

PARTNER_CHANGES = int(os.environ.get("ORTAQ_PARTNER_CHANGES", 2_000_000))
NODE_NAME = os.environ.get("ORTAQ_NAME", "Ortaq")
# "az=Bakı qovşağı;en=Node of Baku"
NODE_NAMES = dict(part.split("=", 1) for part in os.environ.get("ORTAQ_NAMES", "").split(";") if "=" in part)
NODE_COUNTRIES = [code for code in os.environ.get("ORTAQ_COUNTRIES", "").split(",") if code]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"masked": {"()": "ortaq.site.masking.Masked"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["masked"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("ORTAQ_LOG", "WARNING")},
    "loggers": {"httpcore": {"level": "INFO"}},  # in DEBUG it writes down the headers of requests
}

WORKERS = int(os.environ.get("ORTAQ_WORKERS", "0")) or min(4, os.cpu_count() or 1)
