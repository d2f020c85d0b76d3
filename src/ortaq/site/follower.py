# SPDX-License-Identifier: Apache-2.0
"""Index, notices and the list for harvesters keep up with the log, in a process of its own beside a server or an import."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import structlog
from django.db import DatabaseError, connection

from ortaq.core.errors import OrtaqError
from ortaq.search.errors import IndexHeld
from ortaq.search.index import Follower
from ortaq.site.beside import kept_beside, started, stop_when_input_ends
from ortaq.site.errors import told
from ortaq.site.sweeping import sweep_now_and_then

log = structlog.get_logger()
_POLL_SECONDS = 0.25
_SERVER_SECONDS = 0.0  # beside a server each look ends in a commit: a new record is found at once
_IMPORT_SECONDS = 10.0  # beside an import commits are few: one costs 80 ms, and small ones are merged again
_RETRY_SECONDS = 5


@contextmanager
def followed_by_process() -> Iterator[None]:
    """Run a second process that indexes what is written meanwhile; on leaving, wait until it has everything.

    It ends by itself when this process does, however that ends: its standard input is closed then.
    """
    process = _start(_IMPORT_SECONDS)
    try:
        yield
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait()


def followed_beside_server() -> AbstractContextManager[None]:
    """As `followed_by_process`, and start another one should it die."""
    return kept_beside(lambda: _start(_SERVER_SECONDS))


def _start(seconds: float) -> "subprocess.Popen[bytes]":
    return started("follow", "--commit-after", str(seconds))


def follow_until_input_ends(seconds: float) -> None:
    """Body of that second process: index and tell until the standard input ends, then once more; try again after a fault.

    seconds: for which documents may wait for their commit
    """
    stop = stop_when_input_ends()
    threading.Thread(target=sweep_now_and_then, args=[stop], daemon=True).start()
    while True:
        try:
            _follow(stop, seconds)
            return
        except IndexHeld:  # a server or another import keeps the index; it does the work
            if stop.wait(_POLL_SECONDS):
                return
        except (OrtaqError, DatabaseError, OSError, ValueError) as error:
            log.warning("The index could not follow the log.", **told(error), again_in_seconds=_RETRY_SECONDS)
            connection.close()
            if stop.wait(_RETRY_SECONDS):
                return


def _follow(stop: threading.Event, seconds: float) -> None:
    from ortaq.doors.harvest.following import catch_up as list_up  # late: app ready
    from ortaq.notices.following import catch_up as tell  # late: app ready
    from ortaq.site.daily import Daily  # late: app ready

    daily = Daily() if seconds == _SERVER_SECONDS else None
    with Follower() as follower:
        told_at = time.monotonic()
        while not stop.wait(_POLL_SECONDS):
            follower.catch_up(commit_after=seconds)
            if time.monotonic() - told_at >= seconds:
                tell()
                list_up()
                told_at = time.monotonic()
            if daily:
                daily.look()
        follower.catch_up()
        tell()
        list_up()


def catch_up_if_free() -> None:
    """Bring the index up to the log, or give the process that keeps it a moment to do so."""
    from ortaq.records.queries import newest_position  # late: app ready
    from ortaq.search.index import position  # late: app ready

    try:
        with Follower() as follower:
            follower.catch_up()
    except IndexHeld:
        end = time.monotonic() + 10
        while position() < newest_position() and time.monotonic() < end:
            time.sleep(0.1)
