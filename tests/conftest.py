# SPDX-License-Identifier: Apache-2.0
"""What every test can use: a node of its own, on the engine that ORTAQ_TEST_DATABASE names (sqlite or postgresql).

Marks are set from what a test uses: `db` with a database, `journey` in tests/journeys (a browser), `soak` in
tests/soak, `unit` otherwise. Each test has an own data folder; nothing outside the temporary folder is written.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from django.conf import settings

from tests.factories import Write, write_opinion, write_place
from tests.postgres import PostgresServer

TESTS = Path(__file__).parent
ENGINE = os.environ.get("ORTAQ_TEST_DATABASE", "sqlite")
CHROMIUM = os.environ.get("ORTAQ_CHROMIUM", "/usr/bin/chromium")
SERVER_URL = "ORTAQ_TEST_SERVER_URL"  # set by the first process of a run for its workers
USES_DATABASE = {"db", "transactional_db", "django_db_setup", "command_environment", "three"}
server: PostgresServer | None = None

# Machines differ too much for a deadline; CI looks at the same examples every time, other runs at new ones.
hypothesis.settings.register_profile("ortaq", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("ortaq")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the database, then let Django read its settings; pytest-django sets it up after this."""
    global server
    if ENGINE not in ("sqlite", "postgresql"):
        raise pytest.UsageError(f"ORTAQ_TEST_DATABASE is '{ENGINE}'; write sqlite or postgresql")
    if ENGINE == "postgresql" and SERVER_URL not in os.environ:
        server = PostgresServer()
        os.environ[SERVER_URL] = server.url()
    os.environ["ORTAQ_HOME"] = "/dev/null/no-home"  # a test that does not use its own `home` fails
    os.environ["ORTAQ_DATABASE_URL"] = database_url("ortaq")
    os.environ["DJANGO_SETTINGS_MODULE"] = "ortaq.site.settings"
    database = settings.DATABASES["default"]  # read from here on, so that pytest-django sets Django up
    folder = tempfile.mkdtemp(prefix="ortaq-tests-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    settings.CACHES["shared"]["LOCATION"] = f"{folder}/cache"
    if ENGINE == "sqlite":  # a file as in real life: Django's own choice is shared memory, which locks otherwise
        database.setdefault("TEST", {})["NAME"] = f"{folder}/test.sqlite3"


def pytest_unconfigure(config: pytest.Config) -> None:
    if server is not None:
        server.stop()


def pytest_report_header() -> str:
    return f"database: {ENGINE}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it uses."""
    for item in items:
        if item.path.is_relative_to(TESTS / "soak"):
            item.add_marker(pytest.mark.soak)
        if item.path.is_relative_to(TESTS / "journeys"):
            item.add_marker(pytest.mark.journey)
        elif item.get_closest_marker("django_db") or USES_DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.db)
        else:
            item.add_marker(pytest.mark.unit)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the proof that nothing leaks has looked at, from all processes of the run."""
    from tests.leaks.table import lines

    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    found = list(lines(value for report in reports for name, value in report.user_properties if name == "leaks"))
    if found:
        terminalreporter.section("nothing leaks")
        terminalreporter.write_line("\n".join(found))


def database_url(name: str) -> str:
    """The ORTAQ_DATABASE_URL of database *name* on the engine of this run; empty for SQLite in the data folder."""
    return os.environ[SERVER_URL].replace("/postgres?", f"/{name}?") if ENGINE == "postgresql" else ""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of this test, also for code that asks Django's settings; it does not exist yet."""
    monkeypatch.setattr(settings, "HOME", tmp_path / "node")
    return tmp_path / "node"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of a process: Playwright can be begun only once in it."""
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: run 'make test', which installs it, or set ORTAQ_CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def node(db: None, home: Path) -> Any:
    """The identity of a node of this test's own, in this process."""
    from ortaq.nodes.identity import create_node

    return create_node("Test node")


@pytest.fixture
def place(node: Any) -> Write:
    """Write a place at the node of this test."""
    return write_place


@pytest.fixture
def opinion(node: Any) -> Write:
    """Give an opinion at the node of this test."""
    return write_opinion


@pytest.fixture
def command_environment(home: Path) -> Iterator[dict[str, str]]:
    """Environment in which the command `ortaq` has a node of its own, with an empty database."""
    name = f"ortaq_{uuid4().hex[:12]}"
    if ENGINE == "postgresql":
        on_server(f"CREATE DATABASE {name}")
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    yield {**environment, "ORTAQ_HOME": str(home), "ORTAQ_DATABASE_URL": database_url(name)}
    if ENGINE == "postgresql":
        on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ortaq(command_environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Call the command `ortaq` on the node of this test: `ortaq("search", "Шәки").stdout`."""

    def call(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
        command = [Path(sys.executable).with_name("ortaq"), *arguments]
        return subprocess.run(command, env=command_environment, capture_output=True, text=True, timeout=300, **more)

    return call


def on_server(statement: str) -> None:
    """Run one statement on the PostgreSQL server of this run, outside any transaction."""
    import psycopg

    with psycopg.connect(os.environ[SERVER_URL], autocommit=True) as connection:
        connection.execute(statement)
