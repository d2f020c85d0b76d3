# SPDX-License-Identifier: Apache-2.0
"""These pages are for who is signed in; the others sign in first, and come back to where they were."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from ortaq.doors.web.language_switch import safe_next
from ortaq.people.models import Person

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    @wraps(view)
    def checked(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *given, **named)
        back = safe_next(request) if request.method == "POST" else request.get_full_path()
        return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': back})}")

    return checked


def person_of(request: HttpRequest) -> Person:
    return cast("Person", request.user)
