# SPDX-License-Identifier: Apache-2.0
"""Who asks: somebody with a token, somebody with a session of the pages, or a stranger."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from ortaq.core.audience import STRANGER, Viewer
from ortaq.doors.api.errors import CredentialsMissing, ForgeryRefused, ScopeMissing, TokenRefused
from ortaq.people.tokens import viewer_of_token
from ortaq.people.viewers import set_viewer, viewer_of

READ, WRITE, FILES = "read", "write", "files"
SCOPES: Final = frozenset({READ, WRITE, FILES})
_LONGEST_TOKEN: Final = 200


@dataclass(frozen=True, slots=True)
class Caller:
    """scopes: what may be done; all of it by session, of a stranger only reading."""

    viewer: Viewer
    scopes: frozenset[str]
    has_token: bool = False

    @property
    def is_stranger(self) -> bool:
        return self.viewer == STRANGER

    def who(self, request: HttpRequest) -> str:
        """Return for whom the asks are counted; empty for a stranger."""
        return "" if self.is_stranger else self.viewer.actor or f"person {request.user.pk}"


def caller_of(request: HttpRequest) -> Caller:
    """Return who asks; a token goes before a session. Raises TokenRefused, TokenUnknown, TokenExpired."""
    written = request.META.get("HTTP_AUTHORIZATION")
    if written is not None:
        viewer, scopes = _of_token(written)
        set_viewer(request, viewer)
        return Caller(viewer, scopes, has_token=True)
    viewer = viewer_of(request)
    return Caller(viewer, SCOPES if viewer != STRANGER else frozenset({READ}))


def _of_token(written: str) -> tuple[Viewer, frozenset[str]]:
    scheme, _, secret = written.partition(" ")
    if scheme.lower() != "bearer" or not secret.isascii() or not 0 < len(secret) <= _LONGEST_TOKEN:  # ascii: scheme
        raise TokenRefused
    return viewer_of_token(secret)


def check_may(caller: Caller, scope: str, *, needs_person: bool) -> None:
    """Raise CredentialsMissing or ScopeMissing unless *caller* may do what needs *scope*."""
    if needs_person and caller.is_stranger and not caller.has_token:
        raise CredentialsMissing
    if scope not in caller.scopes:
        raise ScopeMissing(scope=scope)


def check_is_meant(request: HttpRequest, caller: Caller) -> None:
    """Raise ForgeryRefused for a write that another site may have made a browser send: the cookie came, its secret did not."""
    if caller.has_token:
        return
    check = _Csrf(_nothing)
    check.process_request(request)
    if check.process_view(request, _nothing, (), {}) is not None:
        raise ForgeryRefused


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class _Csrf(CsrfViewMiddleware):
    """Django's own check, which the views of the API are exempt from because most callers have no cookie."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(status=403)
