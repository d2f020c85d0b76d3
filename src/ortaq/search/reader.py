# SPDX-License-Identifier: Apache-2.0
"""The index as a process reads it: opened once, looked at again whenever a commit has changed it."""

import threading
from collections.abc import Hashable
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog
import tantivy

from ortaq.records.queries import newest_position
from ortaq.search.errors import IndexAbsent, IndexDamaged
from ortaq.search.index import index_folder, position_in
from ortaq.search.schema import open_index

log = structlog.get_logger()
_MOST_KEPT: Final = 500
T = TypeVar("T")
_readers: dict[Path, "Reader"] = {}
_lock = threading.Lock()


class View:
    """The index as one commit left it; it stays so while others are made. kept: what was worked out from it."""

    __slots__ = ("generation", "kept", "searcher")

    def __init__(self, searcher: tantivy.Searcher, generation: tuple[int, int]) -> None:
        self.searcher, self.generation = searcher, generation
        self.kept: dict[Hashable, Any] = {}

    def keep(self, key: Hashable, value: T) -> T:
        """Keep *value* until the next commit, unless too much is kept; return it."""
        if len(self.kept) >= _MOST_KEPT:
            self.kept.clear()
        self.kept[key] = value
        return value


class Reader:
    """One open index."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._index: tantivy.Index | None = None
        self._view: View | None = None

    def view(self) -> View:
        """Return the view of the newest commit; raises IndexAbsent, IndexDamaged."""
        try:
            found = (self._folder / "meta.json").stat()
        except FileNotFoundError:
            raise IndexAbsent from None
        generation = (found.st_ino, found.st_mtime_ns)
        with self._lock:
            if self._view is None or generation != self._view.generation:
                self._view = View(self._newest(), generation)
            return self._view

    def _newest(self) -> tantivy.Searcher:
        """Return a searcher of the newest commit; IndexAbsent while the first one is still being made."""
        try:
            index, here = self._opened()
        except (ValueError, OSError) as error:
            self._index = None
            log.warning("The search index is damaged.", folder=str(self._folder), reason=str(error))
            raise IndexDamaged from error
        if not here and newest_position():
            raise IndexAbsent
        return index.searcher()

    def _opened(self) -> tuple[tantivy.Index, int]:
        """Return the index at its newest commit and its position."""
        if self._index is not None:
            try:
                return self._index, position_in(self._index)[0]
            except (ValueError, OSError):
                log.info("The search index was made anew.", folder=str(self._folder))
        self._index = open_index(self._folder)
        return self._index, position_in(self._index)[0]


def reader() -> Reader:
    """Return the reader of this node's index."""
    folder = index_folder()
    with _lock:
        return _readers.setdefault(folder, Reader(folder))
