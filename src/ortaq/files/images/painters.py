# SPDX-License-Identifier: Apache-2.0
"""The processes that draw for this one: started when they are needed, started anew should they die, and few.

A painter that hangs, dies or answers with nonsense is ended; only who asked it gets no picture. See decision 0035.
"""

import atexit
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from ortaq.files.confined import environment
from ortaq.files.errors import PictureBusy
from ortaq.files.images.asked import Drawing
from ortaq.files.images.drawing import Look, Source
from ortaq.files.images.painter import DONE, LENGTH

MOST: Final = 2  # for each worker process
_WAIT_SECONDS: Final = 10
_DRAW_SECONDS: Final = 15  # a little more than painter.py allows itself
_END_SECONDS: Final = 0.2
_MOST_BYTES: Final = 256 * 1024**2


class CannotPaint(Exception):
    """The painter says that it cannot, or it has died over it."""


class _Gone(Exception):
    """The painter is not there any more, or speaks nonsense."""


class _Hangs(Exception):
    """The painter does not answer."""


class Painter:
    """One process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ortaq.files.images.painter"], env=environment(None), bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self.has_answered = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, question: bytes) -> bytes:
        """Return the answer; raises CannotPaint, or _Gone where there is no painter any more."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(LENGTH.pack(len(question)) + question)
        except OSError as error:
            raise _Gone from error
        deadline = time.monotonic() + _DRAW_SECONDS
        head = self._read(1 + LENGTH.size, deadline)
        (length,) = LENGTH.unpack(head[1:])
        if length > _MOST_BYTES:
            raise _Gone
        data = self._read(length, deadline)
        self.has_answered = True
        if head[:1] != DONE:
            raise CannotPaint(data.decode("utf-8", "replace"))
        return data

    def _read(self, count: int, deadline: float) -> bytes:
        assert self._process.stdout is not None
        found = bytearray()
        poll = select.poll()
        poll.register(self._process.stdout, select.POLLIN)
        while len(found) < count:
            left = deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                raise _Hangs
            piece = os.read(self._process.stdout.fileno(), count - len(found))
            if not piece:
                raise _Gone
            found += piece
        return bytes(found)

    @property
    def went_home(self) -> bool:
        """It had been idle for long, or somebody outside has killed it: that says nothing of the image."""
        return self._process.returncode in (0, -signal.SIGKILL)

    def end(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)  # one that has died says how
        self._process.kill()  # it keeps nothing
        self._process.communicate()


class Painters:
    """At most *most* painters; whoever finds all of them at work waits a little."""

    def __init__(self, most: int) -> None:
        self._turns = threading.BoundedSemaphore(most)
        self._idle: list[Painter] = []  # the one that worked last works next: it has images open, others may end
        self._lock = threading.Lock()

    def look(self, source: Source) -> Look:
        """Return how the image measures; raises CannotPaint, PictureBusy."""
        found = json.loads(self._asked(source, None))
        return Look(**found)

    def draw(self, source: Source, drawing: Drawing) -> bytes:
        """Return the drawing as a file; raises CannotPaint, PictureBusy."""
        return self._asked(source, drawing)

    def _asked(self, source: Source, drawing: Drawing | None) -> bytes:
        told = {"source": asdict(source), "drawing": asdict(drawing) if drawing else None}
        question = json.dumps(told).encode()
        with self._turn():
            painter = self._free()
            was_used = painter.has_answered
            try:
                return self._by(painter, question)
            except _Gone:
                if not was_used or not painter.went_home:
                    raise CannotPaint("the painter died over it") from None
            try:
                return self._by(Painter(), question)
            except _Gone:
                raise CannotPaint("the painter died over it") from None

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=_WAIT_SECONDS):
            raise PictureBusy
        try:
            yield
        finally:
            self._turns.release()

    def _free(self) -> Painter:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return Painter()

    def _by(self, painter: Painter, question: bytes) -> bytes:
        try:
            answer = painter.ask(question)
        except CannotPaint:
            self._back(painter)
            raise
        except _Hangs:
            painter.end()
            raise CannotPaint("the painter takes too long over it") from None
        except BaseException:
            painter.end()
            raise
        self._back(painter)
        return answer

    def _back(self, painter: Painter) -> None:
        with self._lock:
            self._idle.append(painter)

    def end(self) -> None:
        """End those that are at rest."""
        with self._lock:
            idle, self._idle = self._idle, []
        for painter in idle:
            painter.end()


PAINTERS: Final = Painters(MOST)
atexit.register(PAINTERS.end)
