# SPDX-License-Identifier: Apache-2.0
"""The report of an import: per file the counts, per record what became of it and what was lost. Written as it comes, in place at the end."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from ortaq.core.errors import OrtaqError
from ortaq.doors.imports.errors import ReportUnwritable
from ortaq.doors.imports.item import Item
from ortaq.doors.imports.journal import Counts
from ortaq.records.door import Outcome
from ortaq.records.jobs import as_told


def entry(item: Item, source_id: str | None, outcome: Outcome) -> bytes:
    """Return what the report says of one record, a line of JSON; lost and error only where there is something to say.

    A refusal is also kept so that it can be told in any language; `as_reported` leaves that out.
    """
    found: dict[str, Any] = {"position": item.number, "line": item.line, "outcome": outcome.status}
    if source_id is not None:
        found["source_id"] = source_id
    if outcome.uri is not None:
        found["uri"] = outcome.uri
    if item.lost:
        found["lost"] = [lost.as_dict() for lost in item.lost]
    if outcome.error is not None:
        found["error"] = problem(outcome.error)
        found["told"] = as_told(outcome.error)
    return orjson.dumps(found) + b"\n"


def as_reported(line: bytes) -> bytes:
    """Return an entry as the report has it."""
    if b'"told":' not in line:
        return line.rstrip(b"\n")
    found = orjson.loads(line)
    found.pop("told", None)
    return orjson.dumps(found)


def problem(error: OrtaqError) -> dict[str, str]:
    return {"code": error.code, "message": str(error)}


class Report:
    """Writes FILE.partial beside *path* and renames it when everything is said; raises ReportUnwritable."""

    def __init__(self, path: Path) -> None:
        self._path, self._partial = path, path.with_name(path.name + ".partial")
        try:
            self._file = self._partial.open("wb")
        except OSError as error:
            raise ReportUnwritable(file=path, reason=error.strerror or str(error)) from error
        self._file.write(b'{"format": "ortaq-import-report", "version": 1, "files": [')
        self._comma = b"\n"

    def add(self, about: dict[str, Any], entries: Iterable[bytes]) -> None:
        """Write what is to be said of one file, and of its records."""
        self._file.write(self._comma + orjson.dumps(about)[:-1] + b',"records":[')
        self._comma = b",\n"
        separator = b"\n"
        for line in entries:
            self._file.write(separator + as_reported(line))
            separator = b",\n"
        self._file.write(b"]}")

    def finish(self, counts: Counts) -> None:
        self._file.write(b'\n], "counts": ' + orjson.dumps(counts.as_dict()) + b"}\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._partial.replace(self._path)

    @contextmanager
    def writing(self) -> "Iterator[Report]":
        """Leave no half-written report behind, whatever happens."""
        try:
            yield self
        except BaseException:
            self.drop()
            raise

    def drop(self) -> None:
        """Leave no half-written report behind."""
        self._file.close()
        self._partial.unlink(missing_ok=True)
