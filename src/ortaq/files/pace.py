# SPDX-License-Identifier: Apache-2.0
"""How fast bytes may be read in the background: so many a second, with a rest whenever more were read."""

import threading
import time
from typing import Final

A_FILE: Final = (
    64 * 1024
)  # what opening a file is counted as: a thousand small ones move the arm of a disk as much as some large ones
_MOST_REST_SECONDS = 1.0


class Stopped(Exception):
    """Whoever reads in the background is to end; what was noted stays."""


class Pace:
    """per_second: bytes, None for as fast as it goes; stop: set when the work is to end."""

    def __init__(self, per_second: int | None = None, stop: threading.Event | None = None) -> None:
        self._per_second, self._stop = per_second, stop or threading.Event()
        self._free_at = time.monotonic()

    def spend(self, count: int) -> None:
        """Count *count* bytes, and rest until they were not too many. Raises Stopped."""
        if self._stop.is_set():
            raise Stopped
        if self._per_second is None:
            return
        now = time.monotonic()
        self._free_at = max(self._free_at, now) + count / self._per_second
        while (rest := self._free_at - time.monotonic()) > 0:
            if self._stop.wait(min(rest, _MOST_REST_SECONDS)):
                raise Stopped
