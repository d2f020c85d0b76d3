# SPDX-License-Identifier: Apache-2.0
"""My personal tokens: made, shown once, revoked."""

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.doors.web.accounts.confirming import confirmed, signed_in
from ortaq.doors.web.accounts.forms import REQUIRED
from ortaq.doors.web.names import institution_name
from ortaq.people.queries import memberships_of
from ortaq.people.tokens import SCOPES, make_token, revoke_token, token_of, tokens_of

_DAYS = [
    (30, gettext_lazy("30 days")),
    (90, gettext_lazy("90 days")),
    (180, gettext_lazy("180 days")),
    (365, gettext_lazy("one year")),
]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What it is for"), max_length=100, error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    membership = forms.ChoiceField(label=gettext_lazy("Acts for"))
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"), widget=forms.CheckboxSelectMultiple, initial=["read"],
        choices=[(key, gettext_lazy(said)) for key, said in SCOPES.items()],
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )  # fmt: skip
    days = forms.TypedChoiceField(label=gettext_lazy("Works for"), coerce=int, initial=90, choices=_DAYS)

    def __init__(self, *args: Any, memberships: list[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(str(one.pk), institution_name(one.institution)) for one in memberships]
        self.fields["membership"].choices = choices  # type: ignore[attr-defined]


@require_safe
@signed_in
def tokens(request: HttpRequest) -> HttpResponse:
    own = [(one, [SCOPES[scope] for scope in one.scopes]) for one in tokens_of(request.user.pk or 0)]
    return render(request, "web/account/tokens.html", {"tokens": own, "now": timezone.now()})


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def new_token(request: HttpRequest) -> HttpResponse:
    memberships = _memberships(request)
    form = TokenForm(request.POST or None, memberships=memberships)
    if request.method == "POST" and form.is_valid():
        return _made(request, form.cleaned_data, memberships)
    context = {"form": form, "memberships": memberships}
    return render(request, "web/account/token.html", context, status=422 if form.errors else 200)


def _made(request: HttpRequest, given: dict[str, Any], memberships: list[Any]) -> HttpResponse:
    membership = next(one for one in memberships if str(one.pk) == given["membership"])
    until = timezone.now() + datetime.timedelta(days=given["days"])
    made, secret = make_token(membership, given["name"], given["scopes"], until)
    # The one answer in which the secret stands; no cache may keep it.
    return render(request, "web/account/token_made.html", {"token": made, "secret": secret}, status=201)


def _memberships(request: HttpRequest) -> list[Any]:
    person: Any = request.user
    return memberships_of(person)


@require_POST
@signed_in
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    revoke_token(token_of(request.user.pk or 0, number))
    messages.success(request, _("The token is revoked."))
    return HttpResponseRedirect(reverse("tokens"))
