# SPDX-License-Identifier: Apache-2.0
"""Processes beside a server: started with it, started again should they die, and gone when it is gone, however that ends."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LOOK_SECONDS = 0.25
_AGAIN_SECONDS = 1


def started(*command: str) -> "subprocess.Popen[bytes]":
    """Start `ortaq COMMAND…`. Its standard input is closed when this process ends, and then it ends too."""
    return subprocess.Popen([sys.executable, "-m", "ortaq.site.cli", *command], stdin=subprocess.PIPE)


def stop_when_input_ends() -> threading.Event:
    """Return an event that is set when whoever started this process wants it to end, or is gone."""
    stop = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        stop.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    return stop


def end_when_input_ends() -> None:
    """Let this process end as by SIGTERM when whoever started it wants that, or is gone."""

    def end() -> None:
        while os.read(0, 4096):  # not by sys.stdin: a process that is forked meanwhile would wait for its lock for ever
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end, daemon=True).start()


@contextmanager
def kept_beside(start: Callable[[], "subprocess.Popen[bytes]"]) -> Iterator[None]:
    """Keep the process that *start* starts running; on leaving, wait until it has ended what it does."""
    stop = threading.Event()

    def keep() -> None:
        while not stop.is_set():
            process = start()
            while process.poll() is None and not stop.wait(_LOOK_SECONDS):
                pass
            if process.stdin:
                process.stdin.close()
            process.wait()
            stop.wait(_AGAIN_SECONDS)

    keeper = threading.Thread(target=keep, name="keeper of a process", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()
