# SPDX-License-Identifier: Apache-2.0
"""Records whose place is for some only. Where it lies exactly is a record of its own, with an audience of its own, that is about it;
the record itself, in every version that is kept, says no more than the cell. So nothing that shows the record can tell more.
"""

from collections.abc import Container, Iterable, Mapping
from typing import Any

import orjson
from django.db.models import Q, QuerySet

from ortaq.core.audience import Viewer
from ortaq.core.cells import cell_of, is_cell
from ortaq.core.errors import N_, OrtaqError
from ortaq.core.kind import Kind
from ortaq.core.outline import outline
from ortaq.nodes.identity import own_id
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Change, Link, Record
from ortaq.records.queries import visible
from ortaq.records.registry import KINDS

Body = Mapping[str, Any] | None


class LocationKept(OrtaqError):
    code, status = "location.kept", 422
    say = N_(
        "Where %(uri)s lies is for some only. Give the cell, latitude %(lat)s, longitude %(lon)s within %(precision_m)s m, or change on its page who may know the exact place."
    )


class LocationTold(OrtaqError):
    code, status = "location.told", 422
    say = N_(
        "%(uri)s, or an earlier version of it, tells where it lies exactly to all who see it. Choose on its page who may know the exact place: that takes it out of every version."
    )


def tells(kind: Kind, body: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return latitude and longitude of the first point of a body, valid for *kind*, that says more than its cell."""
    points = outline(kind, dict(body), with_text=False).points
    return next(((lat, lon) for _field, lat, lon, precision_m in points if not is_cell(lat, lon, precision_m)), None)


class Kept:
    """What one batch of drafts has to keep to: the records whose place is for some only, those of the batch included.

    drafts  (kind, URI, body)
    here    URIs that are here already: nothing is kept of others
    """

    def __init__(self, drafts: Iterable[tuple[Kind, str, Body]], here: Container[str]) -> None:
        given = [(kind, uri, body) for kind, uri, body in drafts if body is not None]
        self._kept = kept_among(uri for kind, uri, body in given if uri in here and tells(kind, body))
        targets = {str(body[kind.locates]) for kind, _uri, body in given if kind.locates}
        self._told = {uri for uri in targets if telling_versions(uri)}
        self._is_asked = bool(self._kept or targets)

    def check(self, kind: Kind, uri: str, body: Body) -> None:
        """Raise LocationKept or LocationTold for a body that would tell those who may not know; note what it says."""
        if not self._is_asked or body is None:
            return
        if kind.locates:
            if (target := str(body[kind.locates])) in self._told:
                raise LocationTold(uri=target)
            self._kept.add(target)
        elif point := tells(kind, body):
            if uri in self._kept:
                raise LocationKept(uri=uri, **cell_of(*point))
            self._told.add(uri)


def kept_among(uris: Iterable[str]) -> set[str]:
    """Return those of *uris* whose exact place this node keeps for some."""
    found: set[str] = set()
    for chunk in in_chunks(uris):
        found.update(_links().filter(target__in=chunk).values_list("target", flat=True))
    return found


def telling_versions(uri: str) -> list[int]:
    """Return the versions of a record whose bodies, which are here, tell its exact place."""
    rows = Change.objects.filter(record=uri, body__isnull=False).order_by("version")
    found = rows.values_list("version", "kind", "body")
    return [
        version for version, kind, body in found if kind in KINDS and tells(KINDS[kind], orjson.loads(body or "{}"))
    ]


def location_of(uri: str, viewer: Viewer | None = None) -> Record | None:
    """Return the record that tells where *uri* lies exactly; None if there is none that *viewer*, if given, may see."""
    links = _links().filter(target=uri).select_related("record__change").order_by("-record_id")
    if viewer is not None:
        links = links.filter(visible(viewer, "record__"))
    found = links.first()
    return found.record if found else None


def _links() -> QuerySet[Link]:
    """The links by which records of this node tell where others lie exactly."""
    locating = Q()
    for kind in KINDS:
        if kind.locates:
            locating |= Q(record__kind=kind.name, role=kind.locates)
    if not locating:
        return Link.objects.none()
    return Link.objects.filter(locating, record__node=own_id(), record__state=Record.LIVE)
