# SPDX-License-Identifier: Apache-2.0
"""How one wants to be told of what, and the link in every digest that ends them."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ortaq.doors.web.work.signed import person_of, signed_in
from ortaq.notices.actions import choose_channels, end_digests, person_of_token
from ortaq.notices.queries import channels_of
from ortaq.notices.sorts import CHANNELS, SORTS


@dataclass(frozen=True, slots=True)
class Asked:
    """One sort with the channels to choose from: (channel, label, is chosen)."""

    sort: str
    label: str
    channels: list[tuple[str, str, bool]]


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if request.method == "POST":
        choose_channels(person, {sort: request.POST.get(sort, "") for sort in SORTS})
        messages.success(request, _("Your choice is kept."))
        return HttpResponseRedirect(reverse("notices-choose"))
    context = {"asked": _asked(channels_of(person)), "email": person.email, "hour": settings.DIGEST_HOUR}
    return render(request, "web/work/choose.html", context)


def _asked(present: dict[str, str]) -> list[Asked]:
    return [
        Asked(sort, _(label), [(channel, _(words), channel == present[sort]) for channel, words in CHANNELS.items()])
        for sort, label in SORTS.items()
    ]


@never_cache
@csrf_exempt  # programs of mail send it too, without a session (RFC 8058); the token says who may, and this is all that it opens
@require_http_methods(["GET", "HEAD", "POST"])
def no_mail(request: HttpRequest, token: str) -> HttpResponse:
    """End the digests of who holds the link; a GET only asks, since programs follow links on their own. Raises LinkUnknown."""
    person = person_of_token(token)
    if request.method == "POST":
        end_digests(person)
    return render(request, "web/work/no_mail.html", {"is_done": request.method == "POST"})
