# SPDX-License-Identifier: Apache-2.0
"""A node that is served as in real life: a process of its own on a port of its own. Import `serve` to have the fixture."""

import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import pytest

from tests.interruption import ORTAQ

START_SECONDS = 60


@dataclass
class ServedNode:
    """A running `ortaq serve`: its port, and what it has said so far."""

    port: int
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @property
    def first_link(self) -> str:
        """The path of the one-time link for the first administrator."""
        return next(found[1] for line in self.lines if (found := re.search(r"http://[^/]+(/welcome/\S+)", line)))

    def kill(self, *, family: bool) -> None:
        """`kill -9`. family: its children with it; otherwise they have to notice by themselves."""
        if family:
            os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


Serve = Callable[[], ServedNode]


@pytest.fixture
def serve(command_environment: dict[str, str]) -> Iterator[Serve]:
    """Serve the node of this test; again after a stop or a kill."""
    started: list[ServedNode] = []

    def start() -> ServedNode:
        node = started_node(command_environment)
        started.append(node)
        return node

    yield start
    for node in started:
        node.stop()
        if node.process.stderr:
            node.process.stderr.close()


def served_again(serve: Serve) -> ServedNode:
    """Start the node anew; children of a killed server may take a moment to notice and let go of the folder."""
    for _ in range(20):
        try:
            return serve()
        except BaseException as refusal:
            if "already-served" not in str(refusal):
                raise
            time.sleep(0.5)
    return serve()


def started_node(environment: dict[str, str]) -> ServedNode:
    """Return a node that answers; fail with what it said if it does not."""
    port = free_port()
    process = subprocess.Popen(
        [ORTAQ, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    node = ServedNode(port, process)
    threading.Thread(target=lambda: node.lines.extend(process.stderr or ()), daemon=True).start()
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return node
        time.sleep(0.05)
    pytest.fail(f"the node did not start:\n{''.join(node.lines)}")


def free_port() -> int:
    """Return a port that nothing has, below those that the system gives to connections: none of these can take it meanwhile."""
    for port in _PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise AssertionError("every port is taken")


def _each_port_once() -> Iterator[int]:
    """Suites at the same time begin far from each other."""
    first = os.getpid() * 7_919 % len(_RANGE)
    yield from (*_RANGE[first:], *_RANGE[:first])


_RANGE: Final = range(12_000, 32_000)
_PORTS: Final = _each_port_once()
