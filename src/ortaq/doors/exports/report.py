# SPDX-License-Identifier: Apache-2.0
"""The report of an export: per record what its document does not say, by field. Written as it comes, in place at the end."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from ortaq.core.lost import Lost
from ortaq.doors.exports.errors import ExportUnwritable


class Report:
    """Writes FILE.partial beside *path* and renames it when everything is said; raises ExportUnwritable."""

    def __init__(self, path: Path, format_name: str) -> None:
        self._path, self._partial = path, path.with_name(path.name + ".partial")
        self._counts = {"records_out": 0, "whole": 0, "left_out": 0}
        try:
            self._file = self._partial.open("wb")
        except OSError as error:
            raise ExportUnwritable(file=path, reason=error.strerror or str(error)) from error
        head = {"format": "ortaq-export-report", "version": 1, "of": format_name}
        self._file.write(orjson.dumps(head)[:-1] + b',"records":[')
        self._separator = b"\n"

    def add(self, uri: str, kind: str, lost: Sequence[Lost]) -> None:
        """Say what the document of one record does not."""
        self._counts["records_out"] += 1
        self._counts["whole"] += not lost
        self._line({"uri": uri, "kind": kind, "lost": [one.as_dict() for one in lost]})

    def leave_out(self, uri: str, kind: str) -> None:
        """Say that the format has nothing for a record of that kind."""
        self._counts["left_out"] += 1
        self._line({"uri": uri, "kind": kind, "outcome": "left_out"})

    def _line(self, about: dict[str, Any]) -> None:
        self._file.write(self._separator + orjson.dumps(about))
        self._separator = b",\n"

    @contextmanager
    def writing(self) -> "Iterator[Report]":
        """Leave a whole report behind, or none."""
        try:
            yield self
            self._file.write(b'\n],"counts":' + orjson.dumps(self._counts) + b"}\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._partial.replace(self._path)
        except BaseException:
            self._file.close()
            self._partial.unlink(missing_ok=True)
            raise
