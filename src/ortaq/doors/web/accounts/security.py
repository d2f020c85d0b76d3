# SPDX-License-Identifier: Apache-2.0
"""How I sign in: password, passkeys, authenticator app, recovery codes, a ministry's sign-in."""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as codes_flows
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal import flows as totp_flows
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.internal import flows as passkey_flows
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.doors.web.accounts.adapters import FactorAdapter
from ortaq.doors.web.accounts.confirming import confirmed, signed_in
from ortaq.doors.web.accounts.forms import AppForm, PasskeyNameForm, PasswordForm
from ortaq.people import sign_ins
from ortaq.people.devices import device_of
from ortaq.people.openid import providers
from ortaq.people.sessions import end_sessions

_KINDS = Authenticator.Type


@require_safe
@signed_in
def security(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    own = list(Authenticator.objects.filter(user=person).order_by("pk"))
    identities = {one.provider: one for one in person.identities.all()}
    context = {
        "has_password": person.has_usable_password(),
        "passkeys": [one for one in own if one.type == _KINDS.WEBAUTHN],
        "app": next((one for one in own if one.type == _KINDS.TOTP), None),
        "codes_left": _codes_left(own),
        "linked": [(one, identities.get(one.id)) for one in providers()],
        "needs_name": _has_no_name(request),
    }
    return render(request, "web/account/security.html", context)


def _codes_left(own: Iterable[Authenticator]) -> int | None:
    codes = next((one for one in own if one.type == _KINDS.RECOVERY_CODES), None)
    return len(codes.wrap().get_unused_codes()) if codes else None


def _has_no_name(request: HttpRequest) -> bool:
    """Passkeys belong to a name; browsers make none for a bare address such as 127.0.0.1."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return host.startswith("[") or host.replace(".", "").isdigit()


def _changed(request: HttpRequest, action: str, said: str, **facts: Any) -> HttpResponse:
    """How one signs in has changed: write it down, end the other sessions if something was taken away, say so."""
    person: Any = request.user
    sign_ins.note_of_person(action, person, request, **facts)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("security"))


def _and_others_ended(request: HttpRequest, said: str) -> str:
    """End the other sessions; return *said* and, if there were any, how many ended."""
    person: Any = request.user
    ended = end_sessions(person, but=request.session.session_key)
    if not ended:
        return said
    others = ngettext(
        "You were signed out in %(count)s other place.", "You were signed out in %(count)s other places.", ended
    )
    return f"{said} {others % {'count': ended}}"


@sensitive_post_parameters("password", "again")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def password(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    form = PasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        person.set_password(form.cleaned_data["password"])
        person.save(update_fields=["password"])
        update_session_auth_hash(request, person)
        said = _and_others_ended(request, _("Your password is changed."))
        return _changed(request, "person.password-changed", said)
    return render(request, "web/account/password.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def add_passkey(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    form = AddWebAuthnForm(request.POST or None, user=person, initial={"name": _device_name(request)})
    name = PasskeyNameForm(request.POST or None, initial={"name": _device_name(request)})
    if request.method == "POST" and name.is_valid() and form.is_valid():
        given = {"name": name.cleaned_data["name"], "credential": form.cleaned_data["credential"]}
        _added, made_codes = passkey_flows.add_authenticator(request, **given)
        response = _changed(request, "factor.added", _("The passkey is added."), factor="passkey", name=given["name"])
        return HttpResponseRedirect(reverse("recovery-codes")) if made_codes else response
    context = {
        "form": name,
        "is_refused": bool(form.errors.get("credential")),
        "options": passkeys.begin_registration(person, passwordless=True),
        "needs_name": _has_no_name(request),
    }
    return render(request, "web/account/passkey.html", context, status=422 if form.errors or name.errors else 200)


def _device_name(request: HttpRequest) -> str:
    return device_of(request.headers.get("User-Agent", "")) or _("My device")


def _own_passkey(request: HttpRequest, number: int) -> Authenticator:
    found = Authenticator.objects.filter(user=request.user, type=_KINDS.WEBAUTHN, pk=number).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def rename_passkey(request: HttpRequest, number: int) -> HttpResponse:
    found = _own_passkey(request, number)
    form = PasskeyNameForm(request.POST or None, initial={"name": found.wrap().name})
    if request.method == "POST" and form.is_valid():
        passkey_flows.rename_authenticator(request, found, form.cleaned_data["name"])
        return HttpResponseRedirect(reverse("security"))
    context = {"form": form, "passkey": found}
    return render(request, "web/account/passkey_name.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def remove_passkey(request: HttpRequest, number: int) -> HttpResponse:
    found = _own_passkey(request, number)
    name = found.wrap().name
    if request.method == "POST":
        passkey_flows.remove_authenticator(request, found)
        said = _and_others_ended(request, _("The passkey is removed."))
        return _changed(request, "factor.removed", said, factor="passkey", name=name)
    return render(request, "web/account/remove.html", {"what": "passkey", "name": name})


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def add_app(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    if Authenticator.objects.filter(user=person, type=_KINDS.TOTP).exists():
        return HttpResponseRedirect(reverse("security"))
    form = AppForm(request.POST or None, user=person)
    if request.method == "POST" and form.is_valid():
        _added, made_codes = totp_flows.activate_totp(request, form)
        response = _changed(request, "factor.added", _("The authenticator app is set up."), factor="app")
        return HttpResponseRedirect(reverse("recovery-codes")) if made_codes else response
    context = {"form": form, "secret": _grouped(form.secret)}
    return render(request, "web/account/app.html", context, status=422 if form.errors else 200)


def _grouped(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


@require_safe
@confirmed
def app_picture(request: HttpRequest) -> HttpResponse:
    """The secret of the app that is being set up, as a picture that its camera reads."""
    secret = request.session.get(totp.SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    adapter = FactorAdapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(svg, content_type="image/svg+xml")


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def remove_app(request: HttpRequest) -> HttpResponse:
    found = Authenticator.objects.filter(user=request.user, type=_KINDS.TOTP).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        totp_flows.deactivate_totp(request, found)
        said = _and_others_ended(request, _("The authenticator app is removed."))
        return _changed(request, "factor.removed", said, factor="app")
    return render(request, "web/account/remove.html", {"what": "app"})


@require_safe
@confirmed
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes, once: whoever looks again is told how many are left."""
    codes, may_see = codes_flows.view_recovery_codes(request)
    if codes is None:
        raise Http404
    unused = codes.get_unused_codes()
    context = {"codes": unused if may_see else [], "left": len(unused), "person": request.user}
    return render(request, "web/account/codes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    if not Authenticator.objects.filter(user=person).exclude(type=_KINDS.RECOVERY_CODES).exists():
        raise Http404
    if request.method != "POST":
        return render(request, "web/account/new_codes.html")
    codes_flows.generate_recovery_codes(request)
    sign_ins.note_of_person("factor.codes-made", person, request)
    return HttpResponseRedirect(reverse("recovery-codes"))
