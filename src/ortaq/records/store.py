# SPDX-License-Identifier: Apache-2.0
"""How changes and what is derived from them get into the tables, in bulk, inside the transaction of the door."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ortaq.core.change import Header
from ortaq.records.bulk import columns_of, in_chunks, insert_rows, update_rows
from ortaq.records.models import Attachment, Change, Link, Point, Record, Span
from ortaq.records.projection import Derived


@dataclass(slots=True)
class Present:
    """What the door must know of a record that is here already."""

    id: int
    node: str
    kind: str
    source_id: str | None
    state: str
    version: int
    audience: str
    digest: str | None
    author: str


@dataclass(slots=True)
class Written:
    """A change on its way into the tables; key: public key of the signature; body: canonical JSON text or None."""

    change_id: int
    record_id: int
    header: Header
    key: str
    signature: str
    body: str | None
    derived: Derived
    state: str
    is_new: bool


_RECORD_COLUMNS = columns_of(Record)
_REVISED_COLUMNS = ["state", "version", "change_id", "audience", "title", "changed_at"]


def present_records(uris: Iterable[str]) -> dict[str, Present]:
    """Return those of *uris* that are here, by URI."""
    found: dict[str, Present] = {}
    names = ("uri", "id", "node", "kind", "source_id", "state", "version", "audience", "change__digest", "author")
    for chunk in in_chunks(uris):
        for uri, *rest in Record.objects.filter(uri__in=chunk).values_list(*names):
            found[uri] = Present(*rest)
    return found


def present_after(change: Written, before: Present | None) -> Present:
    """Return what `present_records` would say once *change* is written."""
    header, derived = change.header, change.derived
    source_id = derived.source_id or (before.source_id if before else None)
    return Present(
        change.record_id,
        header.node,
        header.kind,
        source_id,
        change.state,
        header.version,
        derived.audience,
        header.digest,
        before.author if before else header.by,
    )


def write(changes: Sequence[Written]) -> None:
    """Append *changes* to the log and bring the derived rows up to them."""
    insert_rows(Change, columns_of(Change), [_change_row(change) for change in changes])
    newest = {change.record_id: change for change in changes}
    first = {change.record_id: change for change in changes if change.is_new}
    insert_rows(Record, _RECORD_COLUMNS, [_record_row(newest[id_], made) for id_, made in first.items()])
    revised = [change for id_, change in newest.items() if id_ not in first]
    update_rows(Record, _REVISED_COLUMNS, [_revised_row(change) for change in revised])
    _replace_derived(list(newest.values()), [change.record_id for change in revised])
    _erase(changes)


def derive_anew(changes: Sequence[Written]) -> None:
    """Bring the derived rows up to *changes*, which stand in the log: their bodies came later."""
    update_rows(Record, _REVISED_COLUMNS, [_revised_row(change) for change in changes])
    _replace_derived(changes, [change.record_id for change in changes])


def _change_row(change: Written) -> tuple[Any, ...]:
    h = change.header
    erases = ",".join(map(str, h.erases))
    return (
        change.change_id, h.node, h.seq, h.prior, h.record, h.kind, h.version, h.at, h.by, h.audience,
        h.digest, erases, change.key, change.signature, change.body,
    )  # fmt: skip


def _record_row(change: Written, first: Written) -> tuple[Any, ...]:
    h, derived = change.header, change.derived
    return (
        change.record_id, h.record, h.node, h.kind, first.derived.source_id, change.state, h.version, change.change_id,
        derived.audience, derived.title, first.header.by, first.header.at, h.at,
    )  # fmt: skip


def _revised_row(change: Written) -> tuple[Any, ...]:
    h, derived = change.header, change.derived
    return (change.state, h.version, change.change_id, derived.audience, derived.title, h.at, change.record_id)


def _replace_derived(changes: Sequence[Written], revised: Sequence[int]) -> None:
    for model in (Link, Span, Point, Attachment):
        for chunk in in_chunks(revised):
            model.objects.filter(record_id__in=chunk)._raw_delete("default")
    for model, name in ((Link, "links"), (Span, "spans"), (Point, "points"), (Attachment, "attachments")):
        rows = [(change.record_id, *row) for change in changes for row in getattr(change.derived, name)]
        insert_rows(model, columns_of(model, without=["id"]), rows)


def _erase(changes: Sequence[Written]) -> None:
    for change in changes:
        if change.header.erases:
            Change.objects.filter(record=change.header.record, version__in=change.header.erases).update(body=None)
