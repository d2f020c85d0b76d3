# SPDX-License-Identifier: Apache-2.0
"""Who has signed an agreement, on its page; and the page on which a node's keeper signs."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ortaq.core.audience import Viewer
from ortaq.core.errors import OrtaqError
from ortaq.language.fallback import choose
from ortaq.nodes.identity import own_id
from ortaq.people.errors import Denied, SignInRequired
from ortaq.people.viewers import viewer_of
from ortaq.records.errors import Absent
from ortaq.records.models import Record
from ortaq.records.queries import body_of, record_of
from ortaq.roadmap import rules
from ortaq.roadmap.actions import sign_agreement, withdraw_assent
from ortaq.roadmap.kind import AGREEMENT
from ortaq.roadmap.queries import Signature, newest_assents_of, standing_of


def panel(request: HttpRequest, record: Record) -> SafeString | None:
    """The parties of an agreement, what each has signed, and whether it is in force."""
    if record.kind != AGREEMENT.name:
        return None
    viewer = viewer_of(request)
    standing = standing_of(record, viewer)
    if standing is None:
        return None
    own = next((one for one in standing.signatures if one.node == own_id()), None)
    may_sign = own is not None and rules.may_sign(viewer)
    context = {
        "record": record,
        "standing": standing,
        "signed": _names(standing.signed),
        "waiting": _names(standing.waiting),
        "may_sign": may_sign and own not in standing.signed,
        "may_withdraw": may_sign and newest_assents_of(record, own_id(), viewer)[0] is not None,
    }
    return render_to_string("roadmap/panel.html", context, request)


def _names(signatures: Sequence[Signature]) -> str:
    """What the nodes are called in the reader's language, as a list to read."""
    lang = get_language() or "en"
    found = (choose(one.names, lang.partition("-")[0]) for one in signatures)
    return ", ".join(sorted(name[0] if name else one.node for name, one in zip(found, signatures, strict=True)))


def _agreement(uri: str, viewer: Viewer) -> Record:
    """Return the agreement that *viewer* may sign, or take the signature back of."""
    record = record_of(uri, viewer)
    if record.kind != AGREEMENT.name or record.state != Record.LIVE:
        raise Absent(uri=uri)
    if viewer.actor is None:
        raise SignInRequired
    if not rules.may_sign(viewer):
        raise Denied(action="agreement.sign")
    return record


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, name: str) -> HttpResponse:
    """Read the text once more, then sign it for this node."""
    uri, viewer = f"urn:ortaq:{name}", viewer_of(request)
    record = _agreement(uri, viewer)
    context: dict[str, Any] = {"record": record, "body": body_of(record), "standing": standing_of(record, viewer)}
    if request.method != "POST":
        return render(request, "roadmap/sign.html", context)
    try:
        sign_agreement(viewer, uri, version=_version(request))
    except OrtaqError as error:
        context["refusal"] = _(error.say) % error.facts
        return render(request, "roadmap/sign.html", context, status=error.status)
    messages.success(request, _("Signed for this node. The other parties see it with the next exchange."))
    return HttpResponseRedirect(f"{reverse('record', args=[name])}#signatures")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, name: str) -> HttpResponse:
    """Ask once more, then take this node's signature back; that it was there stays in the log."""
    uri, viewer = f"urn:ortaq:{name}", viewer_of(request)
    record = _agreement(uri, viewer)
    if request.method != "POST":
        version, assents = newest_assents_of(record, own_id(), viewer)
        now, then = standing_of(record, viewer), standing_of(record, viewer, without=assents)
        context = {"record": record, "version": version, "now": now, "then": then}
        return render(request, "roadmap/withdraw.html", context)
    withdraw_assent(viewer, uri, version=_version(request))
    messages.success(request, _("The signature of this node is taken back; its history stays."))
    return HttpResponseRedirect(f"{reverse('record', args=[name])}#signatures")


def _version(request: HttpRequest) -> int:
    """Return the version that the page spoke of; 0, which none has, where the form was tampered with."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else 0


urlpatterns = [
    path("agreements/<str:name>/sign", sign, name="agreement-sign"),
    path("agreements/<str:name>/withdraw", withdraw, name="agreement-withdraw"),
]
