# SPDX-License-Identifier: Apache-2.0
"""The index as a process reads it: opened once, looked at again whenever a commit has changed it."""

import threading
from pathlib import Path

import tantivy
from django.conf import settings

from ortaq.search.errors import IndexAbsent, IndexDamaged
from ortaq.search.index import index_folder
from ortaq.search.schema import open_index

_readers: dict[Path, "Reader"] = {}
_lock = threading.Lock()


class Reader:
    """One open index; `searcher()` is a view of its newest commit, `generation` names that commit."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._index: tantivy.Index | None = None
        self._searcher: tantivy.Searcher | None = None
        self.generation: tuple[int, int] = (0, 0)

    def searcher(self) -> tantivy.Searcher:
        """Raises IndexAbsent, IndexDamaged."""
        try:
            found = (self._folder / "meta.json").stat()
        except FileNotFoundError:
            raise IndexAbsent(home=settings.HOME) from None
        generation = (found.st_ino, found.st_mtime_ns)
        with self._lock:
            if self._searcher is None or generation != self.generation:
                self._searcher, self.generation = self._newest(), generation
            return self._searcher

    def _newest(self) -> tantivy.Searcher:
        try:
            if self._index is not None:
                self._index.reload()
                return self._index.searcher()
        except (ValueError, OSError):
            pass  # the folder was made anew under us
        try:
            self._index = open_index(self._folder)
            self._index.reload()
            return self._index.searcher()
        except (ValueError, OSError) as error:
            self._index = None
            raise IndexDamaged(folder=self._folder, reason=error) from error


def reader() -> Reader:
    """Return the reader of this node's index."""
    folder = index_folder()
    with _lock:
        return _readers.setdefault(folder, Reader(folder))
