# SPDX-License-Identifier: Apache-2.0
"""The page that asks once more who it is: by password, code, passkey or the ministry's sign-in, whatever the person has."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ortaq.doors.web.accounts.confirming import note_confirmed, signed_in
from ortaq.doors.web.accounts.forms import ConfirmCodeForm, ConfirmPasswordForm
from ortaq.doors.web.language_switch import safe_next
from ortaq.people import sign_ins, throttle
from ortaq.people.models import Person
from ortaq.people.openid import providers


@sensitive_post_parameters("password", "code", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def confirm(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    forms_ = _forms(person, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        chosen = forms_.get(request.POST.get("how", ""))
        if chosen is not None and _is_right(person, chosen):
            note_confirmed(request)
            return HttpResponseRedirect(safe_next(request))
        sign_ins.note_of_person("person.confirm-failed", person, request)
    context = {
        "forms": forms_,
        "next": safe_next(request),
        "options": auth.begin_authentication(person) if "passkey" in forms_ else None,
        "linked": _linked(person),
    }
    return render(request, "web/account/confirm.html", context, status=422 if request.method == "POST" else 200)


def _forms(person: Person, posted: Any) -> dict[str, forms.Form]:
    """One form for each way that this person has; the one that was used is bound."""
    how = posted.get("how") if posted else ""
    kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    found: dict[str, forms.Form] = {}
    if person.has_usable_password():
        found["password"] = ConfirmPasswordForm(posted if how == "password" else None)
    if kinds & {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}:
        found["code"] = ConfirmCodeForm(posted if how == "code" else None, user=person)
    if Authenticator.Type.WEBAUTHN in kinds:
        found["passkey"] = ReauthenticateWebAuthnForm(posted if how == "passkey" else None, user=person)
    return found


def _is_right(person: Person, form: forms.Form) -> bool:
    if not form.is_valid():
        return False
    if isinstance(form, ConfirmPasswordForm):
        throttle.take(throttle.CODE, str(person.pk))
        if not person.check_password(form.cleaned_data["password"]):
            form.add_error("password", _("This is not your password. Try again, mind the keyboard layout."))
            return False
        throttle.forget(throttle.CODE, str(person.pk))
    return True


def _linked(person: Person) -> list[Any]:
    own = set(person.identities.values_list("provider", flat=True))
    return [one for one in providers() if one.id in own]
