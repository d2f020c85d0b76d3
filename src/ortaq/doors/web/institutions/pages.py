# SPDX-License-Identifier: Apache-2.0
"""An institution: what everyone may read of it, its people over time, its settings."""

import datetime
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

from ortaq.core.audience import Viewer
from ortaq.core.identifiers import record_uri
from ortaq.doors.web import names
from ortaq.doors.web.accounts.confirming import confirmed, signed_in
from ortaq.doors.web.accounts.forms import REQUIRED, sentence
from ortaq.doors.web.names_form import NamesForm
from ortaq.doors.web.rows import Row, rows
from ortaq.nodes.identity import identity
from ortaq.people import rules
from ortaq.people.actions import change_institution, end_membership, give_office, invite, revoke_invitation
from ortaq.people.errors import (
    Denied,
    InstitutionNameMissing,
    InvitationUnknown,
    LastAdministrator,
    MembershipAbsent,
    SuccessorUnfit,
)
from ortaq.people.models import Institution, Membership
from ortaq.people.queries import (
    institution_of,
    institutions_of_actors,
    invitations_of,
    members_of,
    names_of,
)
from ortaq.people.viewers import viewer_of
from ortaq.records.queries import newest_uris, records_by_uri

_NEWEST, _LOOKED_AT = 6, 200
_DAYS = [(1, gettext_lazy("1 day")), (7, gettext_lazy("7 days")), (30, gettext_lazy("30 days"))]


def frame(request: HttpRequest, institution: Institution, **more: Any) -> dict[str, Any]:
    """What each page of an institution needs: its name, and what the viewer may do there."""
    viewer = viewer_of(request)
    return {
        "institution": institution,
        "institution_name": names.institution_name(institution),
        "is_member": viewer.role_in(institution.id) is not None,
        "may_administer": rules.may_administer(viewer, institution.id),
        "may_invite": _roles_to_give(viewer, institution.id) != [],
        **more,
    }


@require_safe
def institution(request: HttpRequest, institution: str) -> HttpResponse:
    found = institution_of(institution)
    newest, uri = _newest(found.id, viewer_of(request)), record_uri(identity().id, found.id)
    context = frame(request, found, newest=newest, institution_uri=uri)
    return render(request, "web/institution/institution.html", context)


def _newest(key: str, viewer: Viewer) -> list[Row]:
    """Its records among those that changed last, as far as the viewer may see them."""
    uris = newest_uris(viewer, limit=_LOOKED_AT)
    found = records_by_uri(uris, viewer)
    owners = institutions_of_actors({record.author for record in found.values()})
    return rows([uri for uri in uris if owners.get(found[uri].author) == key][:_NEWEST], viewer)


def _for_members(request: HttpRequest, key: str) -> Institution:
    found, viewer = institution_of(key), viewer_of(request)
    if viewer.role_in(key) is None and not viewer.is_keeper:
        raise Denied(action="see the people of this institution")
    return found


def _for_administrators(request: HttpRequest, key: str) -> Institution:
    found = institution_of(key)
    if not rules.may_administer(viewer_of(request), key):
        raise Denied(action="administer this institution")
    return found


@require_safe
@signed_in
def people(request: HttpRequest, institution: str) -> HttpResponse:
    found = _for_members(request, institution)
    everyone = members_of(institution, with_former=True)
    context = frame(
        request,
        found,
        present=[one for one in everyone if one.left_at is None],
        former=[one for one in everyone if one.left_at is not None],
    )
    if context["may_administer"] or context["may_invite"]:
        open_ones = invitations_of(institution)
        context["invitations"] = open_ones
        context["inviters"] = names_of(one.made_by for one in open_ones)
    return render(request, "web/institution/people.html", context)


def _roles_to_give(viewer: Viewer, key: str) -> list[tuple[str, Any]]:
    return [(role, gettext_lazy(said)) for role, said in rules.ROLES.items() if rules.may_give_role(viewer, key, role)]


class OfficeForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    office = forms.CharField(
        label=gettext_lazy("Office, in your own words"), required=False, max_length=200, error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, roles: list[tuple[str, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class InviteForm(OfficeForm):
    days = forms.TypedChoiceField(label=gettext_lazy("The link works for"), coerce=int, initial=7, choices=_DAYS)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def invite_page(request: HttpRequest, institution: str) -> HttpResponse:
    found, viewer = institution_of(institution), viewer_of(request)
    roles = _roles_to_give(viewer, institution)
    if not roles:
        raise Denied(action="invite somebody")
    form = InviteForm(request.POST or None, roles=roles, initial={"role": "contributor"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        valid_for = datetime.timedelta(days=given["days"])
        secret = invite(found, given["role"], by=viewer, office=given["office"], valid_for=valid_for)
        context = frame(request, found, link=_absolute(request, reverse("welcome", args=[secret])), days=given["days"])
        return render(request, "web/institution/invited.html", context, status=201)
    context = frame(request, found, form=form)
    return render(request, "web/institution/invite.html", context, status=422 if form.errors else 200)


def _absolute(request: HttpRequest, path: str) -> str:
    """The whole address to hand over: from the settings if they name one, for Host is what a visitor writes."""
    return f"{settings.ADDRESS.rstrip('/')}{path}" if settings.ADDRESS else request.build_absolute_uri(path)


@require_POST
@signed_in
def revoke(request: HttpRequest, institution: str, number: int) -> HttpResponse:
    own = institution_of(institution)
    # Who may invite nobody is not told either which invitations there are.
    if not _roles_to_give(viewer_of(request), own.id):
        raise Denied(action="revoke an invitation")
    found = next((one for one in invitations_of(own.id) if one.pk == number), None)
    if found is None:
        raise InvitationUnknown
    revoke_invitation(found, by=viewer_of(request))
    messages.success(request, _("The link leads nowhere now."))
    return HttpResponseRedirect(reverse("institution-people", args=[institution]))


def _member(key: str, number: int) -> Membership:
    found = next((one for one in members_of(key) if one.pk == number), None)
    if found is None:
        raise MembershipAbsent
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def member(request: HttpRequest, institution: str, number: int) -> HttpResponse:
    """Change what somebody is in the institution."""
    found = _for_administrators(request, institution)
    membership, viewer = _member(institution, number), viewer_of(request)
    present = membership.offices.filter(until_at=None).first()
    now = {"role": present.role, "office": present.title} if present else {}
    form = OfficeForm(request.POST or None, roles=_roles_to_give(viewer, institution), initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            give_office(membership, form.cleaned_data["role"], form.cleaned_data["office"], by=viewer)
            messages.success(request, _("The role is changed. It holds from the next page on."))
            return HttpResponseRedirect(reverse("institution-people", args=[institution]))
        except LastAdministrator as error:
            form.add_error("role", sentence(error))
    context = frame(request, found, form=form, membership=membership)
    return render(request, "web/institution/member.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def end(request: HttpRequest, institution: str, number: int) -> HttpResponse:
    """End a membership; somebody who stays answers for what that person made."""
    found = _for_administrators(request, institution)
    membership = _member(institution, number)
    others = [one for one in members_of(institution) if one.pk != membership.pk]
    fault = ""
    if request.method == "POST":
        chosen = next((one for one in others if str(one.pk) == request.POST.get("successor")), None)
        if chosen is None and others:
            fault = _("Choose who answers for these records.")
        else:
            try:
                end_membership(membership, by=viewer_of(request), successor=chosen)
                messages.success(request, _("The membership is ended."))
                return HttpResponseRedirect(reverse("institution-people", args=[institution]))
            except (LastAdministrator, SuccessorUnfit) as error:
                fault = sentence(error)
    context = frame(request, found, membership=membership, others=others, fault=fault)
    return render(request, "web/institution/end.html", context, status=422 if fault else 200)


class SettingsForm(NamesForm):
    """The names by language, then the rest."""

    homepage = forms.URLField(
        label=gettext_lazy("Homepage"), required=False, max_length=500, assume_scheme="https",
        error_messages={**REQUIRED, "invalid": gettext_lazy("Write an address such as https://museum.az.")},
    )  # fmt: skip
    needs_proposal = forms.BooleanField(
        label=gettext_lazy("An editor publishes what contributors write"), required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def settings_page(request: HttpRequest, institution: str) -> HttpResponse:
    found = _for_administrators(request, institution)
    now = {"homepage": found.homepage, "needs_proposal": found.needs_proposal}
    form = SettingsForm(request.POST or None, names_now=found.name, initial=now)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change_institution(
                found, by=viewer_of(request), name=form.names(found.name), homepage=given["homepage"],
                needs_proposal=given["needs_proposal"],
            )  # fmt: skip
            messages.success(request, _("Your changes are saved."))
            return HttpResponseRedirect(reverse("institution", args=[institution]))
        except InstitutionNameMissing as error:
            form.add_error(None, sentence(error))
    return render(
        request, "web/institution/settings.html", frame(request, found, form=form), status=422 if form.errors else 200
    )
