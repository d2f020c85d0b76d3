# SPDX-License-Identifier: Apache-2.0
"""Changing the language of the pages; a plain link, so that it works everywhere."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from ortaq.people.actions import remember_language


@require_safe
def choose_language(request: HttpRequest, tag: str) -> HttpResponse:
    """Remember the language *tag* and return to the page that the reader came from."""
    if tag not in dict(settings.LANGUAGES):
        raise Http404
    response = HttpResponseRedirect(safe_next(request))
    remember_in_cookie(response, tag)
    if request.user.is_authenticated:
        remember_language(request.user, tag)
    return response


def remember_in_cookie(response: HttpResponse, tag: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        tag,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


def safe_next(request: HttpRequest) -> str:
    """Return where `next` leads if that is a page of this node, else the home page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_ours(wanted) else reverse("home")


def is_ours(address: str) -> bool:
    """Tell whether *address* is a path of this node: without a host, so that no Host header has a say in it."""
    is_plain = address.isprintable() and not address.startswith(("//", "/\\"))
    return address.startswith("/") and is_plain and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
