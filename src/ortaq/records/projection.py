# SPDX-License-Identifier: Apache-2.0
"""What is derived from a change: the record's present state, its links, spans, points and attachments.

Pure, so that the door, a restore and `ortaq verify` derive the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

from ortaq.core.audience import bounded_token
from ortaq.core.change import Header
from ortaq.core.kind import Kind
from ortaq.core.outline import heading, outline


@dataclass(slots=True)
class Derived:
    """Rows without their record id. record: title as JSON text, audience token, source id."""

    title: str
    audience: str
    source_id: str | None
    links: list[tuple[str, str]] = field(default_factory=list)
    spans: list[tuple[str, int | None, int | None, str]] = field(default_factory=list)
    points: list[tuple[str, float, float, int | None]] = field(default_factory=list)
    attachments: list[tuple[str, str]] = field(default_factory=list)


def derive(kind: Kind, header: Header, body: dict[str, Any] | None, limits: Iterable[str] = ()) -> Derived:
    """Return what follows from the newest change of a record; body None: withdrawn, erased or withheld.

    limits: the audience tokens of the records that bound it (Kind.bounded_by)
    """
    audience = bounded_token(header.audience, header.by, limits)
    if body is None:
        return Derived(title="{}", audience=audience, source_id=None)
    found = outline(kind, body)
    return Derived(
        title=orjson.dumps(heading(kind, body), option=orjson.OPT_SORT_KEYS).decode("utf-8"),
        audience=audience,
        source_id=body.get("source_id"),
        links=list(dict.fromkeys(found.links)),
        spans=found.spans,
        points=found.points,
        attachments=[(file["digest"], file["name"]) for file in found.files],
    )
