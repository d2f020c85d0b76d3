# SPDX-License-Identifier: Apache-2.0
"""What a follower of the log reads: an index or a feed that keeps its own position. Unfiltered: for the node itself."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, Subquery

from ortaq.records.bounds import bounded_by
from ortaq.records.bulk import in_chunks
from ortaq.records.hiding import hidden, is_hidden, once_hidden_by
from ortaq.records.models import Change, Record
from ortaq.records.registry import KINDS


class Present(NamedTuple):
    """The present state of a record; body: JSON text, None if nothing of it may be shown any more, or this node hides it."""

    id: int
    kind: str
    version: int
    audience: str
    body: str | None


_COLUMNS = ("uri", "id", "kind", "version", "audience", "change__body")


def present_since(position: int, until: int) -> Iterator[Present]:
    """Yield the records whose newest change lies after *position*, up to *until*, those that are about revised ones,
    and those that were hidden, or are shown again."""
    of_record = Record.objects.filter(uri=OuterRef("record"), change_id=OuterRef("id"))
    changes = Change.objects.filter(id__gt=position, id__lte=until).order_by("id")
    newest = changes.annotate(own=Subquery(of_record.values("id")), seen=Subquery(of_record.values("audience")))
    rows = newest.values_list("record", "own", "kind", "version", "seen", "body")
    yield from _shown([row for row in rows if row[1] is not None])
    revised = changes.filter(version__gt=1).values_list("record", flat=True).distinct()
    for chunk in in_chunks(bounded_by(revised)):
        yield from _before(position, Q(id__in=chunk))
    yield from _before(position, Q(uri__in=once_hidden_by(changes)))


def _before(position: int, which: Q) -> list[Present]:
    """The live records among *which* whose newest change is not after *position*."""
    return _shown(list(Record.objects.filter(which, change_id__lte=position, state=Record.LIVE).values_list(*_COLUMNS)))


def _shown(rows: Sequence[tuple[Any, ...]]) -> list[Present]:
    """*rows* as _COLUMNS has them; only somebody's own words are ever hidden."""
    personal = {kind.name for kind in KINDS if kind.is_personal}
    off = hidden(row[0] for row in rows if row[2] in personal)
    return [
        Present(id_, kind, version, audience, None if uri in off else body)
        for uri, id_, kind, version, audience, body in rows
    ]


def live_records(after_id: int, limit: int) -> list[Present]:
    """Return live records in the order of their ids, after *after_id*."""
    rows = Record.objects.filter(id__gt=after_id, state=Record.LIVE).order_by("id")
    return _shown(list(rows.values_list(*_COLUMNS)[:limit]))


def live_versions() -> Iterator[tuple[int, int]]:
    """Yield (id, version) of every live record that is not hidden, in the order of their ids."""
    personal = [kind.name for kind in KINDS if kind.is_personal]
    shown = Record.objects.filter(state=Record.LIVE).exclude(Q(is_hidden("uri"), kind__in=personal))
    yield from shown.order_by("id").values_list("id", "version").iterator(chunk_size=5000)
