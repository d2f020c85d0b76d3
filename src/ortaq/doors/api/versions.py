# SPDX-License-Identifier: Apache-2.0
"""Which version of a record somebody has read: ETag, If-Match and If-None-Match (RFC 9110)."""

import re
from typing import Final

from django.http import HttpRequest, HttpResponse

from ortaq.doors.api.errors import VersionNotNamed, VersionStale
from ortaq.records.models import Record

# version and digest of the body: an answer about a record differs with nothing else
_TAG: Final = re.compile(r'\s*(W/)?"([^"\x00-\x20\x7f]*)"\s*(?:,|\Z)')


def etag_of(record: Record) -> str:
    return f'"{record.version}.{record.change.digest or "withdrawn"}"'


def check_is_named(request: HttpRequest) -> None:
    """Raise VersionNotNamed for a write that says nothing about what it was written upon."""
    if not request.META.get("HTTP_IF_MATCH", "").strip():
        raise VersionNotNamed


def expected_version(request: HttpRequest, record: Record) -> int:
    """Return the version that the request was written upon; raises VersionStale unless it is the present one."""
    named = request.META["HTTP_IF_MATCH"].strip()
    etag = etag_of(record)
    # RFC 9110, 13.1.1: strong comparison, so a weak tag never fits
    if named != "*" and etag not in [f'"{tag}"' for weak, tag in _TAG.findall(named) if not weak]:
        raise stale(record)
    return record.version


def stale(record: Record) -> VersionStale:
    return VersionStale(uri=record.uri, present=record.version, etag=etag_of(record))


def not_modified(request: HttpRequest, etag: str) -> HttpResponse | None:
    """Return the answer without content if the reader has this version already."""
    named = request.META.get("HTTP_IF_NONE_MATCH", "").strip()
    if named != "*" and etag not in [f'"{tag}"' for _weak, tag in _TAG.findall(named)]:
        return None
    response = HttpResponse(status=304, headers={"ETag": etag})
    del response["Content-Type"]
    return response
