# SPDX-License-Identifier: Apache-2.0
"""Who has signed an agreement, on its page; and the page on which a node's keeper signs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ortaq.core.errors import OrtaqError
from ortaq.nodes.identity import own_id
from ortaq.people.errors import Denied
from ortaq.people.viewers import viewer_of
from ortaq.records.errors import Absent
from ortaq.records.models import Record
from ortaq.records.queries import body_of, record_of
from ortaq.roadmap import rules
from ortaq.roadmap.actions import sign_agreement, withdraw_assent
from ortaq.roadmap.kind import AGREEMENT
from ortaq.roadmap.queries import standing_of


def panel(request: HttpRequest, record: Record) -> SafeString | None:
    """The parties of an agreement, what each has signed, and whether it is in force."""
    if record.kind != AGREEMENT.name:
        return None
    viewer = viewer_of(request)
    standing = standing_of(record, viewer)
    if standing is None:
        return None
    is_party = own_id() in {one.node for one in standing.signatures}
    context = {
        "record": record,
        "standing": standing,
        "may_sign": is_party and rules.may_sign(viewer),
        "is_signed": any(one.node == own_id() for one in standing.signed),
    }
    return render_to_string("roadmap/panel.html", context, request)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, name: str) -> HttpResponse:
    """Read the text once more, then sign it for this node."""
    uri, viewer = f"urn:ortaq:{name}", viewer_of(request)
    record = record_of(uri, viewer)
    if record.kind != AGREEMENT.name or record.state != Record.LIVE:
        raise Absent(uri=uri)
    if not rules.may_sign(viewer):
        raise Denied(action="agreement.sign")
    context: dict[str, Any] = {"record": record, "body": body_of(record), "standing": standing_of(record, viewer)}
    if request.method != "POST":
        return render(request, "roadmap/sign.html", context)
    given = request.POST.get("version", "")
    try:
        sign_agreement(
            viewer, uri, version=int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else 0
        )
    except OrtaqError as error:
        context["refusal"] = _(error.say) % error.facts
        return render(request, "roadmap/sign.html", context, status=error.status)
    messages.success(request, _("Signed for this node. The other parties see it with the next exchange."))
    return HttpResponseRedirect(f"{reverse('record', args=[name])}#signatures")


@require_http_methods(["POST"])
def withdraw(request: HttpRequest, name: str) -> HttpResponse:
    """Take this node's signature back; that it was there stays in the log."""
    withdraw_assent(viewer_of(request), f"urn:ortaq:{name}")
    messages.success(request, _("The signature of this node is taken back; its history stays."))
    return HttpResponseRedirect(f"{reverse('record', args=[name])}#signatures")


urlpatterns = [
    path("agreements/<str:name>/sign", sign, name="agreement-sign"),
    path("agreements/<str:name>/withdraw", withdraw, name="agreement-withdraw"),
]
