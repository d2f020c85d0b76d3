# SPDX-License-Identifier: Apache-2.0
"""Pages for what went wrong: what happened, and what to do. No traceback ever reaches a reader."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ortaq.core.errors import OrtaqError

log = logging.getLogger("ortaq.web")


class Failures:
    """Middleware that answers an OrtaqError, or an address that nothing can have, with a page; the API's addresses do it themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        # No name here has it, and PostgreSQL refuses to be asked for one.
        if "\x00" in request.path and not request.path.startswith("/api/"):
            return not_found(request, ValueError("NUL in the address"))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OrtaqError) or request.path.startswith("/api/"):
            return None
        if exception.status >= 500:
            log.error("%s %s: %s", request.method, request.path, exception)
        sentence = _(exception.say) % exception.facts
        return failure(request, exception.status, sentence, code=exception.code)


def failure(request: HttpRequest, status: int, sentence: str, *, code: str = "") -> HttpResponse:
    """Return the page for *status*: its heading, then *sentence*, which says what to do."""
    context = {"status": status, "heading": _heading(status), "sentence": sentence, "code": code}
    return render(request, "web/failure.html", context, status=status)


def _heading(status: int) -> str:
    headings = {
        400: _("This address is not right"),
        403: _("You may not do that"),
        404: _("Nothing is here"),
        409: _("Somebody was faster"),
        410: _("No longer here"),
        413: _("This is too large"),
        422: _("This cannot be accepted"),
        429: _("Wait a little"),
        503: _("One moment"),
    }
    return headings.get(status, _("Something went wrong on our side"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failure(request, 400, _("Your browser sent something that cannot be read. Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failure(request, 403, _("Only people of this node may do that. Sign in first."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failure(request, 404, _("There is no such page. Check the address, or search for what you need."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = _("The form was open too long, or cookies are switched off. Go back, reload the page and send it again.")
    return failure(request, 403, sentence, code="web.csrf")


def server_error(request: HttpRequest) -> HttpResponse:
    """The page must come even if the database does not."""
    sentence = _(
        "The fault has been noted. Try again in a moment; if it stays, tell the administrator of this node when it happened."
    )
    try:
        return failure(request, 500, sentence)
    except (DatabaseError, OrtaqError):
        return HttpResponseServerError(render_to_string("web/failure_plain.html", {"sentence": sentence}))
