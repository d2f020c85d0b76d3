# SPDX-License-Identifier: Apache-2.0
"""What the map draws: where the results are. The list beside it says the same in words."""

from django.http import JsonResponse

from ortaq.core.audience import Viewer
from ortaq.doors.web import names
from ortaq.doors.web.templatetags.addresses import record_address
from ortaq.search.query import points
from ortaq.search.question import Question

MOST_POINTS = 2_000


def points_json(question: Question, viewer: Viewer) -> JsonResponse:
    """Return the points of the answers to *question*: lat, lon, title with its language, kind, address."""
    found = []
    for point in points(question, viewer, limit=MOST_POINTS):
        title = names.shown(point.title)
        found.append(
            {
                "lat": point.lat,
                "lon": point.lon,
                "title": title.text if title else "",
                "lang": title.tag if title else "",
                "kind": names.kind_label(point.kind),
                "address": record_address(point.uri),
            }
        )
    answer = {"points": found, "is_cut": len(found) >= MOST_POINTS}
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
