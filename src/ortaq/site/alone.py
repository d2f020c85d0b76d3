# SPDX-License-Identifier: Apache-2.0
"""Work that one process of a node does at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def alone(work: str) -> Iterator[bool]:
    """Tell whether this process may do *work*: an earlier server's may still be at it. The lock goes with the process that has it."""
    with (Path(settings.HOME) / f"{work}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
