# SPDX-License-Identifier: Apache-2.0
"""How mail goes out: ORTAQ_EMAIL_URL as Django's settings."""

from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from ortaq.core.errors import N_, OrtaqError

_BACKENDS: Final = "django.core.mail.backends"
_NEAR = {"localhost", "127.0.0.1", "::1"}
TIMEOUT_SECONDS: Final = 30


class MailAddressUnknown(OrtaqError):
    code, status = "mail.url-unknown", 500
    say = N_(
        "ORTAQ_EMAIL_URL has the scheme '%(scheme)s'. Use console:, file:/FOLDER, smtp://USER:PASSWORD@HOST:PORT or smtps://…"
    )


def mail_settings(url: str) -> dict[str, Any]:
    """Return Django's settings for *url*.

    console:  prints the mails; file:/FOLDER keeps each in a file; smtps:// speaks TLS from the first byte;
    smtp://   demands STARTTLS, unless the server is this machine or the address ends in ?tls=no
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{_BACKENDS}.console.EmailBackend"}
    if parts.scheme == "file" and parts.path:
        return {"EMAIL_BACKEND": f"{_BACKENDS}.filebased.EmailBackend", "EMAIL_FILE_PATH": unquote(parts.path)}
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        return _smtp(url)
    raise MailAddressUnknown(scheme=parts.scheme)  # the rest may hold a password


def _smtp(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    is_tls = parts.scheme == "smtps"
    without = parts.hostname in _NEAR or parse_qs(parts.query).get("tls") == ["no"]
    return {
        "EMAIL_BACKEND": f"{_BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if is_tls else 25 if without else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_tls,
        "EMAIL_USE_TLS": not is_tls and not without,
    }


def digest_hour(text: str) -> int | None:
    """Return the hour of the day from which digests go out; None for "off"."""
    return int(text) % 24 if text.isdecimal() else None
