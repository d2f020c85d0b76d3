# SPDX-License-Identifier: Apache-2.0
"""The one-time link by which one becomes a person of an institution, or of one more."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ortaq.doors.web import names
from ortaq.doors.web.accounts.adapters import AccountAdapter
from ortaq.doors.web.accounts.forms import LOGIN_WIDGET, REQUIRED, WEAK, PasswordForm, new_password, sentence
from ortaq.doors.web.accounts.linked import FOUND, found_identity
from ortaq.nodes.identity import identity
from ortaq.people.actions import (
    MIN_PASSWORD,
    accept_invitation,
    join_institution,
    link_identity,
    open_invitation,
    person_of_recovery,
    recover,
)
from ortaq.people.errors import AlreadyMember, IdentityTaken, LoginTaken, PasswordWeak
from ortaq.people.models import Invitation, Person
from ortaq.people.openid import provider_of, providers
from ortaq.people.rules import ROLES
from ortaq.people.viewers import ACTING


class WelcomeForm(forms.Form):
    name = forms.CharField(
        label=_("Your name, as others will read it"), max_length=200, error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    login = forms.RegexField(
        r"^[\w.@+-]+$", label=_("Login"), max_length=150, widget=LOGIN_WIDGET,
        error_messages={**REQUIRED, "invalid": _("Use letters, digits and . @ + - _ only, without spaces.")},
    )  # fmt: skip
    password = new_password(_("Password"))
    again = new_password(_("Password once more"))

    def __init__(self, *args: Any, elsewhere: dict[str, Any] | None, **more: Any) -> None:
        proposed = (
            {"name": elsewhere["name"], "login": re.sub(r"[^\w.@+-]", "", elsewhere["login"])} if elsewhere else {}
        )
        more["initial"] = proposed
        super().__init__(*args, **more)
        if elsewhere:
            del self.fields["password"], self.fields["again"]

    def clean(self) -> dict[str, str]:
        given: dict[str, str] = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords differ."))
        return given


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever holds the secret becomes a person of the institution, once; who is signed in joins it too."""
    invitation = open_invitation(secret)
    if request.user.is_authenticated:
        return _joining(request, secret, invitation)
    elsewhere = found_identity(request)
    form = WelcomeForm(request.POST or None, elsewhere=elsewhere)
    if request.method == "POST" and form.is_valid() and _accepted(request, secret, form, elsewhere):
        return HttpResponseRedirect(reverse("home"))
    context = {
        **_said(invitation, secret),
        "form": form,
        "min_password": MIN_PASSWORD,
        "elsewhere": provider_of(elsewhere["provider"]) if elsewhere else None,
        "providers": providers(),
    }
    return _private(render(request, "web/welcome.html", context, status=422 if form.errors else 200))


def _said(invitation: Invitation, secret: str) -> dict[str, Any]:
    assert invitation.institution is not None
    return {
        "invitation": invitation,
        "institution_name": names.institution_name(invitation.institution),
        "role": ROLES[invitation.role],
        "secret": secret,
    }


def _private(response: HttpResponse) -> HttpResponse:
    """The address of this page is a secret: no other page learns it, not even one of ours.

    Not no-referrer: with it a browser hides the origin of the form too, and the form is refused.
    """
    response["Referrer-Policy"] = "strict-origin"
    return response


def _joining(request: HttpRequest, secret: str, invitation: Invitation) -> HttpResponse:
    person: Any = request.user
    fault = ""
    if request.method == "POST":
        try:
            membership = join_institution(secret, person, actor=identity().new_uri())
            request.session[ACTING] = membership.pk
            return HttpResponseRedirect(reverse("my-institutions"))
        except AlreadyMember as error:
            fault = sentence(error)
    context = {**_said(invitation, secret), "fault": fault}
    return _private(render(request, "web/account/join.html", context, status=409 if fault else 200))


def _accepted(request: HttpRequest, secret: str, form: WelcomeForm, elsewhere: dict[str, Any] | None) -> bool:
    try:
        person = _made(secret, form.cleaned_data, elsewhere)
    except PasswordWeak as error:
        for code in error.facts["reasons"].split(", "):
            form.add_error("password", WEAK.get(code, _("Choose a less usual password.")))
        return False
    except LoginTaken as error:
        form.add_error("login", sentence(error))
        return False
    except IdentityTaken as error:
        form.add_error(None, sentence(error))
        return False
    request.session.pop(FOUND, None)
    AccountAdapter(request).login(request, person)
    return True


def _made(secret: str, given: dict[str, Any], elsewhere: dict[str, Any] | None) -> Person:
    with transaction.atomic():
        person = accept_invitation(
            secret, name=given["name"], login=given["login"], password=given.get("password"),
            actor=identity().new_uri(), language=names.reader_language(), email=elsewhere["email"] if elsewhere else "",
        )  # fmt: skip
        if elsewhere:
            provider = provider_of(elsewhere["provider"])
            link_identity(person, provider.id, elsewhere["issuer"], elsewhere["subject"], provider_name=provider.name)
    return person


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def come_in_again(request: HttpRequest, secret: str) -> HttpResponse:
    """Who has lost the password, or the second step, sets a new password by a link from the keeper of the node."""
    person = person_of_recovery(secret)
    form = PasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        recover(secret, form.cleaned_data["password"])
        messages.success(request, _("Your password is changed."))
        return HttpResponseRedirect(reverse("sign-in"))
    context = {"form": form, "person": person}
    return _private(render(request, "web/account/come_in_again.html", context, status=422 if form.errors else 200))
