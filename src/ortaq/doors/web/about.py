# SPDX-License-Identifier: Apache-2.0
"""What this node is: its name, its key, how much it holds; and what robots may read."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ortaq.doors.harvest.addresses import base_of
from ortaq.doors.web import names
from ortaq.doors.web.origins import web_address
from ortaq.nodes.document import fingerprint
from ortaq.nodes.identity import identity
from ortaq.nodes.models import Partner
from ortaq.nodes.partners import partners
from ortaq.people.viewers import viewer_of
from ortaq.records.queries import count_records, newest_position
from ortaq.search.index import position

_KEPT_SECONDS = 60
_ROBOTS = "User-agent: *\nDisallow: /search\nDisallow: /suggestions\nDisallow: /language/\nDisallow: /look/\nDisallow: /sign-in\nDisallow: /opinions/\n"


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    me, viewer = identity(), viewer_of(request)
    key = f"about:{viewer.sight}"
    records = cache.get(key)
    if records is None:
        records = count_records(viewer)
        cache.set(key, records, _KEPT_SECONDS)
    context = {
        "partners": partners_shown(),
        "fingerprint": fingerprint(me.id),
        "node": me,
        "records": records,
        "changes": newest_position(),
        "position": position(),
    }
    return render(request, "web/about.html", context)


def partners_shown() -> list[dict[str, Any]]:
    """Those that both sides have agreed to, by name and country: with whom a node exchanges is no secret, on what terms is."""
    return [
        {"name": names.node_name(one.node), "countries": one.node.countries, "address": web_address(one.node.address)}
        for one in partners()
        if one.state == Partner.ACTIVE
    ]


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{_ROBOTS}Sitemap: {base_of(request)}{reverse('sitemap')}\n", content_type="text/plain")
