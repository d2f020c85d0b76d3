# SPDX-License-Identifier: Apache-2.0
"""What the keepers of the node do: found institutions, close them, set quotas."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.doors.web.accounts.confirming import confirmed, signed_in
from ortaq.doors.web.accounts.forms import REQUIRED
from ortaq.doors.web.names import country_choices
from ortaq.people import rules
from ortaq.people.actions import close_institution, found_institution, reopen_institution, set_quota
from ortaq.people.errors import Denied
from ortaq.people.models import Institution
from ortaq.people.queries import all_institutions, institution_of
from ortaq.people.viewers import viewer_of

_MEGA = 1024 * 1024


def for_keepers(request: HttpRequest) -> None:
    """Raise Denied for all others."""
    if not rules.may_keep(viewer_of(request)):
        raise Denied(action="keep this node")


class FoundForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Language of the name"), choices=settings.LANGUAGES)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["country"].choices = [("", ""), *country_choices()]  # type: ignore[attr-defined]


class QuotaForm(forms.Form):
    megabytes = forms.IntegerField(
        label=gettext_lazy("Quota of its files in MB; empty is without limit"), required=False, min_value=0,
        max_value=10**9,
        error_messages={
            "invalid": gettext_lazy("Write a whole number, such as 2048."),
            "min_value": gettext_lazy("Write a whole number, such as 2048."),
            "max_value": gettext_lazy("Write a whole number, such as 2048."),
        },
    )  # fmt: skip


@require_safe
@signed_in
def node_institutions(request: HttpRequest) -> HttpResponse:
    for_keepers(request)
    return render(request, "web/institution/node.html", {"institutions": all_institutions()})


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def found(request: HttpRequest) -> HttpResponse:
    for_keepers(request)
    form = FoundForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = found_institution({given["language"]: [given["name"]]}, by=viewer_of(request), country=given["country"])
        messages.success(request, _("The institution is founded. Invite its first administrator now."))
        return HttpResponseRedirect(reverse("institution-invite", args=[made.id]))
    return render(request, "web/institution/found.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def quota(request: HttpRequest, institution: str) -> HttpResponse:
    for_keepers(request)
    chosen = institution_of(institution)
    now = None if chosen.quota_bytes is None else chosen.quota_bytes // _MEGA
    form = QuotaForm(request.POST or None, initial={"megabytes": now})
    if request.method == "POST" and form.is_valid():
        megabytes = form.cleaned_data["megabytes"]
        set_quota(chosen, None if megabytes is None else megabytes * _MEGA, by=viewer_of(request))
        return HttpResponseRedirect(reverse("node-institutions"))
    context = {"form": form, "institution": chosen}
    return render(request, "web/institution/quota.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def close(request: HttpRequest, institution: str) -> HttpResponse:
    """Close an institution, or open it again: its people write no more, what they wrote stays."""
    for_keepers(request)
    chosen: Institution = institution_of(institution)
    if request.method == "POST":
        (close_institution if chosen.is_active else reopen_institution)(chosen, by=viewer_of(request))
        return HttpResponseRedirect(reverse("node-institutions"))
    return render(request, "web/institution/close.html", {"institution": chosen})
