# SPDX-License-Identifier: Apache-2.0
"""How often somebody may ask: a bucket that fills again with time, for every asker, shared by the worker processes of a machine.

Each bucket is one instant, the moment at which it will be full again (the generic cell rate algorithm, ATM Forum 1996), so the table
is a file of fixed size that the processes map: no asker, however many they are, makes it grow or drives out more than a neighbour.
"""

import fcntl
import hashlib
import math
import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings

_SLOT: Final = struct.Struct("<Qd")  # who, as eight bytes of a digest; when their bucket is full again, Unix time
_WAYS: Final = 4  # slots in which one asker may stand: whoever waits longest to be full again keeps theirs
_ROWS: Final = 16_384
_ROW_BYTES: Final = _SLOT.size * _WAYS
log = structlog.get_logger()
_guard = threading.Lock()
_tables: dict[Path, "_Table"] = {}


@dataclass(frozen=True, slots=True)
class Rate:
    """asks: how many within *seconds*, all at once or one by one; 0 sets no limit."""

    name: str
    asks: int
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class Taken:
    """remaining: asks that are left now; reset: seconds until the bucket is full; wait: seconds to wait, 0 if this ask is allowed."""

    rate: Rate
    remaining: int
    reset: int
    wait: int


def take(rate: Rate, who: str, *, asks: int = 1, now: float | None = None) -> Taken:
    """Take *asks* out of the bucket of *who*, if they are there; asks=0 only looks."""
    if not rate.asks:
        return Taken(rate, 0, 0, 0)
    moment = time.time() if now is None else now
    each, whole = rate.seconds / rate.asks, float(rate.seconds)
    with _table().row_of(f"{rate.name}\0{who}") as row:
        full_at = max(row.full_at, moment)
        after = full_at + each * asks
        # A hair of tolerance: the sum of many small floats may come out above the whole.
        is_allowed = after - moment <= whole + each / 1000 and full_at + each - moment <= whole + each / 1000
        if is_allowed and asks:
            row.keep(full_at := after)
    left = whole - (full_at - moment)
    wait = 0 if is_allowed else max(1, math.ceil(each * max(asks, 1) - left))
    return Taken(rate, max(0, math.floor(left / each + 0.001)), math.ceil(full_at - moment), wait)


@dataclass(slots=True)
class _Row:
    """The slots in which one asker may stand, locked while they are looked at."""

    table: mmap.mmap
    start: int
    who: int
    place: int = 0
    full_at: float = 0.0

    def look(self) -> None:
        slots = [_SLOT.unpack_from(self.table, self.start + way * _SLOT.size) for way in range(_WAYS)]
        own = next((way for way, (who, _) in enumerate(slots) if who == self.who), None)
        if own is None:
            self.place = min(range(_WAYS), key=lambda way: slots[way][1])
        else:
            self.place, self.full_at = own, slots[own][1]

    def keep(self, full_at: float) -> None:
        _SLOT.pack_into(self.table, self.start + self.place * _SLOT.size, self.who, full_at)


class _Table:
    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._map = self._mapped()
        self._lock = threading.Lock()

    def _mapped(self) -> mmap.mmap:
        """Map the file, all of whose blocks are there before: a page without one, on a full disk, would end the process by SIGBUS."""
        try:
            os.posix_fallocate(self._file, 0, _ROWS * _ROW_BYTES)
        except OSError as error:
            log.warning(
                "There is no room for what worker processes count together; each counts alone.", reason=str(error)
            )
            return mmap.mmap(-1, _ROWS * _ROW_BYTES)
        return mmap.mmap(self._file, _ROWS * _ROW_BYTES)

    def close(self) -> None:
        self._map.close()
        os.close(self._file)

    @contextmanager
    def row_of(self, who: str) -> Iterator[_Row]:
        """Yield the slots of *who*, which no other thread and no other process looks at meanwhile."""
        digest = hashlib.blake2b(who.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        row = _Row(
            self._map, int.from_bytes(digest[8:], "little") % _ROWS * _ROW_BYTES, int.from_bytes(digest[:8], "little")
        )
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX, _ROW_BYTES, row.start)
            try:
                row.look()
                yield row
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, _ROW_BYTES, row.start)


def _table() -> _Table:
    """The table of this node; a process has one node, and a test that has another closes the one before."""
    path = Path(settings.HOME) / "cache" / "rates"
    with _guard:
        if path not in _tables:
            for former in _tables.values():
                former.close()
            _tables.clear()
            _tables[path] = _Table(path)
        return _tables[path]
