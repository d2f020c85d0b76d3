# SPDX-License-Identifier: Apache-2.0
"""Which records go out: all, of a kind, or what a search finds; what the viewer may see; in flat memory."""

from collections.abc import Iterator

from django.db.models import QuerySet

from ortaq.core.audience import Viewer
from ortaq.records.models import Record
from ortaq.records.queries import records_for
from ortaq.records.registry import KINDS
from ortaq.search.question import Question
from ortaq.search.selection import all_found

_PIECE = 1000


def records(viewer: Viewer, kind: str | None = None) -> Iterator[Record]:
    """Yield the live records that *viewer* may see, oldest first and what is about others last, each with its newest change; raises UnknownKind."""
    found = records_for(viewer).select_related("change").order_by("id")
    if kind is not None:
        yield from _in_pieces(found.filter(kind=KINDS[kind].name))
        return
    # What is about others comes last: what stands in the place of a merged record may be younger than what was said of that.
    answering = [one.name for one in KINDS if one.bounded_by]
    yield from _in_pieces(found.exclude(kind__in=answering))
    yield from _in_pieces(found.filter(kind__in=answering))


def _in_pieces(found: QuerySet[Record]) -> Iterator[Record]:
    last = 0
    while piece := list(found.filter(id__gt=last)[:_PIECE]):
        yield from piece
        last = piece[-1].id


def records_found(text: str, viewer: Viewer, kind: str | None = None) -> Iterator[Record]:
    """Yield what a search for *text* finds, oldest first; names that are only similar stay out."""
    kinds = (KINDS[kind].name,) if kind is not None else ()
    return all_found(Question(text, kinds=kinds), viewer)
