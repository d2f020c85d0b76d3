# SPDX-License-Identifier: Apache-2.0
"""What a follower of the log reads: an index or a feed that keeps its own position. Unfiltered: for the node itself."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import OuterRef, Subquery

from ortaq.records.bounds import bounded_by
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Change, Record


class Present(NamedTuple):
    """The present state of a record; body: JSON text, None if nothing of it may be shown any more."""

    id: int
    kind: str
    version: int
    audience: str
    body: str | None


_COLUMNS = ("id", "kind", "version", "audience", "change__body")


def present_since(position: int, until: int) -> Iterator[Present]:
    """Yield the records whose newest change lies after *position*, up to *until*, and those that are about revised ones."""
    of_record = Record.objects.filter(uri=OuterRef("record"), change_id=OuterRef("id"))
    changes = Change.objects.filter(id__gt=position, id__lte=until).order_by("id")
    newest = changes.annotate(own=Subquery(of_record.values("id")), seen=Subquery(of_record.values("audience")))
    for record_id, kind, version, audience, body in newest.values_list("own", "kind", "version", "seen", "body"):
        if record_id is not None:
            yield Present(record_id, kind, version, audience, body)
    revised = changes.filter(version__gt=1).values_list("record", flat=True).distinct()
    for chunk in in_chunks(bounded_by(revised)):
        rows = Record.objects.filter(id__in=chunk, change_id__lte=position, state=Record.LIVE)
        yield from (Present(*row) for row in rows.values_list(*_COLUMNS))


def live_records(after_id: int, limit: int) -> list[Present]:
    """Return live records in the order of their ids, after *after_id*."""
    rows = Record.objects.filter(id__gt=after_id, state=Record.LIVE).order_by("id")
    return [Present(*row) for row in rows.values_list(*_COLUMNS)[:limit]]


def live_versions() -> Iterator[tuple[int, int]]:
    """Yield (id, version) of every live record in the order of their ids."""
    yield from (
        Record.objects.filter(state=Record.LIVE).order_by("id").values_list("id", "version").iterator(chunk_size=5000)
    )
