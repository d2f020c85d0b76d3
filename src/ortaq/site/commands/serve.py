# SPDX-License-Identifier: Apache-2.0
"""`ortaq serve`: the web server in worker processes, the index and the jobs in others."""

import os
import signal
import sys

from django.conf import settings
from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from ortaq.doors.web import assets
from ortaq.nodes.identity import identity
from ortaq.people.actions import invite
from ortaq.people.models import Person
from ortaq.people.queries import institutions
from ortaq.people.rules import ADMINISTRATOR
from ortaq.site import node
from ortaq.site.beside import end_when_input_ends
from ortaq.site.exchanger import exchanged_beside_server
from ortaq.site.follower import followed_beside_server
from ortaq.site.ports import check_port
from ortaq.site.worker import worked_beside_server


def serve(host: str, port: int, *, while_input: bool = False) -> None:
    """Serve until interrupted. while_input: and no longer than the standard input lasts. Raises AlreadyServed, PortTaken."""
    with node.served(node.home()):
        check_port(host, port)
        assets.collect()
        _greet(host, port)
        connections.close_all()  # the worker process is forked from this one and must open its own
        os.environ["ORTAQ_SERVER_PROCESS"] = str(os.getpid())
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        if while_input:
            end_when_input_ends()
        with followed_beside_server(), worked_beside_server(), exchanged_beside_server():
            _server(host, port).serve()


def _server(host: str, port: int) -> Granian:
    return Granian(
        "ortaq.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.WORKERS,
        blocking_threads=8,
        backpressure=256,
        workers_kill_timeout=3,  # after Ctrl+C the worker gets the signal twice, from the terminal and from granian, and may hang
        log_access=False,
        log_level=LogLevels.error,
    )


def _greet(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    base = f"http://{shown}:{port}"
    print(f"Node {identity().id} in {node.home()}", file=sys.stderr)
    print(f"Serving {base}/   (stop with Ctrl+C)", file=sys.stderr)
    if not Person.objects.filter(is_keeper=True).exists():
        secret = invite(institutions()[0], ADMINISTRATOR, by=None, is_keeper=True)
        print(f"First administrator, one-time link: {base}/welcome/{secret}", file=sys.stderr)
    sys.stderr.flush()
