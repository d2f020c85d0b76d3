# SPDX-License-Identifier: Apache-2.0
"""Files out, whole or in ranges, to whoever may see a record that has them. Always as a download, never as a page."""

import re

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from ortaq.files.errors import FileAbsent, PictureAbsent
from ortaq.files.pictures import MEDIA_TYPE, picture_of
from ortaq.files.previews import preview_of
from ortaq.files.queries import whole_file
from ortaq.files.sniffing import UNKNOWN, is_active
from ortaq.files.store import open_file
from ortaq.people.viewers import viewer_of
from ortaq.records.queries import may_read_file, may_see_preview

_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")


@require_safe
def download(request: HttpRequest, digest: str, name: str) -> HttpResponseBase:
    """The bytes of the file *digest* under *name*; one range of them if the request asks for it."""
    if not may_read_file(digest, viewer_of(request)):
        raise FileAbsent(digest=digest)
    kept = whole_file(digest)
    etag = f'"{digest}"'
    if request.headers.get("If-None-Match") == etag:
        return _with_headers(HttpResponse(status=304), digest, name)
    wanted = _range(request, kept.bytes, etag)
    if wanted == ():
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{kept.bytes}"})
    first, last = wanted or (0, kept.bytes - 1)
    # The bytes are opened for HEAD too: a file that is gone must not seem to be there.
    pieces = open_file(digest, first, last)
    # What may run as a program goes out as bytes of no type: no browser guesses at it then.
    media_type = UNKNOWN if is_active(kept.media_type) else kept.media_type
    if request.method == "HEAD":
        pieces.close()
    response = StreamingHttpResponse(pieces, content_type=media_type)
    response["Content-Length"] = str(last - first + 1)
    if wanted:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{kept.bytes}"
    return _with_headers(response, digest, name)


@require_safe
def picture(request: HttpRequest, digest: str, size: int) -> HttpResponseBase:
    """The image file *digest* made smaller, to whoever may have the file; kept by the browser, who asks again next time."""
    if not may_read_file(digest, viewer_of(request)):
        raise FileAbsent(digest=digest)
    path = picture_of(whole_file(digest), size)
    etag = f'"{digest}-{size}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        response = FileResponse(path.open("rb"), content_type=MEDIA_TYPE)
    response["ETag"] = etag
    return _shown_inline(response)


@require_safe
def preview(request: HttpRequest, digest: str, node: str) -> HttpResponseBase:
    """What *node* has sent to show its image file *digest*, to whoever may see a record of that node that has it."""
    if not may_see_preview(digest, node, viewer_of(request)):
        raise FileAbsent(digest=digest)
    found = preview_of(digest, node)
    if found is None:
        raise PictureAbsent(digest=digest)
    return _shown_inline(FileResponse(found.path.open("rb"), content_type=MEDIA_TYPE))


def _shown_inline(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Disposition"] = "inline"
    return response


def _with_headers(response: HttpResponseBase, digest: str, name: str) -> HttpResponseBase:
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{digest}"'
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response


def _range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | tuple[()] | None:
    """Return (first, last) of the one range asked for, () if it lies outside, None if the whole is asked for."""
    match = _RANGE.match(request.headers.get("Range", ""))
    if not match or request.headers.get("If-Range", etag) != etag or match[1] == match[2] == "":
        return None
    if match[1] == "":
        length = min(int(match[2]), size)
        return (size - length, size - 1) if length else ()
    first, last = int(match[1]), min(int(match[2] or size), size - 1)
    return (first, last) if first <= last else ()
