# SPDX-License-Identifier: Apache-2.0
"""The index follows the log: it has its position in itself, so that whatever stops it, it goes on where it was."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import structlog
import tantivy
from django.conf import settings

from ortaq.files.room import is_full
from ortaq.nodes.identity import identity
from ortaq.records.following import Present, live_records, present_since
from ortaq.records.queries import newest_position
from ortaq.search.document import document
from ortaq.search.errors import IndexHeld
from ortaq.search.schema import fingerprint, open_index

log = structlog.get_logger()

_WINDOW: Final = 2_000  # changes read at a time
_COMMIT_EVERY: Final = 50_000  # a commit costs about 80 ms
_HEAP_BYTES: Final = 96_000_000
Progress = Callable[[int], None]


def index_folder() -> Path:
    """Return where the index of this release lies."""
    return Path(settings.HOME) / "index" / fingerprint()


class Follower:
    """The one writer of the index; use it in a `with`. Raises IndexHeld if another process is."""

    def __init__(self) -> None:
        self._folder = index_folder()
        self._writer: tantivy.IndexWriter | None = None
        self._read = self._uncommitted = 0
        self._committed_at = time.monotonic()

    def __enter__(self) -> Self:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self._folder.parent / "writer.lock")
        try:
            self._open()
        except BaseException:
            self._lock.close()
            raise
        self._read = self._position
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._writer is not None:
                self._writer.wait_merging_threads()
        finally:
            self._writer = None
            self._lock.close()

    def _open(self) -> None:
        """Open the index; one that is damaged, or tells of another log, is begun anew."""
        self._drop_others()
        try:
            self._index = open_index(self._folder)
            self._position, node = position_in(self._index)
        except (ValueError, OSError) as error:
            if is_full(error):  # it is whole; what it lacks is room
                raise
            log.warning("The search index is damaged and is built anew.", folder=str(self._folder), reason=str(error))
            self._begin_anew()
            return
        if self._position and (node != identity().id or self._position > newest_position()):
            log.warning("The search index is of another log and is built anew.", folder=str(self._folder))
            self._begin_anew()

    def _begin_anew(self) -> None:
        shutil.rmtree(self._folder)
        self._index, self._position = open_index(self._folder), 0

    def _drop_others(self) -> None:
        for other in self._folder.parent.iterdir():
            if other.is_dir() and other != self._folder:
                log.info("The search index of another release is removed and built anew.", folder=str(other))
                shutil.rmtree(other)

    def position(self) -> int:
        """Return the position in the log up to which the index has everything."""
        return self._position

    def catch_up(self, progress: Progress | None = None, *, commit_after: float = 0.0) -> int:
        """Bring the index up to the end of the log; return how many documents changed.

        commit_after: seconds for which documents may wait for others to be committed with; 0 commits what there is.
        """
        end, count = newest_position(), 0
        while self._read < end:
            until = min(self._read + _WINDOW, end)
            replaced = self._replace(present_since(self._read, until))
            self._read, count, self._uncommitted = until, count + replaced, self._uncommitted + replaced
            if self._uncommitted >= _COMMIT_EVERY:
                self._commit(until)
            if progress:
                progress(count)
        if self._read > self._position and time.monotonic() - self._committed_at >= commit_after:
            self._commit(self._read)
        return count

    def rebuild(self, progress: Progress | None = None) -> int:
        """Make every document anew, unseen by readers until the end; return their number."""
        end, last, count = newest_position(), 0, 0
        self._writing().delete_all_documents()
        while rows := live_records(last, _WINDOW):
            count, last = count + self._add(rows), rows[-1].id
            if progress:
                progress(count)
        self._commit(end)
        return count

    def _replace(self, records: Iterable[Present]) -> int:
        writer, count = self._writing(), 0
        for record in records:
            # A first version too may be here already: a rebuild reads what is written while it runs.
            writer.delete_documents_by_term("id", record.id)
            count += 1
            if record.body is not None:
                writer.add_document(document(record.id, record.kind, record.version, record.audience, record.body))
        return count

    def _add(self, records: Iterable[Present]) -> int:
        writer, count = self._writing(), 0
        for record in records:
            if record.body is not None:
                writer.add_document(document(record.id, record.kind, record.version, record.audience, record.body))
                count += 1
        return count

    def _commit(self, here: int) -> None:
        """Documents and position become visible at once, or neither."""
        writer = self._writing()
        writer.delete_documents_by_query(tantivy.Query.exists_query("position"))
        mark = {"meta": [f"node:{identity().id}"], "position": here}
        writer.add_document(tantivy.Document.from_dict(mark))
        writer.commit()
        self._position = self._read = here
        self._uncommitted, self._committed_at = 0, time.monotonic()

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(_HEAP_BYTES, 1)
        return self._writer


def position() -> int:
    """Return the position in the log up to which the index of this node has everything; 0 if there is no index yet."""
    folder = index_folder()
    if not (folder / "meta.json").exists():
        return 0
    try:
        return position_in(open_index(folder))[0]
    except (ValueError, OSError):
        return 0


def position_in(index: tantivy.Index) -> tuple[int, str]:
    """Return the position that the index has, and the node whose log it follows; 0 if it is empty."""
    index.reload()
    searcher = index.searcher()
    hits = searcher.search(tantivy.Query.exists_query("position"), 1).hits
    if not hits:
        return 0, ""
    mark = searcher.doc(hits[0][1])
    return mark.get_first("position") or 0, str(mark.get_first("meta")).partition(":")[2]


def _locked(file: Path) -> IO[str]:
    stream = file.open("a+", encoding="ascii")  # stays open for as long as the lock is held
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stream.close()
        raise IndexHeld(home=settings.HOME, process=file.read_text("ascii") or "?") from None
    stream.truncate(0)
    stream.write(str(os.getpid()))
    stream.flush()
    return stream
