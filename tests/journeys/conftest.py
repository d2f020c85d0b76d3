# SPDX-License-Identifier: Apache-2.0
"""A node with the sample corpus, served by the real command, and a browser that notices what pages must not do."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.conftest import ENGINE, database_url, on_server
from tests.serving import free_port

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = sorted(str(path) for path in (ROOT / "sample").glob("*.jsonl"))
START_SECONDS = 60

# The other database's run takes turns with this one on the same processors: a page may take its time, what it shows may not differ.
expect.set_options(timeout=20_000)


@dataclass
class Site:
    """A running node."""

    url: str
    link: str
    environment: dict[str, str]
    serving: list[subprocess.Popen[bytes]] = field(default_factory=list)
    said: Path = Path("/dev/null")

    def serve_again(self) -> None:
        """Start the node after it was killed."""
        self.serving.append(_serve(self.environment, self.url.rpartition(":")[2], self.said))
        _wait_for(self.url)

    def kill(self) -> None:
        """Kill the node and its processes as a power cut does."""
        os.killpg(self.serving[-1].pid, signal.SIGKILL)
        self.serving.pop().wait(30)

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement past the node, as whoever tampers with its database would."""
        if address := self.environment["ORTAQ_DATABASE_URL"]:
            import psycopg

            with psycopg.connect(address, autocommit=True) as connection:
                cursor = connection.execute(statement.replace("?", "%s"), values)
                return cursor.fetchall() if cursor.description else []
        connection = sqlite3.connect(Path(self.environment["ORTAQ_HOME"]) / "node.sqlite3", timeout=30)
        try:
            rows = connection.execute(statement, values).fetchall()
            connection.commit()
        finally:
            connection.close()
        return rows

    def ortaq(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("ortaq")), *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=300)


@dataclass
class Watch:
    """What the pages of a context did that no page may do."""

    origin: str
    faults: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "about:")):
            self.faults.append(f"asks another host: {request.url}")

    def console(self, message: ConsoleMessage) -> None:
        expected = ("the server responded with a status of", "net::ERR_INTERNET_DISCONNECTED")  # a test cut the line
        is_expected = any(text in message.text for text in expected)
        if message.type in ("error", "warning") and not is_expected:
            self.faults.append(f"logs {message.type}: {message.text}")

    def error(self, error: Any) -> None:
        self.faults.append(f"throws: {error}")


@pytest.fixture
def site(command_environment: dict[str, str], tmp_path: Path) -> Iterator[Site]:
    """A node of this test's own with the sample corpus; its first administrator has not come yet."""
    with served(command_environment, tmp_path) as found:
        yield found


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same, one for all tests that only read."""
    folder, name = tmp_path_factory.mktemp("shared"), f"ortaq_{uuid4().hex[:12]}"
    if ENGINE == "postgresql":
        on_server(f"CREATE DATABASE {name}")
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    environment |= {"ORTAQ_HOME": str(folder / "node"), "ORTAQ_DATABASE_URL": database_url(name)}
    with served(environment, folder) as found:
        yield found
    if ENGINE == "postgresql":
        on_server(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def served(environment: dict[str, str], folder: Path) -> Iterator[Site]:
    """Import the sample and serve it; folder: for what the server says."""
    command = [str(Path(sys.executable).with_name("ortaq"))]
    loaded = subprocess.run([*command, "import", *SAMPLE], env=environment, capture_output=True, text=True)
    assert loaded.returncode == 0, loaded.stderr
    port = free_port()
    said = folder / "serve.log"
    serving = [_serve(environment, str(port), said)]
    try:
        yield Site(f"http://127.0.0.1:{port}", _link_in(said), environment, serving, said)
    finally:
        for process in serving:
            process.terminate()
            process.wait(30)


def _serve(environment: dict[str, str], port: str, said: Path) -> subprocess.Popen[bytes]:
    """Start the node in a process group of its own, so that all of it can be killed."""
    command = [str(Path(sys.executable).with_name("ortaq")), "serve", "--port", port]
    with said.open("a") as log:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)


def _link_in(said: Path) -> str:
    """The path of the one-time link that the node prints when it serves."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if found := re.search(r"http://\S+(/welcome/\S+)\n", said.read_text()):
            _wait_for(found[0].partition("/welcome/")[0])
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"no one-time link was printed: {said.read_text()}")


def _wait_for(url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/about", timeout=5) as answer:
                if 'id="index-complete"' in answer.read().decode():
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"{url} does not answer, or its index does not catch up")


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page as a new visitor: `visit("/search?q=x", java_script_enabled=False)`; at the end nothing may be off."""
    with visitor(site, browser) as open_page:
        yield open_page


@pytest.fixture
def look(shared_site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """The same at the node that is shared."""
    with visitor(shared_site, browser) as open_page:
        yield open_page


@contextmanager
def visitor(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []
    watch = Watch(site.url)

    def open_page(path: str = "/", *, language: str = "en-GB", **more: Any) -> Page:
        context = browser.new_context(base_url=site.url, locale=language, **more)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", watch.request)
        page.on("console", watch.console)
        page.on("pageerror", watch.error)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert watch.faults == []
