# SPDX-License-Identifier: Apache-2.0
"""Connections whose other end has vanished are noticed within a minute, so that a phone in a tunnel holds no thread for ever.

granian sets no time limit on the body of a request. The kernel does, where it is asked to: what is set on a listening socket holds
for every connection that it accepts.
"""

import contextlib
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

_LOOK_SECONDS = 0.5
_LOOKS = 60
# 20 seconds of silence, then a question every 10, and after 3 without an answer the connection is over
_IDLE, _BETWEEN, _TIMES = 20, 10, 3


def notice_dead_connections() -> None:
    """Set it on this worker's listening sockets, as soon as they are there."""
    if sys.platform == "linux":
        threading.Thread(target=_watch, name="keepalive", daemon=True).start()


def _watch() -> None:
    for _ in range(_LOOKS):
        found = list(_listening())
        for number in found:
            _ask_for_signs_of_life(number)
        if found:
            return
        time.sleep(_LOOK_SECONDS)


def _listening() -> Iterator[int]:
    """Yield the numbers of this process's files that are listening TCP sockets."""
    for path in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(int(path.name))) as one:
            is_tcp = one.family in (socket.AF_INET, socket.AF_INET6) and one.type == socket.SOCK_STREAM
            if is_tcp and one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                yield int(path.name)


def _ask_for_signs_of_life(number: int) -> None:
    with socket.socket(fileno=os.dup(number)) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _IDLE)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _BETWEEN)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _TIMES)
