# SPDX-License-Identifier: Apache-2.0
"""Asking an identity provider: bounded in time and size, never redirected, only over TLS or on this machine."""

import http.client
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from ortaq.people.errors import ProviderFailed

SECONDS = 8.0
MAX_BYTES = 256 * 1024
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)


def is_fetchable(url: str) -> bool:
    """Return whether *url* may be asked: https anywhere, http on this machine alone."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def fetch_json(url: str, *, form: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> Any:
    """Return the JSON that *url* answers; form: what to post.

    raises ProviderFailed
    """
    if not is_fetchable(url):
        raise ProviderFailed(reason="not-https")
    data = urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(url, data, {"Accept": "application/json", **(headers or {})})  # noqa: S310 - checked above
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            return orjson.loads(_read(answer))
    except urllib.error.HTTPError as error:
        error.close()
        raise ProviderFailed(reason=f"status-{error.code}") from error
    except orjson.JSONDecodeError as error:
        raise ProviderFailed(reason="not-json") from error
    except (OSError, http.client.HTTPException) as error:
        raise ProviderFailed(reason="unreachable") from error


def _read(answer: http.client.HTTPResponse) -> bytes:
    """The body, unless it is long or comes drop by drop."""
    until, body = time.monotonic() + SECONDS, b""
    while chunk := answer.read1(65536):
        body += chunk
        if len(body) > MAX_BYTES or time.monotonic() > until:
            raise ProviderFailed(reason="too-long-or-slow")
    return body
