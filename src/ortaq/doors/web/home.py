# SPDX-License-Identifier: Apache-2.0
"""The first page: one question, the ways in, who keeps it, and what is new. Everything counts only what the viewer may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortaq.core.audience import Viewer
from ortaq.core.vocabulary import AREAS
from ortaq.doors.web import names
from ortaq.doors.web.panels import home_panels
from ortaq.doors.web.rows import Row, rows
from ortaq.nodes.identity import identity
from ortaq.people.models import Institution
from ortaq.people.queries import institutions
from ortaq.people.viewers import viewer_of
from ortaq.records.models import Record
from ortaq.records.queries import newest_uris, targets_by_uri
from ortaq.records.registry import KINDS
from ortaq.search.errors import IndexAbsent
from ortaq.search.query import division
from ortaq.search.question import Question

_KEPT_SECONDS = 20
_NEWEST = 6
_INSTITUTIONS_SHOWN = 12
Facets = Mapping[str, Sequence[tuple[Any, int]]]


@dataclass(frozen=True, slots=True)
class Way:
    """A way in: what a kind or an area holds."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Keeper:
    """An institution of this node. record: what describes it, if the viewer may see that."""

    name: names.Shown
    country: str
    homepage: str
    record: Record | None


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    counts, keepers = _counts(viewer), institutions()
    context = {
        "kinds": _kinds(counts),
        "areas": _areas(counts),
        "institutions": _keepers(keepers[:_INSTITUTIONS_SHOWN], viewer),
        "has_more_institutions": len(keepers) > _INSTITUTIONS_SHOWN,
        "newest": _newest(viewer),
        "panels": home_panels(request),
    }
    return render(request, "web/home.html", context)


def _counts(viewer: Viewer) -> Facets:
    """Return how what the viewer may see divides, as of a few seconds ago."""
    key = f"home-counts:{viewer.sight}"
    kept: Facets | None = cache.get(key)
    if kept is None:
        try:
            kept = {name: list(values) for name, values in division(Question(), viewer).items()}
        except IndexAbsent:
            return {}  # the first page of a new node comes before its index
        cache.set(key, kept, _KEPT_SECONDS if kept.get("kind") else 1)
    return kept


def _kinds(counts: Facets) -> list[Way]:
    """The kinds in the order of their list, only those that hold something."""
    found = dict(counts.get("kind", ()))
    return [Way(kind.name, names.kind_plural(kind.name), found[kind.name]) for kind in KINDS if found.get(kind.name)]


def _areas(counts: Facets) -> list[Way]:
    """The areas in the order of their list, only those that hold something."""
    found = dict(counts.get("area", ()))
    return [Way(area, _(label), found[area]) for area, label in AREAS.items() if found.get(area)]


def _keepers(found: Sequence[Institution], viewer: Viewer) -> list[Keeper]:
    """Return the institutions to name; not the one that a new node has, which is called like the node itself."""
    if [one.name for one in found] == [{"und": [identity().name]}]:
        return []
    records = targets_by_uri({one.agent for one in found if one.agent}, viewer)
    return [Keeper(_name(one), one.country, one.homepage, records.get(one.agent)) for one in found]


def _name(institution: Institution) -> names.Shown:
    return names.shown(institution.name) or names.Shown(institution.id, "und", False)


def _newest(viewer: Viewer) -> list[Row]:
    """Return the records that changed last; which they are is kept for some seconds, what they say is read now.

    Opinions have a list of their own.
    """
    key = f"home-newest:{viewer.sight}"
    uris: Any = cache.get(key)
    if uris is None:
        uris = newest_uris(viewer, limit=_NEWEST, without_kinds=names.answering_kinds())
        cache.set(key, uris, _KEPT_SECONDS if uris else 1)
    return rows(uris, viewer)
