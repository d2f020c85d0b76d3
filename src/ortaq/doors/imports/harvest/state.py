# SPDX-License-Identifier: Apache-2.0
"""How far the harvest of a repository has come: kept in the data folder, written after each page that is in the log."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from django.conf import settings

from ortaq.doors.imports.harvest.errors import AlreadyHarvesting


@dataclass(slots=True)
class State:
    """token: where a harvest that was stopped goes on; began_at: by the repository's clock, when the present one began;
    since: from when the next one asks, which is when the last whole one began."""

    token: str = ""
    began_at: str = ""
    since: str = ""


@contextmanager
def kept_state(base: str, prefix: str, shelf: str) -> Iterator[tuple[State, Path]]:
    """Give the state of the harvest of one set in one format; nobody else harvests it meanwhile. Raises AlreadyHarvesting."""
    folder = Path(settings.HOME) / "harvests"
    folder.mkdir(mode=0o700, exist_ok=True)
    name = hashlib.sha256(f"{base}\0{prefix}\0{shelf}".encode()).hexdigest()[:32]
    with (folder / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyHarvesting(url=base) from error
        file = folder / f"{name}.json"
        yield _read(file), file


def _read(file: Path) -> State:
    try:
        found = orjson.loads(file.read_bytes())
        return State(*(str(found[name]) for name in ("token", "began_at", "since")))
    except (OSError, ValueError, KeyError, TypeError):
        return State()  # it begins anew, which changes nothing that is here already


def write_state(state: State, file: Path) -> None:
    partial = file.with_suffix(".partial")
    with partial.open("wb") as stream:
        stream.write(orjson.dumps(asdict(state)))
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(file)
