# SPDX-License-Identifier: Apache-2.0
"""The jobs that people have begun on pages, such as an import or a change of many records, done in a process beside the server;
and the thread that reads kept files again."""

import threading
from contextlib import AbstractContextManager

import structlog
from django.db import DatabaseError, connection

from ortaq.core.errors import OrtaqError
from ortaq.records.jobs import run_once
from ortaq.site.alone import alone
from ortaq.site.beside import kept_beside, started, stop_when_input_ends
from ortaq.site.errors import told
from ortaq.site.fixing import watch_files

log = structlog.get_logger()
_POLL_SECONDS = 0.5
_RETRY_SECONDS = 5


def worked_beside_server() -> AbstractContextManager[None]:
    """Have a second process do the jobs while the server runs; what it is in the middle of then goes on at the next start."""
    return kept_beside(lambda: started("work"))


def work_until_input_ends() -> None:
    """Body of that process: a piece of a job after the other, and a look for new ones twice a second."""
    stop = stop_when_input_ends()
    threading.Thread(target=watch_files, args=[stop], daemon=True, name="fixity").start()
    while not stop.is_set():
        try:
            with alone("work") as is_alone:
                while not stop.is_set() and is_alone and run_once():
                    pass
        except (OrtaqError, DatabaseError, OSError) as error:
            log.warning("A job could not go on.", **told(error), again_in_seconds=_RETRY_SECONDS)
            connection.close()
            stop.wait(_RETRY_SECONDS)
        stop.wait(_POLL_SECONDS)
