# SPDX-License-Identifier: Apache-2.0
"""Which records go out: all, of a kind, or what a search finds; what the viewer may see; in flat memory."""

from collections.abc import Iterator

from ortaq.core.audience import Viewer
from ortaq.records.models import Record
from ortaq.records.queries import records_for
from ortaq.records.registry import KINDS
from ortaq.search.query import search
from ortaq.search.question import Question

_PIECE = 1000
_PAGE = 200


def records(viewer: Viewer, kind: str | None = None) -> Iterator[Record]:
    """Yield the live records that *viewer* may see, oldest first, each with its newest change; raises UnknownKind."""
    found = records_for(viewer).select_related("change").order_by("id")
    if kind is not None:
        found = found.filter(kind=KINDS[kind].name)
    last = 0
    while piece := list(found.filter(id__gt=last)[:_PIECE]):
        yield from piece
        last = piece[-1].id


def records_found(text: str, viewer: Viewer, kind: str | None = None) -> Iterator[Record]:
    """Yield what a search for *text* finds, oldest first; names that are only similar stay out."""
    kinds = (KINDS[kind].name,) if kind is not None else ()
    after: str | None = None
    while True:
        answer = search(Question(text, kinds=kinds, order="oldest", after=after, limit=_PAGE), viewer)
        ids = [hit.record_id for hit in answer.hits if not hit.is_similar]
        rows = {row.id: row for row in records_for(viewer).select_related("change").filter(id__in=ids)}
        yield from (rows[id_] for id_ in ids if id_ in rows)
        after = answer.after
        if after is None:
            return
