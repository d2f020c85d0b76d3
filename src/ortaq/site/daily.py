# SPDX-License-Identifier: Apache-2.0
"""What the node does once a day beside the server: send the digests."""

import threading
import time

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from ortaq.core.errors import OrtaqError

log = structlog.get_logger()
_LOOK_SECONDS = 60
_AGAIN_SECONDS = 900  # after a mail server was silent


class Daily:
    """Looks at the clock when asked; sends in a thread, so that the index does not wait for a mail server."""

    def __init__(self) -> None:
        self._next_look = time.monotonic()
        self._thread: threading.Thread | None = None

    def look(self) -> None:
        if time.monotonic() < self._next_look or (self._thread and self._thread.is_alive()):
            return
        self._next_look = time.monotonic() + _LOOK_SECONDS
        if is_due():
            self._thread = threading.Thread(target=self._send, daemon=True, name="digests")
            self._thread.start()

    def _send(self) -> None:
        try:
            send_todays()
        except OrtaqError as error:
            log.warning("The digests were not sent.", reason=str(error), again_in_seconds=_AGAIN_SECONDS)
            self._next_look = time.monotonic() + _AGAIN_SECONDS
        finally:
            connection.close()


def is_due() -> bool:
    """Tell whether today's digests are still to be sent; the hour is that of the node's time zone."""
    from ortaq.notices.queries import day_of_digest  # late: app ready

    now = timezone.localtime()
    return (
        settings.DIGEST_HOUR is not None
        and now.hour >= settings.DIGEST_HOUR
        and day_of_digest() < now.date().toordinal()
    )


def send_todays() -> None:
    """Send, then note the day: what was stopped half-way is taken up again."""
    from ortaq.doors.mail.digest import send_digests  # late: app ready
    from ortaq.notices.actions import note_digest  # late: app ready

    today = timezone.localtime().date().toordinal()
    send_digests()
    note_digest(today)
