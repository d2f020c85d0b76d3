# SPDX-License-Identifier: Apache-2.0
"""How far the import of a file has come: kept in the data folder until the file is done, so that an interrupted one goes on where it stopped.

Each batch adds the entries of its records and then, after its transaction, a mark. What follows the last mark is not believed.
The journal is dropped when the file, the wishes or the log that it speaks of are not those of before.
"""

import fcntl
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import orjson

from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.imports.item import START, Mark
from ortaq.doors.imports.source import Source, printable
from ortaq.records.queries import head_of_log, is_in_log


class AlreadyImporting(OrtaqError):
    code, status = "import.already-running", 409
    say = N_("%(file)s is being imported by another process. Wait until it has finished.")


@dataclass(slots=True)
class Counts:
    """records_in = made + revised + unchanged + refused; the also_… are authority records that came with them."""

    records_in: int = 0
    made: int = 0
    revised: int = 0
    unchanged: int = 0
    refused: int = 0
    also_made: int = 0
    also_revised: int = 0

    def as_dict(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}

    def count(self, status: str) -> None:
        """Count one record whose outcome is *status*."""
        self.records_in += 1
        setattr(self, status, getattr(self, status) + 1)

    def add(self, other: "Counts") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Journal:
    """mark and counts: where the import stands; entries: what `ortaq import --report` says of each record."""

    path: Path
    node: str
    header: bytes
    file: IO[bytes]
    mark: Mark = START
    counts: Counts = field(default_factory=Counts)

    def add(self, entries: list[bytes], mark: Mark, counts: Counts) -> None:
        """Note a batch whose transaction is committed."""
        self.mark, self.counts = mark, counts
        state = {"mark": [mark.number, mark.line, mark.end], "counts": counts.as_dict(), "log": head_of_log(self.node)}
        self.file.write(b"".join([*entries, orjson.dumps(state), b"\n"]))
        self.file.flush()

    def entries(self) -> Iterator[bytes]:
        """Yield the entries of all records so far, each a line of JSON."""
        self.file.flush()
        self.file.seek(0)
        self.file.readline()
        for line in self.file:
            if not line.startswith(b'{"mark"'):
                yield line
        self.file.seek(0, 2)

    def close(self, *, is_done: bool) -> None:
        """Let go of the file; a journal that is done is removed."""
        if is_done:
            self.path.unlink(missing_ok=True)
        self.file.close()


def source_ids_in(entries: Iterable[bytes]) -> Iterator[tuple[str, int]]:
    """Yield the source id and the line of each record that has one."""
    for line in entries:
        about = orjson.loads(line)
        if "source_id" in about:
            yield about["source_id"], about["line"]


def open_journal(folder: Path, source: Source, wishes: Mapping[str, Any], node: str) -> Journal:
    """Return the journal of *source*, standing where the last import of it stopped; raises AlreadyImporting."""
    head = hashlib.sha256(source.head).hexdigest()
    about = {
        "file": printable(source.path.resolve()),
        "bytes": source.size,
        "changed": source.changed_ns,
        "head": head,
        "node": node,
        **wishes,
    }
    header = orjson.dumps(about, option=orjson.OPT_SORT_KEYS) + b"\n"
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(f"{about['file']}\n{source.size}\n{head}".encode()).hexdigest()[:32]
    journal = Journal(folder / f"{name}.jsonl", node, header, _locked(folder / f"{name}.jsonl", source))
    _go_on(journal)
    return journal


def _locked(path: Path, source: Source) -> IO[bytes]:
    file = path.open("a+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise AlreadyImporting(file=source.path) from None
    return file


def _go_on(journal: Journal) -> None:
    """Take up the last mark that can be believed, or begin anew."""
    journal.file.seek(0)
    believed = 0
    if journal.file.readline() == journal.header:
        for line in iter(journal.file.readline, b""):
            if line.startswith(b'{"mark"') and (state := _state(line)) and is_in_log(journal.node, *state["log"]):
                journal.mark, journal.counts, believed = (
                    Mark(*state["mark"]),
                    Counts(**state["counts"]),
                    journal.file.tell(),
                )
    journal.file.seek(believed)
    journal.file.truncate()
    if not believed:
        journal.file.write(journal.header)
        journal.file.flush()


def _state(line: bytes) -> dict[str, Any] | None:
    try:
        state: dict[str, Any] = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return state
