# SPDX-License-Identifier: Apache-2.0
"""Files in, in pieces that may be cut anywhere: the tus protocol 1.0 (https://tus.io/protocols/resumable-upload).

    OPTIONS /uploads/      what is spoken here
    POST    /uploads/      begin: Upload-Length or Upload-Defer-Length, Upload-Metadata (filename, filetype); answers Location
    HEAD    /uploads/KEY   Upload-Offset: where to go on
    PATCH   /uploads/KEY   the next piece, at Upload-Offset
    DELETE  /uploads/KEY   cancel
    GET     /uploads/KEY   what it became, as JSON (not of tus)

What is refused is answered by problem details. The bytes are read from the connection as they come, and written as they come.
"""

import base64
import binascii
import io
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.api.caller import FILES, caller_of, check_is_meant, check_may
from ortaq.doors.api.gate import refused
from ortaq.doors.web.upload_notes import described
from ortaq.files import parts
from ortaq.files.actions import begin_upload, cancel_upload, receive
from ortaq.files.models import Upload
from ortaq.files.queries import upload_of
from ortaq.people.errors import SignInRequired
from ortaq.people.viewers import viewer_of
from ortaq.records.attaching import named_by_copies, named_by_copies_of

VERSION = "1.0.0"
_EXTENSIONS = "creation,creation-defer-length,creation-with-upload,expiration,termination,checksum"
_ALGORITHMS = {"sha1": "sha1", "sha256": "sha256"}
_PIECE_TYPE = "application/offset+octet-stream"
_NUMBER = re.compile(r"\d{1,18}\Z", re.ASCII)
_MOST_METADATA = 8192
View = Callable[..., HttpResponse]


class BadUploadRequest(OrtaqError):
    code, status = "upload.bad-request", 400
    say = N_("The upload cannot be understood: %(reason)s.")


class TusVersionUnknown(OrtaqError):
    code, status = "upload.version-unknown", 412
    say = N_("This node speaks version %(version)s of the tus protocol. Send the header Tus-Resumable: %(version)s.")


class PieceTypeWrong(OrtaqError):
    code, status = "upload.piece-type-wrong", 415
    say = N_("A piece of an upload has the content type application/offset+octet-stream, not '%(given)s'.")


class MethodUnknown(OrtaqError):
    code, status = "upload.method-unknown", 405
    say = N_("%(method)s means nothing at this address of an upload.")


def _tus(view: View) -> View:
    """Speak tus around *view*: its version both ways, problem details for what is refused."""

    @csrf_exempt  # whoever comes with a session is checked below
    @wraps(view)
    def answered(request: HttpRequest, **given: str) -> HttpResponse:
        method = request.headers.get("X-HTTP-Method-Override", request.method or "")
        try:
            if method not in ("GET", "OPTIONS") and request.headers.get("Tus-Resumable") != VERSION:
                raise TusVersionUnknown(version=VERSION)
            if method != "OPTIONS":
                _check_may(request)
            response = view(request, method, **given)
        except OrtaqError as error:
            response = refused(error)
            if isinstance(error, TusVersionUnknown):
                response["Tus-Version"] = VERSION
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    return answered


def _check_may(request: HttpRequest) -> None:
    """Let in whoever has a token of the scope `files`, or a session that is meant."""
    caller = caller_of(request)
    if caller.has_token:
        check_may(caller, FILES, needs_person=True)
    elif caller.viewer.actor is None:
        raise SignInRequired
    check_is_meant(request, caller)


@_tus
def uploads(request: HttpRequest, method: str) -> HttpResponse:
    """Begin an upload, or learn what is spoken here."""
    if method == "OPTIONS":
        return _spoken()
    if method != "POST":
        raise MethodUnknown(method=method)
    viewer, metadata = viewer_of(request), _metadata(request.headers.get("Upload-Metadata", ""))
    size = _length(request)
    upload = begin_upload(
        viewer,
        name=metadata.get("filename") or metadata.get("name") or "",
        said_type=metadata.get("filetype") or metadata.get("type") or "",
        size=size,
    )
    if request.content_type == _PIECE_TYPE:
        upload = _received(request, upload.key, 0)
    elif size == 0:
        upload = receive(viewer, upload.key, 0, io.BytesIO())
    response = HttpResponse(status=201)
    response["Location"] = reverse("upload", args=[upload.key])
    return _with_state(response, upload)


