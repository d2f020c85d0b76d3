# SPDX-License-Identifier: Apache-2.0
"""The list follows the log, as the index and the notices do: its position stands beside it, in the same transaction.

When something came to be as it is, is told by the clock of this node, not by that of the node that signed it: whoever asks for what
is new since their last visit must not miss what a partner signed earlier and sent later.
"""

import datetime
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import orjson
from django.db import transaction
from django.db.models import Q

from ortaq.core.audience import PUBLIC
from ortaq.doors.harvest.models import Listed, Reach, Shelved
from ortaq.doors.harvest.shelves import shelves_of, sure_shelves
from ortaq.nodes.identity import identity
from ortaq.records.bulk import columns_of, in_chunks, insert_rows
from ortaq.records.following import Present, present_since
from ortaq.records.models import Change, Record
from ortaq.records.queries import newest_position
from ortaq.records.registry import KINDS

_WINDOW: Final = 1_000  # changes read at a time
# A row is stamped ahead by what its transaction may take: no answer that was given before it could be read tells a later instant.
_AHEAD: Final = datetime.timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class _Facts:
    uri: str
    node: str
    kind: str
    changed_at: str


@dataclass(slots=True)
class _Row:
    """What is to be written of one record."""

    record: int
    version: int
    is_gone: bool
    changed_at: str
    shelves: list[str] | None = field(default=None)  # None: they stay as they are


def catch_up() -> int:
    """Bring the list up to the log; return how many rows were written."""
    written = 0
    while (count := _step()) is not None:
        written += count
    return written


def _step() -> int | None:
    """Read one window of the log; None when there is nothing left to read."""
    if not _is_behind():
        return None
    with transaction.atomic():
        reach = _reach()
        end = newest_position()
        until = min(reach.log + _WINDOW, end)
        rows = _rows(reach.log, until)
        _write(rows, reach)
        reach.log, reach.is_whole = until, reach.is_whole or until >= end
        reach.save()
    return len(rows)


def _is_behind() -> bool:
    reach = Reach.objects.values_list("log", "is_whole").first()
    return reach is None or reach[0] != newest_position() or not reach[1]


def _reach() -> Reach:
    """The row, locked; a list that is longer than a log that was restored is made anew."""
    reach = Reach.objects.select_for_update().first()
    if reach is None or reach.log > newest_position():
        for model in (Shelved, Listed, Reach):
            model.objects.all().delete()
        reach = Reach.objects.create(id=1, edition=secrets.token_hex(8))
    return reach


def _rows(after: int, until: int) -> list[_Row]:
    present = {one.id: one for one in present_since(after, until)}
    facts = _facts(present)
    listed = _listed(present)
    gone = [one for one in present.values() if not _is_public(one)]
    seen_once = _once_public([one for one in gone if one.id not in listed], facts)
    rows = []
    for one in present.values():
        row = _row(one, facts[one.id], listed.get(one.id), seen_once)
        if row is not None:
            rows.append(row)
    return rows


def _row(one: Present, facts: _Facts, before: tuple[int, bool] | None, seen_once: dict[int, str | None]) -> _Row | None:
    """Return what is new about a record; None where the list says it already, or must not know of it."""
    is_gone = not _is_public(one)
    if before == (one.version, is_gone):
        return None
    row = _Row(one.id, one.version, is_gone, facts.changed_at)
    if not is_gone:
        row.shelves = shelves_of(facts.kind, facts.node, orjson.loads(one.body or "{}"))
    elif before is None:
        if one.id not in seen_once:
            return None
        body = seen_once[one.id]
        known = shelves_of(facts.kind, facts.node, orjson.loads(body)) if body else ()
        row.shelves = list(known or sure_shelves(facts.kind, facts.node))
    elif before[1]:
        return None  # it was gone before, and is
    return row


def _is_public(one: Present) -> bool:
    return one.audience == PUBLIC and one.body is not None


def _facts(ids: Iterable[int]) -> dict[int, _Facts]:
    names = ("id", "uri", "node", "kind", "changed_at")
    return {
        id_: _Facts(*rest)
        for chunk in in_chunks(ids)
        for id_, *rest in Record.objects.filter(id__in=chunk).values_list(*names)
    }


def _listed(ids: Iterable[int]) -> dict[int, tuple[int, bool]]:
    return {
        id_: (version, is_gone)
        for chunk in in_chunks(ids)
        for id_, version, is_gone in Listed.objects.filter(record__in=chunk).values_list("record", "version", "is_gone")
    }


def _once_public(records: Iterable[Present], facts: dict[int, _Facts]) -> dict[int, str | None]:
    """Return those of *records* that everyone could see before this list came to look at them, with the last text they had then.

    Of another node only what came with its content counts, and nothing that is about others: whether everyone could see those here, the
    log does not say.
    """
    own = identity().id
    ids = {facts[one.id].uri: one.id for one in records if _tells_by_itself(facts[one.id], own)}
    found: dict[int, str | None] = {}
    for chunk in in_chunks(ids):
        changes = Change.objects.filter(record__in=chunk, audience=PUBLIC, digest__isnull=False).order_by("version")
        shown = changes.filter(Q(node=own) | Q(body__isnull=False))
        found.update({ids[uri]: body for uri, body in shown.values_list("record", "body")})
    return found


def _tells_by_itself(facts: _Facts, own: str) -> bool:
    return facts.node == own or (facts.kind in KINDS and not KINDS[facts.kind].bounded_by)


def _write(rows: list[_Row], reach: Reach) -> None:
    """Give *rows* the next positions, in their order, and write them."""
    ids = [row.record for row in rows]
    for chunk in in_chunks(ids):
        Listed.objects.filter(record__in=chunk).delete()
    kept = _shelves_kept([row.record for row in rows if row.shelves is None])
    for chunk in in_chunks(ids):
        Shelved.objects.filter(record__in=chunk)._raw_delete("default")
    listed, shelved = [], []
    for row in rows:
        reach.last += 1
        reach.at = max(reach.at, _instant(row, is_first=not reach.is_whole))
        listed.append((row.record, row.version, reach.last, reach.at, row.is_gone))
        shelves = kept.get(row.record, []) if row.shelves is None else row.shelves
        shelved += [(row.record, shelf, reach.last) for shelf in shelves]
    insert_rows(Listed, columns_of(Listed), listed)
    insert_rows(Shelved, columns_of(Shelved, without=["id"]), shelved)


def _shelves_kept(ids: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for chunk in in_chunks(ids):
        for record, shelf in Shelved.objects.filter(record__in=chunk).values_list("record", "shelf"):
            found.setdefault(record, []).append(shelf)
    return found


def _instant(row: _Row, *, is_first: bool) -> str:
    """A list that is made for the first time tells the instants of the log: nobody has harvested it yet."""
    now = datetime.datetime.now(datetime.UTC)
    return min(row.changed_at, _said(now)) if is_first else _said(now + _AHEAD)


def _said(instant: datetime.datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
