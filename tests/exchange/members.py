# SPDX-License-Identifier: Apache-2.0
"""Three real nodes that exchange: each a process, a folder and a database of its own, reached by the others through a wire."""

import contextlib
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests import independent_verifier
from tests.conftest import ENGINE, database_url, on_server
from tests.exchange.wire import Wire
from tests.fuzzing import token_for
from tests.interruption import ORTAQ
from tests.serving import free_port

START_SECONDS = 90
COME_SECONDS = 120  # until everybody has everything, also after long silence: a partner that was away is asked again at most so rarely
_COUNTRIES = {"Baku": "AZ", "Astana": "KZ", "Bishkek": "KG"}
_ROUNDS = """
import sys
from ortaq.site.node import open_node
open_node(create=False)
from ortaq.doors.feed.exchanging import Exchange
from ortaq.nodes import partners
for _ in range(int(sys.argv[2])):
    Exchange().once(partners.partner_of(sys.argv[1]))
"""


@dataclass
class Answer:
    """What the API said."""

    status: int
    body: Any
    etag: str


@dataclass
class Member:
    """One of the nodes."""

    name: str
    folder: Path
    database: str
    port: int = field(default_factory=free_port)
    more: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    id: str = ""
    token: str = ""

    def __post_init__(self) -> None:
        self.wire = Wire(self.port)

    @property
    def address(self) -> str:
        """Where the others reach it: at the wire."""
        return f"http://127.0.0.1:{self.wire.port}"

    @property
    def home(self) -> Path:
        return self.folder / self.name

    @property
    def environment(self) -> dict[str, str]:
        theirs = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        return theirs | {
            "ORTAQ_HOME": str(self.home),
            "ORTAQ_DATABASE_URL": self.database,
            "ORTAQ_NAME": self.name,
            "ORTAQ_NAMES": f"en=Node of {self.name}",
            "ORTAQ_COUNTRIES": _COUNTRIES[self.name],
            "ORTAQ_ADDRESS": self.address,
            "ORTAQ_HOSTS": "127.0.0.1",
            "ORTAQ_REACHABLE": "127.0.0.0/8",
            "ORTAQ_WORKERS": "1",
            **self.more,
        }

    def start(self) -> None:
        """Serve, and wait until it answers."""
        with (self.folder / f"{self.name}.log").open("ab") as said:
            self.process = subprocess.Popen(
                [ORTAQ, "serve", "--port", str(self.port)],
                env=self.environment,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        until = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < until, self.said()
            time.sleep(0.1)

    def answers(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.ask("GET", "/.well-known/ortaq").status == 200
        return False

    def said(self) -> str:
        return (self.folder / f"{self.name}.log").read_text()

    def kill(self) -> None:
        """`kill -9`, it and all its processes."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
            self.process = None

    def ortaq(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([ORTAQ, *arguments], env=self.environment, capture_output=True, text=True, timeout=600)

    def rounds(self, source: "Member", count: int) -> None:
        """Ask *source* so many times what is new, in a process of its own, beside the one that does it all the time."""
        command = [sys.executable, "-c", _ROUNDS, source.id, str(count)]
        subprocess.run(command, env=self.environment, check=True, capture_output=True, timeout=600)

    def write(self, count: int, label: str) -> None:
        """Let the node write so many places."""
        file = self.folder / f"{self.name}-{label}.jsonl"
        lines = (
            json.dumps({"kind": "place", "source_id": f"{label}:{number}", "title": {"az": f"Kənd {label} {number}"}})
            for number in range(count)
        )
        file.write_text("\n".join(lines) + "\n", "utf-8")
        done = self.ortaq("import", file)
        assert done.returncode == 0, done.stderr

    def ask(self, method: str, path: str, body: Any = None, *, etag: str = "") -> Answer:
        """Ask the node itself, not by the wire; as the person that writes there, if somebody does."""
        headers = {"Content-Type": "application/json"} | ({"If-Match": etag} if etag else {})
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            data = response.read()
            return Answer(response.status, json.loads(data) if data else None, response.getheader("ETag") or "")
        finally:
            connection.close()

    def page(self, path: str) -> str:
        """A page of it as a stranger reads it; also one that says that nothing is there."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        if self.database:
            import psycopg

            with psycopg.connect(self.database, autocommit=True) as connection:
                return connection.execute(statement).fetchall()
        connection = sqlite3.connect(self.home / "node.sqlite3", timeout=30)
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()

    def heads(self) -> dict[str, int]:
        """Node → how far its log is here; a gap would show as fewer changes than that."""
        found = self.rows("SELECT node, MAX(seq), COUNT(*) FROM records_change GROUP BY node")
        assert all(seq == count for _node, seq, count in found), found
        return {node: seq for node, seq, _count in found}

    def changes(self) -> set[tuple[str, int, str]]:
        """(node, seq, digest of the header) of every change that is here, by code that is not ours."""
        members = ("node", "seq", "prior", "record", "kind", "version", "at", "by", "audience", "digest")
        names = ", ".join(f'"{one}"' for one in members)
        headers = [dict(zip(members, row, strict=True)) for row in self.rows(f"SELECT {names} FROM records_change")]
        return {(one["node"], one["seq"], independent_verifier.multihash(one)) for one in headers}

    def key(self) -> str:
        return str(self.rows(f"SELECT public FROM nodes_key WHERE node_id = '{self.id}'")[0][0])


@dataclass
class Federation:
    """The three, and what can happen to them."""

    baku: Member
    astana: Member
    bishkek: Member

    @property
    def members(self) -> tuple[Member, Member, Member]:
        return self.baku, self.astana, self.bishkek

    def begin(self) -> None:
        for one in self.members:
            one.start()
            one.id = str(one.ask("GET", "/.well-known/ortaq").body["node"])
            one.token = token_for(one.environment, "steward")
        for asking, asked in combinations(self.members, 2):
            self.join(asking, asked)

    def join(self, asking: Member, asked: Member) -> None:
        for done in (asking.ortaq("partner", "add", asked.address), asked.ortaq("partner", "accept", asking.address)):
            assert done.returncode == 0, done.stderr

    def divide(self, alone: Member, *others: Member) -> None:
        """Nothing passes between *alone* and the others, who still reach each other."""
        alone.wire.barred = {one.key() for one in others}
        for one in others:
            one.wire.barred = {alone.key()}
        self._drop()

    def heal(self) -> None:
        for one in self.members:
            one.wire.barred = set()
            one.wire.cut = lambda: None
            one.wire.answering = None
        self._drop()

    def _drop(self) -> None:
        for one in self.members:
            one.wire.drop()

    def wait_until_same(self, among: Sequence[Member] = ()) -> float:
        """Return after how many seconds all have every log as far as its owner has it."""
        members, began = among or self.members, time.monotonic()
        while True:
            heads = [one.heads() for one in members]
            if all(found == heads[0] for found in heads):
                return time.monotonic() - began
            seconds = time.monotonic() - began
            assert seconds < COME_SECONDS, (heads, "".join(one.said()[-2000:] for one in members))
            time.sleep(0.2)

    def compare(self, among: Sequence[Member] = ()) -> int:
        """All come to hold the same set, without gaps; return how many changes that are."""
        members = among or self.members
        self.wait_until_same(members)
        here = [one.changes() for one in members]
        assert all(found == here[0] for found in here)
        return len(here[0])

    def check(self, among: Sequence[Member] = ()) -> int:
        """The same, and every node is clean and refused nothing for good."""
        members = among or self.members
        count = self.compare(members)
        with ThreadPoolExecutor(2) as threads:
            for done in threads.map(lambda one: one.ortaq("verify"), members):
                assert done.returncode == 0, done.stdout + done.stderr
        for one in members:
            assert one.rows("SELECT code FROM nodes_quarantined WHERE settled_at IS NULL") == []
            assert one.rows("SELECT * FROM nodes_fork") == []
        return count


@contextlib.contextmanager
def federation(folder: Path, more: dict[str, dict[str, str]] | None = None) -> Iterator[Federation]:
    """Three nodes with an empty log each, partners of each other, on the database of this run. more: settings, by name of a node."""
    databases = {name: f"ortaq_{uuid4().hex[:12]}" for name in _COUNTRIES}
    if ENGINE == "postgresql":
        for database in databases.values():
            on_server(f"CREATE DATABASE {database}")
    found = Federation(*(Member(name, folder, database_url(databases[name])) for name in _COUNTRIES))
    for one in found.members:
        one.more = (more or {}).get(one.name, {})
    try:
        found.begin()
        yield found
    finally:
        for one in found.members:
            one.stop()
            one.wire.close()
        if ENGINE == "postgresql":
            for database in databases.values():
                on_server(f"DROP DATABASE {database} WITH (FORCE)")


def seconds_until(is_so: Callable[[], bool], *, since: float, most: float = 10) -> float:
    """Return how long it took until *is_so*; five seconds are promised, a busy machine gets ten. since: by the monotonic clock."""
    while not is_so():
        seconds = time.monotonic() - since
        assert seconds < most
        time.sleep(0.05)
    return time.monotonic() - since


def link_in(said: str) -> str:
    """The path of the newest one-time link that a node has printed."""
    return re.findall(r"http://\S+(/welcome/\S+)", said)[-1]
