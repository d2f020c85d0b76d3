# SPDX-License-Identifier: Apache-2.0
"""Signing in by password, and out. Passkeys, the second step and the sign-in of ministries are in accounts/."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django import forms
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ortaq.doors.web.accounts.forms import LOGIN_WIDGET, REQUIRED, present_password
from ortaq.doors.web.language_switch import safe_next
from ortaq.people import throttle
from ortaq.people.devices import address_of, throttled_network
from ortaq.people.openid import providers


class SignInForm(forms.Form):
    login = forms.CharField(label=_("Login"), max_length=150, widget=LOGIN_WIDGET, error_messages=REQUIRED)
    password = present_password(_("Password"))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    next_address = safe_next(request)
    if request.user.is_authenticated and request.method != "POST":
        return HttpResponseRedirect(next_address)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        response = _tried(request, form, next_address)
        if response is not None:
            return response
    context = {"form": form, "next": next_address, "providers": providers()}
    return render(request, "web/sign_in.html", context, status=422 if form.is_bound and form.errors else 200)


def _tried(request: HttpRequest, form: SignInForm, next_address: str) -> HttpResponse | None:
    """Sign in with what the form holds, or go on to the second step; None with an error on the form if that fails.

    An unknown login costs as much time as a wrong password: Django hashes something in either case.
    """
    given, network = form.cleaned_data, throttled_network(address_of(request))
    throttle.take(throttle.ADDRESS, network)
    throttle.take(throttle.LOGIN, given["login"], network)
    person = authenticate(request, username=given["login"], password=given["password"])
    if person is None:
        form.add_error(None, _("Login and password do not belong together. Try again, mind the keyboard layout."))
        return None
    throttle.forget(throttle.LOGIN, given["login"], network)
    throttle.give_back(throttle.ADDRESS, network)
    login = Login(user=person, redirect_url=next_address)
    response: HttpResponse = perform_password_login(request, {"username": given["login"]}, login)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("home"))
