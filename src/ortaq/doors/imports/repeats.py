# SPDX-License-Identifier: Apache-2.0
"""Source ids that stand twice in what is imported: the second would undo the first, at every import anew.

They are kept in a temporary table on disk, so that memory does not grow with the number of records.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ortaq.core.errors import N_, OrtaqError
from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.doors.imports.item import Item
from ortaq.records.door import Draft
from ortaq.records.queries import body_of, standing
from ortaq.records.registry import KINDS


class Repeated(OrtaqError):
    code, status = "import.repeated", 409
    say = N_(
        "The source id '%(source_id)s' stands on line %(line)s of %(file)s already, with other content. Give one of them another id."
    )


class Seen:
    """Which source ids this run has met, and where."""

    def __init__(self) -> None:
        self._files: list[str] = []
        self._table = sqlite3.connect("", isolation_level=None)
        self._table.execute("PRAGMA journal_mode=OFF")
        self._table.execute("PRAGMA cache_size=-4096")
        self._table.execute("CREATE TABLE seen (key INTEGER PRIMARY KEY, file INTEGER, line INTEGER) WITHOUT ROWID")

    def begin(self, file: str) -> None:
        self._files.append(file)

    def note(self, entries: Iterable[tuple[str, int]]) -> None:
        """Remember source ids with their lines, in the file begun last."""
        file = len(self._files) - 1
        rows = [(key_of(source_id), file, line) for source_id, line in entries]
        self._table.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", rows)

    def refuse_repeated(self, items: Sequence[Item], node: str) -> None:
        """Turn the items whose source id was met before, with other content, into refused ones; remember the others."""
        first: dict[str, Item] = {}
        again: list[tuple[Item, str, int, Draft | None]] = []
        for item in items:
            source_id = source_id_of(item)
            if source_id is None:
                continue
            if source_id in first:
                earlier = first[source_id]
                again.append((item, self._files[-1], earlier.line, earlier.draft))
            else:
                first[source_id] = item
        keys = {key_of(source_id): source_id for source_id in first}
        for key, file, line in self._among(keys):
            again.append((first.pop(keys[key]), self._files[file], line, None))
        self.note((source_id, item.line) for source_id, item in first.items())
        for item, name, line, earlier_draft in again:
            if not _says_the_same(item, earlier_draft, node):
                item.error = Repeated(source_id=source_id_of(item), line=line, file=name)
                item.draft = None

    def _among(self, keys: Mapping[int, str]) -> list[tuple[int, int, int]]:
        names = ",".join(map(str, keys))
        return self._table.execute(f"SELECT key, file, line FROM seen WHERE key IN ({names})").fetchall()  # noqa: S608  own integers


def key_of(source_id: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(source_id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True
    )


def source_id_of(item: Item) -> str | None:
    """Return the source id of the item's draft, if it has a usable one."""
    found: Any = item.draft.body.get("source_id") if item.draft and item.draft.body else None
    return found if isinstance(found, str) else None


def _says_the_same(item: Item, earlier: Draft | None, node: str) -> bool:
    draft = item.draft
    assert draft is not None and draft.body is not None
    if earlier is not None:
        return (draft.kind, draft.body, draft.audience) == (earlier.kind, earlier.body, earlier.audience)
    uri = record_uri(node, local_id_of_source(str(draft.body["source_id"])))
    record = standing([uri]).get(uri)
    try:
        return record is not None and body_of(record) == KINDS[draft.kind].validate(draft.body, node)
    except OrtaqError:
        return False
