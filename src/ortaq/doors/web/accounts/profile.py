# SPDX-License-Identifier: Apache-2.0
"""Who I am here: name, address, language; in which institutions, and for which of them I act now."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.doors.web.accounts.confirming import confirmed, signed_in
from ortaq.doors.web.accounts.forms import REQUIRED, sentence
from ortaq.doors.web.language_switch import remember_in_cookie, safe_next
from ortaq.people.actions import act_as, change_profile, end_membership
from ortaq.people.errors import LastAdministrator, MembershipAbsent, SuccessorUnfit
from ortaq.people.models import Membership
from ortaq.people.queries import members_of, memberships_of
from ortaq.people.viewers import ACTING, viewer_of


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name, as others will read it"), max_length=200, error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), required=False, max_length=254,
        error_messages={**REQUIRED, "invalid": gettext_lazy("Write an address such as leyla@museum.az.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Language of the pages"), choices=settings.LANGUAGES)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    now = {"name": person.name, "email": person.email, "language": person.language}
    form = ProfileForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        change_profile(person, **form.cleaned_data)
        messages.success(request, _("Your changes are saved."))
        response = HttpResponseRedirect(reverse("account"))
        remember_in_cookie(response, form.cleaned_data["language"])
        return response
    return render(request, "web/account/profile.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@signed_in
def my_institutions(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    context = {"memberships": memberships_of(person), "viewer": viewer_of(request)}
    return render(request, "web/account/institutions.html", context)


@require_POST
@signed_in
def act(request: HttpRequest) -> HttpResponse:
    """Choose for which institution one writes from now on."""
    person: Any = request.user
    chosen = request.POST.get("membership", "")
    request.session[ACTING] = act_as(person, int(chosen) if chosen.isdecimal() else 0).pk
    return HttpResponseRedirect(safe_next(request))


def _own(request: HttpRequest, number: int) -> Membership:
    person: Any = request.user
    found = next((one for one in memberships_of(person) if one.pk == number), None)
    if found is None:
        raise MembershipAbsent
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def leave(request: HttpRequest, number: int) -> HttpResponse:
    """Leave an institution; somebody who stays answers for what one made."""
    membership = _own(request, number)
    others = [one for one in members_of(membership.institution_id) if one.pk != membership.pk]
    fault = ""
    if request.method == "POST":
        chosen = next((one for one in others if str(one.pk) == request.POST.get("successor")), None)
        if chosen is None and others:
            fault = _("Choose who answers for your records.")
        else:
            try:
                end_membership(membership, by=viewer_of(request), successor=chosen)
                request.session.pop(ACTING, None)
                messages.success(request, _("You have left the institution."))
                return HttpResponseRedirect(reverse("my-institutions"))
            except (LastAdministrator, SuccessorUnfit) as error:
                fault = sentence(error)
    context = {"membership": membership, "others": others, "fault": fault}
    return render(request, "web/account/leave.html", context, status=422 if fault else 200)
