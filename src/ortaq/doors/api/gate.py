# SPDX-License-Identifier: Apache-2.0
"""What every request to the API passes, in this order: who asks, how often, what for, in which form; then the answer, or a problem."""

import logging
from collections.abc import Callable, Mapping
from typing import Final

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from ortaq.core.errors import OrtaqError
from ortaq.doors.api import bodies, limits, versions
from ortaq.doors.api.caller import Caller, caller_of, check_is_meant, check_may
from ortaq.doors.api.errors import (
    AddressUnknown,
    CredentialsMissing,
    FormNotOffered,
    MethodRefused,
    RequestMalformed,
    ServerFault,
    TokenRefused,
    Unavailable,
)
from ortaq.doors.api.operations import Call, Operation
from ortaq.doors.api.parameters import read_parameters
from ortaq.doors.api.problems import problem
from ortaq.people.errors import TokenExpired, TokenUnknown
from ortaq.people.rates import Taken

log = logging.getLogger("ortaq.api")
_WAIT_SECONDS: Final = 5
View = Callable[..., HttpResponse]


def view_of(operations: Mapping[str, Operation]) -> View:
    """Return the view of one address; operations: method → what it does."""

    @csrf_exempt
    def view(request: HttpRequest, **path: str) -> HttpResponse:
        return _answered(request, operations, path)

    return view


@csrf_exempt
def nothing_here(request: HttpRequest, **path: str) -> HttpResponse:
    """Answer for an address of the API that there is not."""
    return _answered(request, {}, path)


def _answered(request: HttpRequest, operations: Mapping[str, Operation], path: Mapping[str, str]) -> HttpResponse:
    """The answer of the operation, or the problem that stands in its way: never a page, never a traceback."""
    operation = operations.get("GET" if request.method == "HEAD" else request.method or "")
    counted: list[Taken] = []
    try:
        response = _passed(request, operations, operation, path, counted)
    except OrtaqError as error:
        at = operation.body_at if operation else ""
        response = refused(error, body_at=at, allowed=_allowed(operations))
    except SuspiciousOperation as error:
        response = problem(RequestMalformed(reason=str(error)))
    except OperationalError as error:
        log.error("%s %s: %s", request.method, request.path, error)
        response = refused(Unavailable(wait=_WAIT_SECONDS))
    except Exception:  # the last door: whoever asks gets a problem, whoever keeps the node the traceback
        log.exception("%s %s", request.method, request.path)
        response = problem(ServerFault())
    return _finished(request, response, operation, counted)


def _passed(
    request: HttpRequest,
    operations: Mapping[str, Operation],
    operation: Operation | None,
    path: Mapping[str, str],
    counted: list[Taken],
) -> HttpResponse:
    caller = _counted_caller(request, counted)
    if not operations:
        raise AddressUnknown(path=request.path[:200])
    if operation is None:
        raise MethodRefused(path=request.path[:200], method=(request.method or "")[:20], allowed=_allowed(operations))
    check_may(caller, operation.scope, needs_person=operation.needs_person)
    _check_accept(request, operation)
    if operation.writes:
        bodies.check_form(request) if operation.body else None
        check_is_meant(request, caller)
    query = read_parameters(operation.parameters, request.GET)
    if operation.needs_version:
        versions.check_is_named(request)
    body = bodies.read_body(request) if operation.body else None
    return operation.run(Call(request, caller, path, query, body))


def _counted_caller(request: HttpRequest, counted: list[Taken]) -> Caller:
    """Return who asks and count it; whoever tries tokens that are none is counted by address, before any is looked up."""
    if "HTTP_AUTHORIZATION" in request.META:
        counted.append(limits.take_of_address(request, asks=0))
        limits.check_left(counted[-1])
    try:
        caller = caller_of(request)
    except (TokenRefused, TokenUnknown, TokenExpired):
        counted.append(limits.take_of_address(request))
        raise
    who = caller.who(request)
    counted.append(limits.take_of_actor(who) if who else limits.take_of_address(request))
    limits.check_left(counted[-1])
    return caller


def _allowed(operations: Mapping[str, Operation]) -> str:
    return ", ".join(sorted({*operations, *(["HEAD"] if "GET" in operations else [])}))


def _check_accept(request: HttpRequest, operation: Operation) -> None:
    accept = request.META.get("HTTP_ACCEPT", "")
    media_type = operation.media_type
    if accept.strip() and not request.accepts(media_type) and not request.accepts("application/json"):
        raise FormNotOffered(accept=accept[:100], offered=media_type)


def refused(error: OrtaqError, *, body_at: str = "", allowed: str = "") -> HttpResponse:
    """Return the problem with the headers that its status asks for; allowed: the methods of the address."""
    if error.status >= 500:
        log.warning("%s: %s", error.code, error)
    response = problem(error, body_at=body_at)
    if error.status == 401:
        known = "" if isinstance(error, CredentialsMissing) else ', error="invalid_token"'
        response["WWW-Authenticate"] = f'Bearer realm="ortaq"{known}'
    if error.status == 405 and allowed:
        response["Allow"] = allowed
    if error.status == 503:
        response["Retry-After"] = str(_WAIT_SECONDS)
    if etag := error.facts.get("etag"):
        response["ETag"] = str(etag)
    return response


def _finished(
    request: HttpRequest, response: HttpResponse, operation: Operation | None, counted: list[Taken]
) -> HttpResponse:
    if counted:
        limits.say(response, counted[-1])
    patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    if not response.has_header("Content-Length") and response.status_code not in (204, 304):
        response["Content-Length"] = str(len(response.content))
    if request.method == "HEAD":
        response.content = b""
    return response
