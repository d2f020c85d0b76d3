# SPDX-License-Identifier: Apache-2.0
"""Signing in at a ministry (OpenID Connect): to come in, to show who one is once more, to link an account, or with an invitation.

It never makes a person by itself: who is not linked needs an invitation or an account.
"""

import time
from typing import Any

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.doors.web.accounts.confirming import WITHIN_SECONDS, confirmed, note_confirmed, signed_in
from ortaq.doors.web.language_switch import safe_next
from ortaq.people import openid, sign_ins
from ortaq.people.actions import link_identity, open_invitation, unlink_identity
from ortaq.people.errors import IdentityUnknown, ProviderRefused, SignInRequired
from ortaq.people.models import LinkedIdentity
from ortaq.people.queries import person_of_identity

ATTEMPT = "openid_attempt"
FOUND = "openid_found"  # who has just signed in at a ministry with an invitation open
_CLOCK_SECONDS = 120


def _way_back(request: HttpRequest, provider: openid.Provider) -> str:
    """The address to which the provider returns: from the settings if they name one, for Host is what a visitor writes."""
    path = reverse("openid-return", args=[provider.id])
    return f"{settings.ADDRESS.rstrip('/')}{path}" if settings.ADDRESS else request.build_absolute_uri(path)


def _sent(request: HttpRequest, key: str, purpose: str, *, is_fresh: bool = False, **kept: str) -> HttpResponse:
    """A page that leads on to the provider: the policy of our pages lets no form end at another host."""
    provider = openid.provider_of(key)
    address, attempt = openid.begin(provider, _way_back(request, provider), is_fresh=is_fresh)
    request.session[ATTEMPT] = {**attempt, "purpose": purpose, **kept}
    return render(request, "web/account/leaving.html", {"provider": provider, "address": address})


@never_cache
@require_POST
def begin_sign_in(request: HttpRequest, provider: str) -> HttpResponse:
    return _sent(request, provider, "sign-in", next=safe_next(request))


@never_cache
@require_POST
def begin_welcome(request: HttpRequest, secret: str, provider: str) -> HttpResponse:
    """With an invitation open: who signs in at the ministry needs no password here."""
    open_invitation(secret)
    return _sent(request, provider, "invitation", next=reverse("welcome", args=[secret]))


@require_POST
@signed_in
def begin_confirm(request: HttpRequest, provider: str) -> HttpResponse:
    return _sent(request, provider, "confirm", is_fresh=True, next=safe_next(request))


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def link(request: HttpRequest, provider: str) -> HttpResponse:
    chosen = openid.provider_of(provider)
    if request.method == "POST":
        return _sent(request, provider, "link", is_fresh=True, next=reverse("security"))
    return render(request, "web/account/link.html", {"provider": chosen})


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def unlink(request: HttpRequest, provider: str) -> HttpResponse:
    person: Any = request.user
    chosen = openid.provider_of(provider)
    if request.method == "POST":
        unlink_identity(person, provider)
        sign_ins.note_of_person("factor.removed", person, request, factor=f"openid:{provider}")
        messages.success(request, _("The link is removed."))
        return HttpResponseRedirect(reverse("security"))
    return render(request, "web/account/remove.html", {"what": "link", "name": chosen.name})


@never_cache
@require_safe
def come_back(request: HttpRequest, provider: str) -> HttpResponse:
    """Where the provider sends the browser. Nothing is believed but what `openid.finish` has checked."""
    chosen = openid.provider_of(provider)
    attempt = request.session.pop(ATTEMPT, None)
    if not isinstance(attempt, dict) or attempt.get("provider") != provider:
        raise ProviderRefused(reason="state")
    answer = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    identity = openid.finish(chosen, _way_back(request, chosen), attempt, answer)
    done = {"sign-in": _signed_in, "invitation": _invited, "confirm": _confirmed, "link": _linked}
    return done[attempt["purpose"]](request, chosen, identity, attempt)


def _signed_in(
    request: HttpRequest, provider: openid.Provider, identity: openid.Identity, attempt: dict[str, Any]
) -> HttpResponse:
    person = person_of_identity(identity.issuer, identity.subject)
    if person is None or not person.is_active:
        sign_ins.note_failure("", request, how=f"openid:{provider.id}")
        raise IdentityUnknown(provider=provider.name)
    request.session[sign_ins.METHODS] = [{"method": f"openid:{provider.id}", "at": time.time()}]
    response: HttpResponse = perform_login(request, person, redirect_url=attempt["next"])
    return response


def _invited(
    request: HttpRequest, provider: openid.Provider, identity: openid.Identity, attempt: dict[str, Any]
) -> HttpResponse:
    request.session[FOUND] = {
        "provider": provider.id, "issuer": identity.issuer, "subject": identity.subject, "name": identity.name,
        "login": identity.login, "email": identity.email, "at": time.time(),
    }  # fmt: skip
    return HttpResponseRedirect(attempt["next"])


def _confirmed(
    request: HttpRequest, provider: openid.Provider, identity: openid.Identity, attempt: dict[str, Any]
) -> HttpResponse:
    person: Any = request.user
    own = LinkedIdentity.objects.filter(person_id=person.pk, issuer=identity.issuer, subject=identity.subject)
    # max_age=0 was asked for: a provider that says since when must not say long ago
    is_old = identity.signed_in_at is not None and identity.signed_in_at < attempt["at"] - _CLOCK_SECONDS
    if not own.exists() or is_old:
        raise ProviderRefused(reason="not-confirmed")
    note_confirmed(request)
    return HttpResponseRedirect(attempt["next"])


def _linked(
    request: HttpRequest, provider: openid.Provider, identity: openid.Identity, attempt: dict[str, Any]
) -> HttpResponse:
    person: Any = request.user
    if not person.is_authenticated or time.time() - attempt["at"] > WITHIN_SECONDS:
        raise SignInRequired
    link_identity(person, provider.id, identity.issuer, identity.subject, provider_name=provider.name)
    sign_ins.note_of_person("factor.added", person, request, factor=f"openid:{provider.id}")
    messages.success(request, _("Your account is linked."))
    return HttpResponseRedirect(attempt["next"])


def found_identity(request: HttpRequest) -> dict[str, Any] | None:
    """Return who has signed in at a ministry a short while ago, with an invitation open in this browser."""
    found = request.session.get(FOUND)
    return found if isinstance(found, dict) and time.time() - found["at"] < openid.ATTEMPT_SECONDS else None
