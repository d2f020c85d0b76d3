# SPDX-License-Identifier: Apache-2.0
"""The exchange as it stands, as a picture and as a table, and the page of one partner; for the keepers of the node."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortaq.doors.feed import status
from ortaq.doors.web import names
from ortaq.doors.web.accounts.confirming import signed_in
from ortaq.doors.web.accounts.forms import sentence
from ortaq.doors.web.institutions.node import for_keepers
from ortaq.doors.web.origins import web_address
from ortaq.doors.web.partners import picture, telling
from ortaq.files.room import free_bytes
from ortaq.nodes import partners
from ortaq.nodes.document import fingerprint
from ortaq.nodes.errors import NoAddress, NoRoom, PartnerAbsent
from ortaq.nodes.identity import own_id
from ortaq.nodes.models import Fork, Partner, Quarantined
from ortaq.records.announcing import own_names

REFRESH_SECONDS = 10
_SHOWN = 100


@require_safe
@signed_in
def node_partners(request: HttpRequest) -> HttpResponse:
    """All partners; the page looks again by itself unless the reader has stopped it."""
    for_keepers(request)
    found = status.statuses(partners.partners())
    named = [(one, names.node_name(one.partner.node)) for one in found]
    drawn = [pair for pair in named if pair[0].state != status.ENDED]
    own = own_name()
    context = {
        "statuses": found,
        "said": said_of_all(found),
        "wide": picture.wide(own, drawn) if drawn else None,
        "narrow": picture.narrow(own, drawn) if drawn else None,
        "is_live": request.GET.get("live") != "no",
        "seconds": REFRESH_SECONDS,
        **without_address(),
        **without_room(),
    }
    return render(request, "web/partners/partners.html", context)


def said_of_all(found: list[status.Status]) -> str:
    """Return the picture in one sentence."""
    exchanging = sum(one.state == status.EXCHANGES for one in found)
    waiting = sum(one.lag for one in found if one.state != status.ENDED)
    return _("%(exchanging)s of %(count)s exchange now; %(waiting)s changes of theirs are still to come.") % {
        "exchanging": exchanging,
        "count": sum(one.state != status.ENDED for one in found),
        "waiting": waiting,
    }


def own_name() -> str:
    found = names.shown(own_names())
    return found.text if found else ""


def without_room() -> dict[str, Any]:
    """What stands in the way of all partners at once, and is no fault of theirs."""
    return {"no_room": "" if free_bytes() else telling.said_of(NoRoom(node=own_id()).as_dict())}


def without_address() -> dict[str, Any]:
    """What stands in the way before anything else: others cannot reach a node that has no address."""
    return {"no_address": "" if settings.ADDRESS else sentence(NoAddress())}


def partner_at(key: str) -> Partner:
    """Return the partner whose node has the id *key*; raises PartnerAbsent."""
    found = Partner.objects.select_related("node").filter(pk=key).first()
    if found is None:
        raise PartnerAbsent(partner=key)
    return found


@require_safe
@signed_in
def partner_page(request: HttpRequest, key: str) -> HttpResponse:
    for_keepers(request)
    partner = partner_at(key)
    one = status.status_of(partner)
    refused = Quarantined.objects.filter(source=key, settled_at=None).order_by("-last_at")[:_SHOWN]
    objections = partner.objections.order_by("-said_at")[:_SHOWN]
    forks = list(Fork.objects.filter(log=key).order_by("-found_at")[:_SHOWN])
    context = frame(partner) | {
        "one": one,
        "failure": telling.said_of(one.failure) if one.failure else "",
        "refused": [(row, telling.said_of(row.facts)) for row in refused],
        "objections": [(row, *telling.objection_said(row)) for row in objections],
        "open_forks": [fork for fork in forks if fork.settled_at is None],
        "settled_forks": [fork for fork in forks if fork.settled_at is not None],
        "keys": list(partner.node.keys.order_by("first_seq")),
        "web_address": web_address(partner.node.address),
        "trust": telling.TRUST[partner.trust],
        "files": telling.files_said(partner),
    }
    return render(request, "web/partners/partner.html", context)


def frame(partner: Partner) -> dict[str, Any]:
    """What each page of a partner needs."""
    return {
        "partner": partner,
        "node_title": names.node_name(partner.node),
        "theirs": fingerprint(partner.node_id),
        "ours": fingerprint(own_id()),
        "own_title": own_name(),
    }
