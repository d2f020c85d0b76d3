# SPDX-License-Identifier: Apache-2.0
"""A really running `ortaq serve`, and clients that ask it over HTTP on the loopback."""

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from bench.process import ORTAQ, Failed, Peak, environment, watched

START_SECONDS = 120

# Counting the requests belongs to what is measured, being stopped by it does not.
_UNBOUND = {"ORTAQ_API_STRANGER_RATE": "1000000000"}


class Client:
    """One visitor with a connection that stays open."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, address: str) -> bytes:
        """Return the body; raises Failed unless it is a 200."""
        self.connection.request("GET", address)
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise Failed(f"GET {address} answered {response.status}: {body[:300]!r}")
        return body


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(home: Path, records: int, *, port: int = 0, address: str = "") -> Iterator[tuple[int, Peak]]:
    """Serve the node in *home*, which has so many *records*, while the block runs; gives its port and the peak of its memory.

    address  under which other nodes on this machine know it
    """
    port = port or free_port()
    partners = {"ORTAQ_ADDRESS": address, "ORTAQ_REACHABLE": "127.0.0.0/8"} if address else {}
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [ORTAQ, "serve", "--port", str(port)],
            env=environment(home, **_UNBOUND, **partners),
            stdout=said,
            stderr=said,
        )
        try:
            _wait(process, port, records, said)
            with watched(process.pid) as peak:
                yield port, peak
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _wait(process: subprocess.Popen[bytes], port: int, records: int, said: IO[str]) -> None:
    """Return once searches are answered: the server listens and its index has everything."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, Failed):
            if json.loads(Client(port).get("/api/search?limit=1"))["total"] == records:
                return
        time.sleep(0.2)
    said.seek(0)
    raise Failed(f"ortaq serve did not find its records:\n{said.read()[-2000:]}")


def together(ask: Callable[[Any, Any], Any], clients: Sequence[Any], things: Sequence[Any]) -> list[float]:
    """Let *clients* ask for *things* at once, each for its share, one after the other; return the seconds of each answer."""
    found: list[float] = []
    failures: list[Failed] = []

    def work(client: Any, share: Sequence[Any]) -> None:
        for thing in share:
            started = time.perf_counter()
            try:
                ask(client, thing)
            except Failed as failure:
                failures.append(failure)
                return
            found.append(time.perf_counter() - started)

    threads = [
        threading.Thread(target=work, args=(client, things[number :: len(clients)]))
        for number, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return found
