# SPDX-License-Identifier: Apache-2.0
"""`ortaq demo` as somebody meets it who has just installed it: three nodes, a dialogue between them, and nothing left behind."""

import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ortaq.site.sample import lines
from tests.interruption import ORTAQ
from tests.serving import free_port

READY_SECONDS = 150


@contextmanager
def demonstration(port: int, *arguments: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the demonstration; yield its process, and what it printed until it was ready."""
    environment = {**os.environ, "TMPDIR": str(folder), "ORTAQ_HOME": str(folder / "of-somebody-else")}
    command = [ORTAQ, "demo", "--port", str(port), *arguments]
    with (folder / "said").open("w+") as said:
        process = subprocess.Popen(
            command, env=environment, stdout=said, stderr=said, text=True, preexec_fn=_hear_ctrl_c
        )
        try:
            yield process, waited(process, folder / "said")
        finally:
            process.kill()
            process.wait()


def _hear_ctrl_c() -> None:
    """A shell lets what it starts with & ignore Ctrl+C, and so would this demonstration, if the suite was started so."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def waited(process: subprocess.Popen[str], said: Path) -> str:
    until = time.monotonic() + READY_SECONDS
    while "Ctrl+C" not in said.read_text():
        assert process.poll() is None and time.monotonic() < until, said.read_text()
        time.sleep(0.2)
    return said.read_text()


def three_free_ports() -> int:
    ports = [free_port() for _ in range(3)]
    while ports[2] != ports[0] + 2:
        ports = [*ports[1:], free_port()]
    return ports[0]


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def gone(port: int) -> bool:
    """Tell whether all three have ended within a while."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if not any(answers(port + number) for number in range(3)):
            return True
        time.sleep(0.2)
    return False


def logs(home: Path) -> set[tuple[str, int, str]]:
    """(node, seq, digest of the header before) of every change that a node of the demonstration has."""
    with sqlite3.connect(home / "node.sqlite3") as database:
        return set(database.execute("SELECT node, seq, prior FROM records_change").fetchall())


def partners(home: Path) -> list[dict[str, Any]]:
    """What `ortaq partner list` knows of each."""
    command = [ORTAQ, "partner", "list", "--json", "--home", str(home)]
    done = subprocess.run(
        command, env=os.environ | {"ORTAQ_DATABASE_URL": ""}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.read().decode()


def test_demonstration_shows_a_dialogue_of_three_nodes_and_comes_back(tmp_path: Path) -> None:
    kept, port = tmp_path / "kept", three_free_ports()
    with demonstration(port, "--home", str(kept), folder=tmp_path) as (process, said):
        links = re.findall(r"http://127.0.0.1:(\d+)/welcome/\S+", said)
        assert [int(found) for found in links] == [port, port + 1, port + 2]
        palace = page(re.search(r"as Bishkek shows it: (\S+)", said)[1])  # type: ignore[index]
        assert all(text in palace for text in ("Restorer from Baku", "Engineer from Samarkand", "heritage adviser"))
        roadmap = page(re.search(r"reply of Baku: (\S+)", said)[1])  # type: ignore[index]
        assert roadmap.index("Architect from Turkistan") < roadmap.index("Restorer from Baku")
        assert len({cookie_of(port + number) for number in range(3)}) == 3  # one browser signs in at all three
        second = refused(three_free_ports(), "--home", str(kept))
        assert f"stopped: home.already-served: {(kept / 'baku').resolve()} is served already" in second
        assert "with --home. What it said" in second
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0
    assert gone(port)
    here = [logs(kept / name) for name in ("baku", "astana", "bishkek")]
    assert here[0] == here[1] == here[2]
    assert len({change[:2] for change in here[0]}) == len(lines()) + 3  # and what each node says of itself
    assert not (tmp_path / "of-somebody-else").exists()

    # at other ports: each tells the others where it is now, and they go on there
    other = three_free_ports()
    with demonstration(other, "--home", str(kept), folder=tmp_path) as (process, _said):
        found = partners(kept / "astana")
        assert {one["address"] for one in found} == {f"http://127.0.0.1:{other}", f"http://127.0.0.1:{other + 2}"}
        assert {one["state"] for one in found} == {"exchanges"}
        process.kill()
        assert gone(other)  # the nodes notice by themselves
    again = [logs(kept / name) for name in ("baku", "astana", "bishkek")]
    assert again[0] == again[1] == again[2] > here[0]


def cookie_of(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/sign-in")
    cookie = connection.getresponse().getheader("Set-Cookie") or ""
    connection.close()
    return cookie.partition("=")[0]


def refused(port: int, *arguments: str) -> str:
    """What a demonstration says that cannot be."""
    done = subprocess.run([ORTAQ, "demo", "--port", str(port), *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    return done.stderr


def test_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {**os.environ, "TMPDIR": str(tmp_path)}
        command = [ORTAQ, "demo", "--port", str(port - 2)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "serve.port-taken" in done.stderr
    assert list(tmp_path.iterdir()) == []
