# SPDX-License-Identifier: Apache-2.0
"""Who is at the keyboard: pages for signed-in people, and those that ask once more who it is before they change anything."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

WITHIN_SECONDS = 15 * 60
_CONFIRMED = "confirmed_at"

View = Callable[..., HttpResponseBase]


def note_confirmed(request: HttpRequest) -> None:
    """Remember that the person has just shown who they are."""
    request.session[_CONFIRMED] = time.time()


def is_confirmed(request: HttpRequest) -> bool:
    at = request.session.get(_CONFIRMED)
    return isinstance(at, float) and 0 <= time.time() - at < WITHIN_SECONDS


def signed_in(view: View) -> View:
    """Let only people in; whoever is not signed in does so and comes back. Nothing of these pages is kept by a browser."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _detour(request, "sign-in")
        return view(request, *args, **more)

    return guarded


def confirmed(view: View) -> View:
    """The same, and ask who it is unless that was shown a short while ago: a browser left open gives nothing away."""

    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        if not is_confirmed(request):
            return _detour(request, "confirm")
        return view(request, *args, **more)

    return guarded


def _detour(request: HttpRequest, name: str) -> HttpResponseBase:
    # What was posted is not kept meanwhile: it may hold a password. The page that it came from has the same address.
    here = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': here})}")
