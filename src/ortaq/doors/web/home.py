# SPDX-License-Identifier: Apache-2.0
"""The first page: one question, the ways in, and what is new."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ortaq.core.audience import Viewer
from ortaq.doors.web import names
from ortaq.doors.web.rows import Row, rows
from ortaq.people.viewers import viewer_of
from ortaq.records.queries import newest_uris
from ortaq.records.registry import KINDS
from ortaq.search.errors import IndexAbsent
from ortaq.search.query import search
from ortaq.search.question import Question

_KEPT_SECONDS = 20
_NEWEST = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    counts = _counts(viewer)
    kinds = [
        {"name": kind.name, "label": names.kind_plural(kind.name), "count": counts.get(kind.name, 0)} for kind in KINDS
    ]
    context = {"kinds": [kind for kind in kinds if kind["count"]], "newest": _newest(viewer)}
    return render(request, "web/home.html", context)


def _counts(viewer: Viewer) -> dict[str, int]:
    """Return how many records of each kind the viewer may see, as of a few seconds ago."""
    key = f"home-counts:{viewer.sight}"
    kept: dict[str, int] | None = cache.get(key)
    if kept is None:
        try:
            kept = dict(search(Question(limit=1), viewer).facets.get("kind", ()))
        except IndexAbsent:
            return {}  # the first page of a new node comes before its index
        cache.set(key, kept, _KEPT_SECONDS if kept else 1)
    return kept


def _newest(viewer: Viewer) -> list[Row]:
    """Return the records that changed last; which they are is kept for some seconds, what they say is read now."""
    key = f"home-newest:{viewer.sight}"
    uris: Any = cache.get(key)
    if uris is None:
        uris = newest_uris(viewer, limit=_NEWEST)
        cache.set(key, uris, _KEPT_SECONDS if uris else 1)
    return rows(uris, viewer)
