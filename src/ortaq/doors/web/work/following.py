# SPDX-License-Identifier: Apache-2.0
"""Following records and institutions, and the list of what one follows."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ortaq.doors.web import names
from ortaq.doors.web.language_switch import safe_next
from ortaq.doors.web.work.signed import person_of, signed_in
from ortaq.notices.actions import follow, unfollow
from ortaq.notices.models import Follow
from ortaq.notices.queries import follows_of, institution_names
from ortaq.people.viewers import viewer_of
from ortaq.records.hiding import mark_hidden
from ortaq.records.models import Record
from ortaq.records.queries import records_in_any_state

_LONGEST_URI = 60
_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Followed:
    """Something that one follows. title None: it is not for the person to see by now."""

    target: str
    title: names.Shown | None
    kind: str = ""
    address: str = ""


@signed_in
@require_POST
def follow_page(request: HttpRequest) -> HttpResponse:
    """Follow `target`, or stop it. Raises Absent, TooManyFollowed."""
    target, person = request.POST.get("target", "")[:_LONGEST_URI], person_of(request)
    if request.POST.get("do") == "stop":
        unfollow(person, target)
        messages.success(request, _("You do not follow this any more."))
    else:
        follow(person, target, viewer_of(request))
        messages.success(request, _("You follow this now. What changes is told under your notices."))
    return HttpResponseRedirect(safe_next(request))


@never_cache
@signed_in
@require_safe
def followed(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    found = list(follows_of(person_of(request))[:_SHOWN])
    records, institutions = records_in_any_state({one.target for one in found}, viewer), institution_names()
    mark_hidden(records.values(), viewer)
    rows = [_followed(one, records, institutions) for one in found]
    return render(request, "web/work/following.html", {"followed": rows})


def _followed(one: Follow, records: dict[str, Record], institutions: dict[str, dict[str, list[str]]]) -> Followed:
    if one.target in institutions:
        return Followed(one.target, names.shown(institutions[one.target]), _("Institution"))
    if record := records.get(one.target):
        address = reverse("record", args=[one.target.removeprefix("urn:ortaq:")])
        return Followed(one.target, names.title_of(record), names.kind_label(record.kind), address)
    return Followed(one.target, None)
