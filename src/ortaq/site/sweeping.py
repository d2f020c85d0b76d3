# SPDX-License-Identifier: Apache-2.0
"""Abandoned uploads and files go by themselves: every hour beside a server, with a look through the whole store once a day."""

import threading
import time

import structlog
from django.db import DatabaseError, connection

from ortaq.core.errors import OrtaqError

log = structlog.get_logger()
_EVERY_SECONDS = 3600
_WHOLE_EVERY_SECONDS = 24 * 3600
_FIRST_AFTER_SECONDS = 20  # a server that starts has better things to do


def sweep_now_and_then(stop: threading.Event) -> None:
    """Body of a thread: sweep until *stop* is set."""
    wait, whole_at = float(_FIRST_AFTER_SECONDS), 0.0
    while not stop.wait(wait):
        wait = _EVERY_SECONDS
        is_whole = time.monotonic() >= whole_at
        if _swept(whole_store=is_whole) and is_whole:
            whole_at = time.monotonic() + _WHOLE_EVERY_SECONDS


def _swept(*, whole_store: bool) -> bool:
    from ortaq.doors.web.importing import folders  # late: app ready
    from ortaq.files.actions import sweep  # late: app ready
    from ortaq.records.attaching import named_by_copies  # late: app ready
    from ortaq.records.wanting import drop_previews  # late: app ready

    try:
        counts = {**sweep(named_by_copies, whole_store=whole_store), "imports": folders.sweep()}
        counts["previews"] = drop_previews() if whole_store else 0
    except (OrtaqError, DatabaseError, OSError) as error:
        log.warning("What was abandoned could not be swept.", reason=str(error))
        return False
    finally:
        connection.close()
    if any(counts.values()):
        log.info("What was abandoned is gone.", **counts)
    return True
