# SPDX-License-Identifier: Apache-2.0
"""Answers for programs that come again and again: 304 where nothing changed, readable from pages of other sites, the same for everyone."""

import datetime
import hashlib
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.harvest import queries
from ortaq.doors.harvest.rate import wait_of

EPOCH: Final = "1970-01-01T00:00:00Z"
View = Callable[..., HttpResponse]


class AskedTooOften(OrtaqError):
    code, status = "harvest.too-often", 429
    say = N_("Too many requests came from your address. Wait %(wait)s seconds.")


def for_programs(view: View) -> View:
    """Let *view* be asked as often as strangers may ask."""

    @wraps(view)
    def bounded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        if wait := wait_of(request):
            response = HttpResponse(
                f"{AskedTooOften(wait=wait)}\n", status=429, content_type="text/plain; charset=utf-8"
            )
            response["Retry-After"] = str(wait)
            return response
        return view(request, *args, **more)

    return bounded


def mark_of(*facts: object) -> str:
    """Return a weak ETag for an answer that follows from *facts*; the state of the list is always one."""
    text = "\0".join(map(str, (*queries.state(), *facts)))
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def answered(
    request: HttpRequest, etag: str, changed_at: str, make: Callable[[], bytes], media_type: str
) -> HttpResponse:
    """Return what *make* makes, or 304 if the one who asks has it; changed_at: RFC 3339, when it changed last.

    That something went is a change too: an instant of what is still there would not tell it.
    """
    # The list stamps a little ahead (following.py), but nothing may say that it was modified in the future.
    modified = int(min(datetime.datetime.fromisoformat(changed_at or EPOCH).timestamp(), time.time()))
    known = get_conditional_response(request, etag=etag, last_modified=modified)
    response = known if known is not None else HttpResponse(make(), content_type=media_type)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified)
    response["Cache-Control"] = "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