@_tus
def upload(request: HttpRequest, method: str, key: str) -> HttpResponse:
    """One upload of the viewer's own."""
    viewer = viewer_of(request)
    match method:
        case "HEAD":
            found = upload_of(key, viewer)
            found.received = _present(found)
            return _with_state(HttpResponse(), found, with_length=True)
        case "PATCH":
            if request.content_type != _PIECE_TYPE:
                raise PieceTypeWrong(given=request.content_type)
            offset = _number(request, "Upload-Offset")
            if offset is None:
                raise BadUploadRequest(reason="the header Upload-Offset is missing")
            return _with_state(HttpResponse(status=204), _received(request, key, offset))
        case "DELETE":
            cancel_upload(viewer, key, in_use=named_by_copies_of(viewer), kept_for=named_by_copies)
            return HttpResponse(status=204)
        case "GET":
            return HttpResponse(orjson.dumps(described(upload_of(key, viewer))), content_type="application/json")
        case "OPTIONS":
            return _spoken()
    raise MethodUnknown(method=method)


def _received(request: HttpRequest, key: str, offset: int) -> Upload:
    return receive(
        viewer_of(request),
        key,
        offset,
        _body(request),
        announced=_number(request, "Content-Length"),
        size=_number(request, "Upload-Length"),
        checksum=_checksum(request),
    )


def _body(request: HttpRequest) -> Any:
    """The bytes as they come: Django bounds them by Content-Length; a chunked body has none and ends by itself."""
    if "chunked" in request.headers.get("Transfer-Encoding", ""):
        return request.META["wsgi.input"]
    return request


def _spoken() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Tus-Version"] = VERSION
    response["Tus-Extension"] = _EXTENSIONS
    response["Tus-Max-Size"] = str(settings.MAX_FILE_BYTES)
    response["Tus-Checksum-Algorithm"] = ",".join(_ALGORITHMS)
    return response


def _with_state(response: HttpResponse, found: Upload, *, with_length: bool = False) -> HttpResponse:
    response["Upload-Offset"] = str(found.received)
    if found.expires_at:
        response["Upload-Expires"] = http_date(found.expires_at.timestamp())
    if with_length and found.bytes is not None:
        response["Upload-Length"] = str(found.bytes)
    elif with_length:
        response["Upload-Defer-Length"] = "1"
    return response


def _present(found: Upload) -> int:
    return found.received if found.is_whole else parts.size_of(found.key)


def _length(request: HttpRequest) -> int | None:
    size = _number(request, "Upload-Length")
    if size is None and request.headers.get("Upload-Defer-Length") != "1":
        raise BadUploadRequest(reason="it has neither Upload-Length nor Upload-Defer-Length: 1")
    return size


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.headers.get(name)
    if value in (None, ""):
        return None
    if not _NUMBER.match(value):
        raise BadUploadRequest(reason=f"{name} is no number of bytes")
    return int(value)


def _metadata(header: str) -> dict[str, str]:
    """Return the pairs of Upload-Metadata: `filename BASE64,filetype BASE64`."""
    found: dict[str, str] = {}
    if len(header) > _MOST_METADATA:
        raise BadUploadRequest(reason="Upload-Metadata is too long")
    for pair in filter(None, header.split(",")):
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        except (binascii.Error, ValueError) as error:
            raise BadUploadRequest(reason="Upload-Metadata is not UTF-8 in base64") from error
    return found


def _checksum(request: HttpRequest) -> tuple[str, bytes] | None:
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    if algorithm not in _ALGORITHMS:
        raise BadUploadRequest(reason=f"checksums are known by {', '.join(_ALGORITHMS)}")
    try:
        return _ALGORITHMS[algorithm], base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise BadUploadRequest(reason="Upload-Checksum is not base64") from error
