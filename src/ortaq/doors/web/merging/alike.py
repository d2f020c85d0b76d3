# SPDX-License-Identifier: Apache-2.0
"""Which records may be merged with one, and which of them may be the same thing: by their names and where they lie."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ortaq.core.audience import Viewer
from ortaq.doors.web import names
from ortaq.doors.web.forms.offers import is_written_here
from ortaq.doors.web.rows import Row, rows
from ortaq.people import rules
from ortaq.people.queries import institutions_of_actors
from ortaq.people.rules import Subject
from ortaq.records.models import Record
from ortaq.records.queries import points_of, records_by_ids, records_by_uri
from ortaq.search.duplicates import Likely, likely_duplicates

_EARTH_METRES: Final = 6_371_000  # mean radius


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record that may be the same: is_same_name: its name is the same whatever the spelling; metres: how far away it lies."""

    row: Row
    is_same_name: bool
    metres: int | None


def suggested(record: Record, viewer: Viewer, *, limit: int) -> list[Suggestion]:
    """Return the records that *viewer* may merge with *record* and that may be the same thing, the likest first."""
    likely = likely_duplicates(names.title_map(record), record.kind, viewer, without=record.id)
    here = records_by_ids([one.record_id for one in likely], viewer)
    fitting = mergeable(record, here.values(), viewer)
    chosen = [one for one in likely if one.record_id in here and here[one.record_id].uri in fitting][:limit]
    return _suggestions(record, chosen, here, viewer)


def _suggestions(record: Record, chosen: list[Likely], here: Mapping[int, Record], viewer: Viewer) -> list[Suggestion]:
    if not chosen:
        return []
    found = {row.record.id: row for row in rows([here[one.record_id].uri for one in chosen], viewer)}
    points = points_of([record.id, *found])
    return [
        Suggestion(
            found[one.record_id],
            one.likeness >= 1.0,
            metres_between(points.get(record.id), points.get(one.record_id)),
        )
        for one in chosen
        if one.record_id in found
    ]


def mergeable(record: Record, others: Iterable[Record], viewer: Viewer) -> set[str]:
    """Return the URIs of those of *others* that *viewer* may merge with *record*."""
    others = [one for one in others if one.kind == record.kind and one.node == record.node and one.uri != record.uri]
    if not is_written_here(record.kind) or not others:
        return set()
    houses = institutions_of_actors({record.author, *(one.author for one in others)})
    own = houses.get(record.author, "")
    if not rules.may_merge(viewer, _subject(record, own)):
        return set()
    same = [one for one in others if houses.get(one.author, "") == own]
    return {one.uri for one in same if rules.may_merge(viewer, _subject(one, own))}


def mergeable_among(record: Record, uris: Iterable[str], viewer: Viewer) -> set[str]:
    return mergeable(record, records_by_uri(uris, viewer).values(), viewer)


def _subject(record: Record, house: str) -> Subject:
    return Subject(house, record.author, record.audience, record.state)


def metres_between(one: tuple[float, float] | None, other: tuple[float, float] | None) -> int | None:
    """Return the distance of two points (latitude, longitude) on a sphere."""
    if one is None or other is None:
        return None
    (lat, lon), (lat2, lon2) = (tuple(map(math.radians, point)) for point in (one, other))
    half = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return round(2 * _EARTH_METRES * math.asin(math.sqrt(half)))
