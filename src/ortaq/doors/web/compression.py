# SPDX-License-Identifier: Apache-2.0
"""Pages go out compressed. Files and streams do not: they are asked for in ranges, and most cannot be made smaller."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_TYPES = ("text/html", "application/json", "text/xml", "application/xml", "application/atom+xml")


class Compression(GZipMiddleware):
    """Django's own, which pads at random so that the length tells nothing (BREACH), for pages and small data alone.

    An answer with an ETag stays as it is: compressed it would be another representation, which If-Match does not accept.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_text = response.headers.get("Content-Type", "").partition(";")[0] in _TYPES
        if response.streaming or not is_text or response.has_header("ETag"):
            return response
        return super().process_response(request, response)
