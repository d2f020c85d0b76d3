# SPDX-License-Identifier: Apache-2.0
"""Signing in with a passkey, and the second step after a password."""

from typing import Any

from allauth.account.models import Login
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth, flows
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ortaq.doors.web.accounts.forms import SecondStepForm
from ortaq.doors.web.language_switch import safe_next
from ortaq.people import sign_ins, throttle
from ortaq.people.devices import address_of, throttled_network


class SecondStep(AuthenticateView):
    """A code of the app, a recovery code or a passkey, after the password was right."""

    template_name = "web/account/second_step.html"
    form_class = SecondStepForm
    webauthn_form_class = AuthenticateWebAuthnForm

    def form_invalid(self, form: Any) -> HttpResponse:
        person = self.stage.login.user
        sign_ins.note_of_person("person.second-step-failed", person, self.request)
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        kinds = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        options = context.pop("js_data")["request_options"]
        return {
            **context,
            "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
            "has_app": Authenticator.Type.TOTP in kinds,
            "options": options,
        }


second_step = never_cache(SecondStep.as_view())


@never_cache
@require_http_methods(["GET", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """GET: what a browser needs to ask for a passkey. POST: its answer."""
    if request.method == "GET":
        return JsonResponse(auth.begin_authentication(None))
    throttle.take(throttle.ADDRESS, throttled_network(address_of(request)))
    form = LoginWebAuthnForm(data=request.POST)
    if not form.is_valid():
        sign_ins.note_failure("", request, how="passkey")
        return _refused(request)
    throttle.give_back(throttle.ADDRESS, throttled_network(address_of(request)))
    authenticator = form.cleaned_data["credential"]
    login = Login(user=authenticator.user, redirect_url=safe_next(request))
    if not authenticator.user.is_active:
        return _refused(request)
    response: HttpResponse = flows.perform_passwordless_login(request, authenticator, login)
    return response


def _refused(request: HttpRequest) -> HttpResponse:
    context = {
        "heading": _("This passkey is not known here"),
        "sentence": _("It may have been removed. Sign in with your password, then look under Account, Security."),
        "next": safe_next(request),
    }
    return render(request, "web/account/passkey_refused.html", context, status=422)
