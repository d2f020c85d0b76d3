# SPDX-License-Identifier: Apache-2.0
"""Forms are for people of the node. What somebody typed whose session had ended is kept until they have signed in again."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from ortaq.people.viewers import viewer_of

View = Callable[..., HttpResponse]
_KEPT = "typed-before-signing-in"
_KEPT_SECONDS = 3600
_MOST_CHARACTERS = 1_000_000


def signed_in(view: View) -> View:
    """Send strangers to sign in, and back to where they were; scripts keep the text themselves, this is for those without."""

    @wraps(view)
    def checked(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        if viewer_of(request).actor is not None:
            return view(request, *given, **named)
        if request.method == "POST":
            _keep(request)
        return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': request.path})}")

    return checked


def _keep(request: HttpRequest) -> None:
    pairs = [(name, text) for name, text in request.POST.items() if name != "csrfmiddlewaretoken"]
    if sum(len(name) + len(text) for name, text in pairs) <= _MOST_CHARACTERS:
        request.session[_KEPT] = {"path": request.path, "pairs": pairs}
        request.session.set_expiry(_KEPT_SECONDS)


def kept(request: HttpRequest) -> dict[str, str] | None:
    """Return what was posted to this page before signing in, once."""
    found = request.session.get(_KEPT)
    if not isinstance(found, dict) or found.get("path") != request.path:
        return None
    del request.session[_KEPT]
    request.session.set_expiry(None)
    return dict(found["pairs"])
