# SPDX-License-Identifier: Apache-2.0
"""Light or dark: a person's choice, kept in a cookie, so that the page comes in the right colours at once and without a script."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from ortaq.doors.web.language_switch import safe_next

COOKIE = "look"
KEPT_SECONDS = 365 * 24 * 3600
LOOKS = {
    "system": gettext_lazy("As my device"),
    "light": pgettext_lazy("colours of the page", "Light"),
    "dark": pgettext_lazy("colours of the page", "Dark"),
}
# Where the dark sheet holds; paper is always light.
_DARK_MEDIA = {"system": "screen and (prefers-color-scheme: dark)", "light": "", "dark": "screen"}


def look_of(request: HttpRequest) -> str:
    """Return what the reader chose; `system` if nothing, or nothing that is known."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in LOOKS else "system"


def dark_media(look: str) -> str:
    """Return the media for which the dark sheet is linked; empty: not at all."""
    return _DARK_MEDIA[look]


@require_safe
def choose_look(request: HttpRequest, look: str) -> HttpResponse:
    """Remember the choice and return to the page that the reader came from."""
    if look not in LOOKS:
        raise Http404
    response = HttpResponseRedirect(safe_next(request))
    if look == "system":
        response.delete_cookie(COOKIE, samesite="Lax")
        return response
    response.set_cookie(
        COOKIE, look, max_age=KEPT_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
    )
    return response
