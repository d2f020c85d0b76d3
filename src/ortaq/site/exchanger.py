# SPDX-License-Identifier: Apache-2.0
"""Exchange with partners, in a process beside the server: a thread for each partner, which waits at the partner for news."""

import threading
import time
from contextlib import AbstractContextManager, nullcontext

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from ortaq.core.errors import OrtaqError
from ortaq.site.beside import kept_beside, started, stop_when_input_ends
from ortaq.site.errors import told

log = structlog.get_logger()
_LOOK_SECONDS = 1.0
_WAIT_SECONDS = 20
_LONGEST_PAUSE_SECONDS = 60
_NO_PLACE_SECONDS = 2.0
_FILES_SECONDS, _FILES_AFTER_FAULT_SECONDS = 3.0, 60.0


def exchanged_beside_server() -> AbstractContextManager[None]:
    """Keep exchanging while the server runs; a node without an address has nobody who could ask it."""
    return kept_beside(lambda: started("exchange")) if settings.ADDRESS else nullcontext()


def exchange_until_input_ends() -> None:
    """Body of that process: two threads for each partner that there is, or comes to be: large files keep no opinion waiting."""
    stop = stop_when_input_ends()
    threads: dict[tuple[str, str], threading.Thread] = {}
    while not stop.wait(_LOOK_SECONDS):
        for node in _exchanging():
            for what, body in (("log", _follow), ("files", _fetch)):
                if (node, what) not in threads or not threads[node, what].is_alive():
                    thread = threading.Thread(target=body, args=(node, stop), name=f"{what} of {node}", daemon=True)
                    threads[node, what] = thread
                    thread.start()


def _exchanging() -> list[str]:
    from ortaq.nodes.partners import exchanging  # late: app ready

    try:
        return [partner.node_id for partner in exchanging()]
    except DatabaseError as error:
        log.warning("The partners could not be read.", **told(error))
        connection.close()
        return []


def _follow(node: str, stop: threading.Event) -> None:
    """Round after round with one partner, until it is paused or ended; after a fault a while later, sooner if it asks us."""
    from ortaq.doors.feed.exchanging import Exchange  # late: app ready
    from ortaq.nodes.models import Partner  # late: app ready

    exchange = Exchange()
    try:
        while not stop.is_set():
            partner = Partner.objects.select_related("node").get(pk=node)
            if not partner.exchanges:
                return
            began = time.monotonic()
            done = exchange.once(partner, wait=_WAIT_SECONDS)
            if done.error is not None:
                _pause(node, partner.failures, stop)
            elif not done.accepted and time.monotonic() - began < _LOOK_SECONDS:
                stop.wait(
                    _NO_PLACE_SECONDS
                )  # it keeps nobody waiting just now: as many wait as it lets, and news may come late
    except (OrtaqError, DatabaseError, OSError) as error:
        log.warning("Exchange with a partner broke off.", partner=node, **told(error))
        stop.wait(_LOOK_SECONDS * 5)
    finally:
        connection.close()


def _fetch(node: str, stop: threading.Event) -> None:
    """Look now and then for files that the partner's records name, and that somebody here waits for."""
    from ortaq.doors.feed.files import FileRounds  # late: app ready
    from ortaq.nodes.models import Partner  # late: app ready

    rounds = FileRounds()
    try:
        while not stop.is_set():
            partner = Partner.objects.select_related("node").get(pk=node)
            if not partner.exchanges:
                return
            done = rounds.once(partner) if not partner.failures else None
            for error in done.errors if done else ():
                log.warning(
                    "A file of a partner could not be fetched.", partner=node, code=error.code, reason=str(error)
                )
            if not (done and done.has_more and not done.is_cut_off):
                _rest(node, stop, _FILES_AFTER_FAULT_SECONDS if done and done.errors else _FILES_SECONDS)
    except (OrtaqError, DatabaseError, OSError) as error:
        log.warning("The files of a partner could not be fetched.", partner=node, **told(error))
        stop.wait(_FILES_AFTER_FAULT_SECONDS)
    finally:
        connection.close()


def _rest(node: str, stop: threading.Event, seconds: float) -> None:
    """Wait, after a fault longer, but not while somebody has just asked for a file."""
    from ortaq.records.wanting import is_one_new  # late: app ready

    until = time.monotonic() + seconds
    while not stop.wait(_FILES_SECONDS):
        if time.monotonic() >= until or is_one_new(node):
            return


def _pause(node: str, failures: int, stop: threading.Event) -> None:
    from ortaq.nodes.models import Partner  # late: app ready

    for _second in range(min(2**failures, _LONGEST_PAUSE_SECONDS)):
        if stop.wait(_LOOK_SECONDS) or Partner.objects.filter(pk=node, failures=0).exists():
            return
