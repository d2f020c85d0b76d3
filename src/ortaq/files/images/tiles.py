# SPDX-License-Identifier: Apache-2.0
"""What was drawn last, kept in memory up to a number of bytes; what was not asked for longest goes first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

_LARGE: Final = 8  # what takes more than this part of the room would drive out all else, and is not kept


class Kept:
    """Bytes by key. most: returns how many bytes all of them may take."""

    def __init__(self, most: Callable[[], int]) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> bytes | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Hashable, data: bytes) -> None:
        most = self._most()
        if len(data) > most // _LARGE:
            return
        with self._lock:
            self._bytes += len(data) - len(self._kept.pop(key, b""))
            self._kept[key] = data
            while self._bytes > most:
                self._bytes -= len(self._kept.popitem(last=False)[1])

    def __len__(self) -> int:
        return len(self._kept)
