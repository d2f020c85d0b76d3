# SPDX-License-Identifier: Apache-2.0
"""Source ids that stand twice in what is imported: the second would undo the first, at every import anew.

They are kept in a temporary table on disk, so that memory does not grow with the number of records.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.imports.item import Item
from ortaq.records.door import Draft


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

    def refuse_repeated(self, items: Sequence[Item], stands: Callable[[Draft], bool]) -> None:
        """Turn the items whose source id was met before, with other content, into refused ones; remember the others.

        stands  tells whether a record is here just as a draft would have it
        """
        named = [(item, source_id) for item in items if (source_id := source_id_of(item)) is not None]
        before = self._among({key_of(source_id): source_id for _, source_id in named})
        first: dict[str, tuple[int, Draft | None]] = {}
        for item, source_id in named:
            if source_id in before:
                file, line = before[source_id]
                is_same = item.draft is not None and stands(item.draft)
            elif source_id in first:
                file, (line, draft) = self._files[-1], first[source_id]
                is_same = _say_the_same(draft, item.draft)
            else:
                first[source_id] = item.line, item.draft
                continue
            if not is_same:
                item.error, item.draft = Repeated(source_id=source_id, line=line, file=file), None
        self.note((source_id, line) for source_id, (line, _) in first.items())

    def _among(self, keys: Mapping[int, str]) -> dict[str, tuple[str, int]]:
        """Return the file and line of those source ids that were met before, by source id."""
        names = ",".join(map(str, keys))
        rows = self._table.execute(f"SELECT key, file, line FROM seen WHERE key IN ({names})").fetchall()  # noqa: S608  own integers
        return {keys[key]: (self._files[file], line) for key, file, line in rows}


def key_of(source_id: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(source_id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True
    )


def source_id_of(item: Item) -> str | None:
    """Return the source id of the item's draft, if it has a usable one."""
    found: Any = item.draft.body.get("source_id") if item.draft and item.draft.body else None
    return found if isinstance(found, str) else None


def _say_the_same(one: Draft | None, other: Draft | None) -> bool:
    return (
        one is not None
        and other is not None
        and (one.kind, one.body, one.audience) == (other.kind, other.body, other.audience)
    )
