# SPDX-License-Identifier: Apache-2.0
"""The nodes of the demonstration: each `ortaq serve` in a process and a folder of its own, as three ministries would run them."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from ortaq.site.errors import DemoLate, DemoStopped

HOST: Final = "127.0.0.1"
START_SECONDS: Final = 120
_LOOK_SECONDS: Final = 0.2
_END_SECONDS: Final = 20
_LINK = re.compile(r"http://\S+/welcome/\S+")


@dataclass(frozen=True)
class Town:
    """Where a node stands. countries: whose heritage it answers for, its own first."""

    name: str
    names: str
    countries: tuple[str, ...]


TOWNS: Final = (
    Town("Baku", "az=Bakı qovşağı;ru=Узел Баку;en=Node of Baku", ("AZ", "TR")),
    Town("Astana", "kk=Астана түйіні;ru=Узел Астаны;en=Node of Astana", ("KZ", "UZ")),
    Town("Bishkek", "ky=Бишкек түйүнү;ru=Узел Бишкека;en=Node of Bishkek", ("KG", "TM")),
)


@dataclass
class TownNode:
    """The node of a town, in a folder of its own."""

    town: Town
    root: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None
    id: str = ""
    _said_before: int = field(default=0, repr=False)

    @property
    def name(self) -> str:
        return self.town.name

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def home(self) -> Path:
        return self.root / self.name.casefold()  # ascii: name of a folder

    @property
    def said(self) -> Path:
        """What the node says while it serves."""
        return self.home.with_suffix(".log")

    def environment(self) -> dict[str, str]:
        """Return settings of its own; those of whoever starts the demonstration are for another node."""
        theirs = {name: value for name, value in os.environ.items() if not name.startswith("ORTAQ_")}
        return theirs | {
            "ORTAQ_HOME": str(self.home),
            "ORTAQ_NAME": f"Node of {self.name}",
            "ORTAQ_NAMES": self.town.names,
            "ORTAQ_COUNTRIES": self.town.countries[0],
            "ORTAQ_ADDRESS": self.address,
            "ORTAQ_REACHABLE": "127.0.0.0/8",
            "ORTAQ_WORKERS": "1",
        }

    def start(self) -> None:
        """Serve in a session of its own: an interrupt at the terminal reaches it through us, once."""
        with self.said.open("ab") as said:
            self._said_before = said.tell()
            self.process = subprocess.Popen(
                [*_ORTAQ, "serve", "--port", str(self.port), "--while-input"],
                env=self.environment(),
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def wait_until_it_answers(self) -> None:
        """Raises DemoStopped, DemoLate."""
        self.wait_until(lambda: self.asked("/.well-known/ortaq") is not None, "it does not answer")
        self.id = str((self.asked("/.well-known/ortaq") or {})["node"])

    def wait_until(self, is_so: Callable[[], bool], otherwise: str) -> None:
        """Wait until *is_so*; raises DemoStopped, DemoLate with *otherwise*."""
        end = time.monotonic() + START_SECONDS
        while not is_so():
            self.check_that_it_runs()
            if time.monotonic() > end:
                raise DemoLate(node=self.name, seconds=START_SECONDS, reason=otherwise)
            time.sleep(_LOOK_SECONDS)

    def check_that_it_runs(self) -> None:
        """Raises DemoStopped with the last line that it said."""
        if self.process is not None and self.process.poll() is not None:
            raise DemoStopped(node=self.name, reason=_last_line(self._said_now()), said=self.said)

    def asked(self, path: str) -> dict[str, Any] | None:
        """Return what the node answers everyone, as JSON; None as long as it answers something else, or not at all."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=10) as answer:  # noqa: S310 - http, to this machine
                found = orjson.loads(answer.read())
        except (OSError, orjson.JSONDecodeError):
            return None
        return found if isinstance(found, dict) else None

    def shows(self, uri: str) -> bool:
        """Tell whether everyone finds the record here."""
        return self.asked(f"/api/records/{uri.removeprefix('urn:ortaq:')}") is not None

    def ortaq(self, *arguments: str) -> str:
        """Run `ortaq` on this node and return what it printed; raises DemoStopped with what it refused."""
        done = subprocess.run(
            [*_ORTAQ, *arguments],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            with self.said.open("a", encoding="utf-8") as said:
                said.write(done.stderr)
            raise DemoStopped(node=self.name, reason=_last_line(done.stderr), said=self.said)
        return done.stdout

    def partners(self) -> list[dict[str, Any]]:
        """Return what `ortaq partner list` knows of each."""
        return [orjson.loads(line) for line in self.ortaq("partner", "list", "--json").splitlines()]

    @property
    def link(self) -> str | None:
        """The one-time link of its first administrator; None if that person has come."""
        found = _LINK.findall(self._said_now())
        return found[-1] if found else None

    def _said_now(self) -> str:
        with self.said.open("rb") as said:
            said.seek(self._said_before)
            return said.read().decode("utf-8", "replace")


_ORTAQ: Final = (sys.executable, "-m", "ortaq.site.cli")


def _last_line(text: str) -> str:
    """Return the last line of *text* as a part of a sentence."""
    line = next((line for line in reversed(text.splitlines()) if line.strip()), "it says nothing")
    return line.removeprefix("ortaq: ").rstrip(". ")


def end(nodes: Iterable[TownNode]) -> None:
    """Let all end what they do, at the same time; one that does not within a while is killed."""
    processes = [node.process for node in nodes if node.process is not None]
    for process in processes:
        if process.stdin:
            process.stdin.close()
    until = time.monotonic() + _END_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # its session is its own: nobody else is in it
            process.wait()
