# SPDX-License-Identifier: Apache-2.0
"""What goes wrong before a door is reached: a page for who asked for one, a problem for who asked the API."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from ortaq.core.errors import OrtaqError
from ortaq.doors.api.errors import AddressUnknown, RequestMalformed, ServerFault
from ortaq.doors.api.problems import problem
from ortaq.doors.web import failures

View = Callable[..., HttpResponse]


def _by_door(page: View, error: Callable[[HttpRequest], OrtaqError]) -> View:
    def answered(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            return problem(error(request))
        return page(request, *given, **named)

    return answered


bad_request = _by_door(failures.bad_request, lambda _: RequestMalformed(reason="its head or its host is not right"))
forbidden = _by_door(failures.forbidden, lambda _: RequestMalformed(reason="it is not allowed"))
not_found = _by_door(failures.not_found, lambda request: AddressUnknown(path=request.path[:200]))
server_error = _by_door(failures.server_error, lambda _: ServerFault())
