# SPDX-License-Identifier: Apache-2.0
"""Groups of partners: who is in each, and what keepers do with them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.core.errors import OrtaqError
from ortaq.doors.feed import deciding
from ortaq.doors.web import names
from ortaq.doors.web.accounts.confirming import confirmed, signed_in
from ortaq.doors.web.accounts.forms import sentence
from ortaq.doors.web.institutions.node import for_keepers
from ortaq.doors.web.names_form import NamesForm
from ortaq.doors.web.partners.proposing import by
from ortaq.nodes import groups
from ortaq.nodes.models import Partner, PartnerGroup
from ortaq.nodes.partners import partners


class GroupForm(NamesForm):
    """The names by language, then who is in it."""

    nodes = forms.MultipleChoiceField(
        label=gettext_lazy("Members"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one partner.")},
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["nodes"].choices = choices  # type: ignore[attr-defined]


@require_safe
@signed_in
def group_list(request: HttpRequest) -> HttpResponse:
    for_keepers(request)
    known = {one.node_id: one for one in partners()}
    found = [(one, name_of(one), [known[node] for node in one.members if node in known]) for one in groups.groups()]
    context = {"groups": found, "has_partners": any(one.state != Partner.ENDED for one in known.values())}
    return render(request, "web/partners/groups.html", context)


def name_of(group: PartnerGroup) -> str:
    shown = names.shown(group.names)
    return shown.text if shown else group.key


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def new_group(request: HttpRequest) -> HttpResponse:
    for_keepers(request)
    return _filled(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def group_page(request: HttpRequest, group: str) -> HttpResponse:
    for_keepers(request)
    return _filled(request, groups.group_of(group))


def _filled(request: HttpRequest, group: PartnerGroup | None) -> HttpResponse:
    before, members = (group.names, group.members) if group else ({}, [])
    choices = [(one.node_id, names.node_name(one.node)) for one in partners() if _may_be_in(one, members)]
    form = GroupForm(request.POST or None, names_now=before, choices=choices, initial={"nodes": members})
    if request.method == "POST" and form.is_valid():
        try:
            if group:
                deciding.change_group(group, form.names(before), form.cleaned_data["nodes"], by=by(request))
            else:
                deciding.make_group(form.names(before), form.cleaned_data["nodes"], by=by(request))
            messages.success(request, _("The group is saved. Authors can write for it from now on."))
            return _to_list()
        except OrtaqError as error:
            form.add_error(None, sentence(error))
    context = {"form": form, "group": group, "group_title": name_of(group) if group else ""}
    return render(request, "web/partners/group.html", context, status=422 if form.errors else 200)


def _may_be_in(partner: Partner, members: list[str]) -> bool:
    return partner.state != Partner.ENDED or partner.node_id in members


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def remove(request: HttpRequest, group: str) -> HttpResponse:
    """Ask once more, then remove it."""
    for_keepers(request)
    found = groups.group_of(group)
    if request.method == "POST":
        deciding.remove_group(found, by=by(request))
        messages.success(request, _("The group is removed. What was written for it stays as it is."))
        return _to_list()
    return render(request, "web/partners/group_remove.html", {"group": found, "group_title": name_of(found)})


def _to_list() -> HttpResponse:
    return HttpResponseRedirect(reverse("partner-groups"))
