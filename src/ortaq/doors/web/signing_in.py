# SPDX-License-Identifier: Apache-2.0
"""Signing in and out, and the one-time link by which one becomes a person of this node."""

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ortaq.core.errors import OrtaqError
from ortaq.doors.web import names
from ortaq.doors.web.language_switch import remember_in_cookie, safe_next
from ortaq.nodes.identity import identity
from ortaq.people import throttle
from ortaq.people.actions import MIN_PASSWORD, accept_invitation, open_invitation
from ortaq.people.errors import LoginTaken, PasswordWeak

_NEW = forms.PasswordInput(attrs={"autocomplete": "new-password"})
_REQUIRED = {"required": _("Fill in this field."), "max_length": _("This is too long.")}
_WEAK = {
    "password_too_short": _("Use at least ten characters."),
    "password_too_common": _("This password is among those that are guessed first."),
    "password_too_similar": _("This password is too much like your name or login."),
}


class SignInForm(forms.Form):
    login = forms.CharField(
        label=_("Login"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages=_REQUIRED,
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages=_REQUIRED,
    )


class WelcomeForm(forms.Form):
    name = forms.CharField(
        label=_("Your name, as others will read it"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages=_REQUIRED,
    )
    login = forms.RegexField(
        r"^[\w.@+-]+$",
        label=_("Login"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={**_REQUIRED, "invalid": _("Use letters, digits and . @ + - _ only, without spaces.")},
    )
    password = forms.CharField(label=_("Password"), max_length=200, strip=False, widget=_NEW, error_messages=_REQUIRED)
    again = forms.CharField(
        label=_("Password once more"), max_length=200, strip=False, widget=_NEW, error_messages=_REQUIRED
    )

    def clean(self) -> dict[str, str]:
        given = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords differ."))
        return given


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
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/sign_in.html", {"form": form, "next": next_address}, status=status)


def _tried(request: HttpRequest, form: SignInForm, next_address: str) -> HttpResponse | None:
    """Sign in with what the form holds; None with an error on the form if that fails."""
    given, address = form.cleaned_data, request.META.get("REMOTE_ADDR", "")
    throttle.check_may_try(given["login"], address)
    person = authenticate(request, username=given["login"], password=given["password"])
    if person is None:
        throttle.note_failure(given["login"], address)
        form.add_error(None, _("Login and password do not belong together. Try again, mind the keyboard layout."))
        return None
    throttle.forget_failures(given["login"], address)
    request.session.set_expiry(None)
    login(request, person)
    response = HttpResponseRedirect(next_address)
    if person.language in dict(settings.LANGUAGES):
        remember_in_cookie(response, person.language)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("home"))


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever holds the secret becomes a person of this node, once."""
    invitation = open_invitation(secret)
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _accepted(request, secret, form):
        return HttpResponseRedirect(reverse("home"))
    context = {"form": form, "invitation": invitation, "min_password": MIN_PASSWORD}
    return render(request, "web/welcome.html", context, status=422 if form.is_bound and form.errors else 200)


def _accepted(request: HttpRequest, secret: str, form: WelcomeForm) -> bool:
    given = form.cleaned_data
    try:
        person = accept_invitation(
            secret,
            name=given["name"],
            login=given["login"],
            password=given["password"],
            actor=identity().new_uri(),
            language=names.reader_language(),
        )
    except PasswordWeak as error:
        for code in error.facts["reasons"].split(", "):
            form.add_error("password", _WEAK.get(code, _("Choose a less usual password.")))
        return False
    except LoginTaken as error:
        form.add_error("login", sentence(error))
        return False
    login(request, person)
    return True


def sentence(error: OrtaqError) -> str:
    """Return what *error* says, in the language of the page."""
    return str(_(error.say) % error.facts)
