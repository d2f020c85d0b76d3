# SPDX-License-Identifier: Apache-2.0
"""The index keeps up with the log: in a thread beside the server, or in a process of its own beside an import."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import DatabaseError, connection

from ortaq.core.errors import OrtaqError
from ortaq.search.index import Follower, IndexHeld

log = structlog.get_logger()
_POLL_SECONDS = 0.3


def follow(stop: threading.Event) -> None:
    """Keep the index up to the log until *stop* is set, then once more."""
    with Follower() as follower:
        while True:
            stopping = stop.is_set()
            follower.catch_up()
            if stopping:
                return
            stop.wait(_POLL_SECONDS)


def follow_beside_server(stop: threading.Event) -> threading.Thread:
    """Start a thread that follows until *stop* is set and tries again after a fault."""

    def run() -> None:
        while not stop.is_set():
            try:
                follow(stop)
            except (OrtaqError, DatabaseError, OSError, ValueError) as error:
                log.warning("The index could not follow the log; trying again in 5 seconds.", reason=str(error))
                connection.close()
                stop.wait(5)

    thread = threading.Thread(target=run, name="index", daemon=True)
    thread.start()
    return thread


@contextmanager
def followed_by_process() -> Iterator[None]:
    """Run a second process that indexes what is written meanwhile; on leaving, wait until it has everything.

    It ends by itself when this process does, however that ends: its standard input is closed then.
    """
    process = subprocess.Popen([sys.executable, "-m", "ortaq.site.cli", "follow"], stdin=subprocess.PIPE)
    try:
        yield
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait()


def follow_until_input_ends() -> None:
    """Body of that second process. Where a server holds the index already, it leaves the work to it."""
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    follow(stop)


def catch_up_if_free() -> None:
    """Bring the index up to the log, unless another process keeps it anyway."""
    try:
        with Follower() as follower:
            follower.catch_up()
    except IndexHeld:
        log.info("The index is kept by another process.")
