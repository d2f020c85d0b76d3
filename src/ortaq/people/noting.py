# SPDX-License-Identifier: Apache-2.0
"""What is written down in passing, while somebody only reads: where that fails, as on a full disk, they read all the same."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import DatabaseError

log = structlog.get_logger()


@contextmanager
def in_passing(what: str) -> Iterator[None]:
    """Go on if the database refuses what is written in this block. what: for the log."""
    try:
        yield
    except DatabaseError as error:
        log.warning("Something could not be noted.", what=what, reason=str(error))
