# SPDX-License-Identifier: Apache-2.0
"""The WSGI application that `ortaq serve` runs in its worker process."""

import ctypes
import gc
import os
import signal
import sys

from django.core.wsgi import get_wsgi_application

from ortaq.site.listening import notice_dead_connections

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def _end_with(server: str) -> None:
    """End when the process *server* does, however it ends: an orphan would keep port and folder."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(server):
        sys.exit(1)


if server := os.environ.get("ORTAQ_SERVER_PROCESS"):
    _end_with(server)
    notice_dead_connections()

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ortaq.site.settings")
application = get_wsgi_application()
gc.freeze()  # what is loaded now stays for good: the collector need not look at it in the middle of a request
