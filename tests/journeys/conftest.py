# SPDX-License-Identifier: Apache-2.0
"""A node that is served as in real life, and a browser before it.

    def test_reader_finds_a_town(served: ServedNode, page: Page) -> None:
        served.ortaq("import", "towns.jsonl")
        page.goto(served.url)

Every page that a test opens is also watched: a script error, a breach of the Content-Security-Policy or a
request to another host fails the test at its end.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_SECONDS = 60


@dataclass
class ServedNode:
    """A running `ortaq serve`: where it is, the one-time link that it printed, and its command."""

    url: str
    process: subprocess.Popen[str]
    environment: dict[str, str]
    ortaq: Callable[..., subprocess.CompletedProcess[str]]
    lines: list[str] = field(default_factory=list)

    @property
    def first_link(self) -> str:
        """The link for the first administrator."""
        return next(found[0] for line in self.lines if (found := re.search(r"http://\S+/welcome/\S+", line)))

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


@pytest.fixture
def serve(
    command_environment: dict[str, str], ortaq: Callable[..., subprocess.CompletedProcess[str]]
) -> Iterator[Callable[[], ServedNode]]:
    """Start the node of this test, also a second time after `stop`."""
    started: list[ServedNode] = []

    def start() -> ServedNode:
        port = free_port()
        command = [Path(sys.executable).with_name("ortaq"), "serve", "--port", str(port)]
        process = subprocess.Popen(
            command, env=command_environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        node = ServedNode(f"http://127.0.0.1:{port}", process, command_environment, ortaq)
        started.append(node)
        threading.Thread(target=keep_lines, args=(process, node.lines), daemon=True).start()
        wait_until_served(node, port)
        return node

    yield start
    for node in started:
        node.stop()
        if node.process.stderr:
            node.process.stderr.close()


@pytest.fixture
def served(serve: Callable[[], ServedNode]) -> ServedNode:
    """A new, empty node that is being served."""
    return serve()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium, from Debian's package (or ORTAQ_CHROMIUM)."""
    chromium = os.environ.get("ORTAQ_CHROMIUM") or shutil.which("chromium")
    assert chromium, "Chromium is missing; run: make setup-tests (or: apt-get install chromium)"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that knows no one yet; what goes wrong behind it fails the test."""
    context = browser.new_context(locale="en", viewport={"width": 1280, "height": 900})
    faults: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            faults.append(f"console: {message.text}")

    def asked(request: Request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None, ""):
            faults.append(f"request to another host: {request.url}")

    context.on("console", heard)
    context.on("weberror", lambda error: faults.append(f"script: {error.error}"))
    context.on("request", asked)
    yield context.new_page()
    context.close()
    assert faults == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def keep_lines(process: subprocess.Popen[str], lines: list[str]) -> None:
    """Read what the node says, so that it never waits for a reader."""
    lines.extend(process.stderr or ())


def wait_until_served(node: ServedNode, port: int) -> None:
    """Return once the node answers; fail with what it said if it does not."""
    for _ in range(START_SECONDS * 10):
        if node.process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"the node did not start:\n{''.join(node.lines)}")
