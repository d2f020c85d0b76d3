# SPDX-License-Identifier: Apache-2.0
"""What is derived from a change: the record's present state, its links, spans, points and attachments.

Pure, so that the door, a restore and `ortaq verify` derive the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

from ortaq.core.audience import bounded_token, kept_by
from ortaq.core.change import Header
from ortaq.core.identifiers import is_record_uri, split_uri
from ortaq.core.kind import Kind
from ortaq.core.outline import heading, outline
from ortaq.core.replacing import REPLACES


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


def derive(
    kind: Kind | None, header: Header, body: dict[str, Any] | None, limits: Iterable[str] = (), *, here: str
) -> Derived:
    """Return what follows from the newest change of a record; body None: withdrawn, erased or withheld.

    kind    None where it is not known here: there is no body then
    limits  the audience tokens of the records that bound it (Kind.bounded_by)
    here    id of this node: nobody here sees what another node withholds from us
    """
    audience = audience_of(header, body is None, limits, here)
    if body is None or kind is None:
        return Derived(title="{}", audience=audience, source_id=None)
    found = outline(kind, body, with_text=False)
    return Derived(
        title=orjson.dumps(heading(kind, body), option=orjson.OPT_SORT_KEYS).decode("utf-8"),
        audience=audience,
        source_id=body.get("source_id"),
        links=[link for link in dict.fromkeys(found.links) if header.node == here or _is_for(header.node, *link)],
        spans=found.spans,
        points=found.points,
        attachments=[(file["digest"], file["name"]) for file in found.files],
    )


def _is_for(node: str, role: str, target: str) -> bool:
    """A record of another *node* stands in the place of that node's own alone: what it says of ours moves nothing."""
    return role != REPLACES or not is_record_uri(target) or split_uri(target)[0] == node


def audience_of(header: Header, has_no_body: bool, limits: Iterable[str], here: str) -> str:
    """Return the audience token of the record whose newest change has this *header*."""
    is_withheld = has_no_body and header.digest is not None and header.node != here
    return kept_by(header.node) if is_withheld else bounded_token(header.audience, header.by, limits, here)
