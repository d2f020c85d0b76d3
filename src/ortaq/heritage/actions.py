# SPDX-License-Identifier: Apache-2.0
"""Keeping for some where a site lies exactly, and telling it to all again. Each is written whole or not at all."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from ortaq.core.audience import AudienceTooWide, Viewer, as_written
from ortaq.core.cells import cell_of
from ortaq.heritage import rules
from ortaq.heritage.errors import NoPlace, NotSensitive
from ortaq.heritage.kind import LOCATION
from ortaq.nodes import groups
from ortaq.nodes.identity import own_id
from ortaq.people import audit
from ortaq.people import rules as people
from ortaq.people.queries import institution_of_actor
from ortaq.records.actions import who_may
from ortaq.records.door import Draft, Outcome, write_change
from ortaq.records.errors import Gone, NotOurs
from ortaq.records.locating import location_of, telling_versions
from ortaq.records.models import Record
from ortaq.records.queries import body_of, record_of
from ortaq.records.registry import KINDS

POINT = "point"


@dataclass(frozen=True, slots=True)
class Keeping:
    """lat, lon: degrees; audience: who may know; reason: one of kind.WHY_KEPT."""

    lat: float
    lon: float
    audience: str
    reason: str
    precision_m: int | None = None

    @property
    def point(self) -> dict[str, Any]:
        exact = {"lat": self.lat, "lon": self.lon}
        return {**exact, "precision_m": self.precision_m} if self.precision_m else exact


def keep_location(uri: str, keeping: Keeping, *, viewer: Viewer, expected_version: int) -> Outcome:
    """Let only some know where a record lies exactly: all others, and all of its versions, tell the cell.

    Bodies of versions that told more are erased here, and partners that have them are told to follow.
    raises Absent, SignInRequired, Denied, NotOurs, Gone, NoPlace, AudienceTooWide, StaleVersion, Invalid
    """
    record, by = keepable(uri, viewer)
    offered = rules.audiences_below(viewer, as_written(record.audience), [one.audience for one in groups.addressed()])
    kept = location_of(uri)
    if keeping.audience not in offered and not (kept and as_written(kept.audience) == keeping.audience):
        raise AudienceTooWide(audience=keeping.audience, limit=", ".join(offered))
    body = body_of(record)
    title = {"title": body["title"]} if "title" in body else {}
    exact = {**title, "about": uri, POINT: keeping.point, "reason": keeping.reason}
    told = {**body, POINT: cell_of(keeping.lat, keeping.lon)}
    with transaction.atomic():
        write_change(
            Draft(
                record.kind,
                told,
                as_written(record.audience),
                uri,
                expected_version=expected_version,
                erases=tuple(telling_versions(uri)),
            ),
            by=by,
        )
        outcome = write_change(
            Draft(LOCATION.name, exact, keeping.audience, kept.uri if kept else None, is_new=kept is None), by=by
        )
        audit.note("location.kept", actor=by, institution=institution_of_actor(by), subject=uri, reason=keeping.reason)
    return outcome


def tell_location(uri: str, *, viewer: Viewer, expected_version: int) -> Outcome:
    """Tell everyone who sees a record where it lies exactly. Raises as `keep_location`, and NotSensitive."""
    record, by = keepable(uri, viewer)
    kept = location_of(uri, viewer)
    if kept is None:
        raise NotSensitive(uri=uri)
    told = {**body_of(record), POINT: body_of(kept)[POINT]}
    with transaction.atomic():
        write_change(Draft(LOCATION.name, None, as_written(kept.audience), kept.uri), by=by)
        outcome = write_change(
            Draft(record.kind, told, as_written(record.audience), uri, expected_version=expected_version), by=by
        )
        audit.note("location.told", actor=by, institution=institution_of_actor(by), subject=uri)
    return outcome


def keepable(uri: str, viewer: Viewer) -> tuple[Record, str]:
    """Return the record and the actor under which *viewer* decides who may know its exact place.

    raises Absent, SignInRequired, Denied, NotOurs, Gone, NoPlace
    """
    record = record_of(uri, viewer)
    if record.node != own_id():
        raise NotOurs(uri=uri, node=record.node)
    by = who_may(viewer, record, people.may_keep_location, "location.keep")
    if record.state != Record.LIVE:
        raise Gone(uri=uri)
    if not has_place(record):
        raise NoPlace(uri=uri)
    return record, by


def has_place(record: Record) -> bool:
    """Tell whether a record of its kind may have a point of its own."""
    spec = KINDS[record.kind].spec(POINT) if record.kind in KINDS else None
    return spec is not None and not KINDS[record.kind].locates
