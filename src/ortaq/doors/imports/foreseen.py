# SPDX-License-Identifier: Apache-2.0
"""What an import would make, kept in a file beside it: so that a preview of a million records needs no memory, and the import
that follows knows which records its lines still bring."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ortaq.records.attaching import Described
from ortaq.records.bulk import in_chunks
from ortaq.records.store import Present

_COLUMNS = ("id", "node", "kind", "source_id", "state", "version", "audience", "digest", "author")


class Foreseen:
    """Both what stands ahead of the door (records.door.Ahead) and whose names an import brings (behalf.OwnNames)."""

    def __init__(self, path: Path) -> None:
        self._table = sqlite3.connect(path, isolation_level="DEFERRED")
        self._table.execute("PRAGMA journal_mode=DELETE")
        self._table.execute("PRAGMA cache_size=-4096")
        columns = ", ".join(_COLUMNS)
        self._table.execute(f"CREATE TABLE IF NOT EXISTS foreseen (uri TEXT PRIMARY KEY, {columns}) WITHOUT ROWID")
        self._table.commit()
        self.described: Mapping[str, Described] = {}

    def present(self, uris: set[str]) -> dict[str, Present]:
        found: dict[str, Present] = {}
        for chunk in in_chunks(uris):
            for uri, *row in self._rows(", ".join(("uri", *_COLUMNS)), chunk):
                found[uri] = Present(*row)
        return found

    def files(self, digests: set[str]) -> Mapping[str, Described]:
        return {digest: self.described[digest] for digest in digests if digest in self.described}

    def note(self, uri: str, present: Present) -> None:
        row = [getattr(present, name) for name in _COLUMNS]
        marks = ", ".join("?" * (len(row) + 1))
        self._table.execute(f"INSERT OR REPLACE INTO foreseen VALUES ({marks})", [uri, *row])  # noqa: S608  own marks

    def among(self, uris: set[str]) -> set[str]:
        return {str(uri) for chunk in in_chunks(uris) for (uri,) in self._rows("uri", chunk)}

    def commit(self) -> None:
        self._table.commit()

    def close(self) -> None:
        self._table.close()

    def _rows(self, columns: str, uris: list[str]) -> list[Any]:
        marks = ", ".join("?" * len(uris))
        return self._table.execute(f"SELECT {columns} FROM foreseen WHERE uri IN ({marks})", uris).fetchall()  # noqa: S608  own marks
