# SPDX-License-Identifier: Apache-2.0
"""The wire between a node and those who ask it: it can be cut after any byte, and it can let some through and others not."""

import contextlib
import socket
import threading
from collections.abc import Callable


class Wire:
    """Listens on a port of its own and passes everything on to the node behind it.

    cut        says after how many bytes of the answers a connection is cut; None: not at all
    barred     public keys of nodes that do not come through
    answering  what answers in the place of the node behind it, one request of a connection; None: the node
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.cut: Callable[[], int | None] = lambda: None
        self.barred: set[str] = set()
        self.answering: Callable[[socket.socket], None] | None = None
        self.cuts = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def drop(self) -> None:
        """Cut everything that is open now."""
        with self._lock:
            for one in list(self._open):
                _close(one)
            self._open.clear()

    def close(self) -> None:
        _close(self._listening)
        self.drop()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                asking, _ = self._listening.accept()
                threading.Thread(target=self._pass, args=(asking,), daemon=True).start()

    def _answer(self, asking: socket.socket, answering: Callable[[socket.socket], None]) -> None:
        with self._lock:
            self._open.add(asking)
        with contextlib.suppress(OSError):
            answering(asking)
        with self._lock:
            self._open.discard(asking)
        _close(asking)

    def _pass(self, asking: socket.socket) -> None:
        """The first request says who asks; a connection is of one node."""
        if self.answering is not None:
            return self._answer(asking, self.answering)
        with contextlib.suppress(OSError):
            begun = head_of(asking)
            if not begun or any(key.encode() in begun for key in self.barred):
                return _close(asking)
            answering = socket.create_connection(("127.0.0.1", self.target), timeout=60)
            with self._lock:
                self._open |= {asking, answering}
            answering.sendall(begun)
            threading.Thread(target=self._pump, args=(asking, answering, None), daemon=True).start()
            return self._pump(answering, asking, self.cut())
        return _close(asking)

    def _pump(self, source: socket.socket, target: socket.socket, most: int | None) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if most is not None and passed + len(data) > most:
                    target.sendall(data[: most - passed])
                    self.cuts += 1
                    break
                target.sendall(data)
                passed += len(data)
        with self._lock:
            self._open -= {source, target}
        _close(source)
        _close(target)


def head_of(asking: socket.socket) -> bytes:
    asking.settimeout(60)
    begun = b""
    while b"\r\n\r\n" not in begun and len(begun) < 65536:
        data = asking.recv(65536)
        if not data:
            return b""
        begun += data
    return begun


def _close(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
