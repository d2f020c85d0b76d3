# SPDX-License-Identifier: Apache-2.0
"""Uploads over real sockets to a node that is served as in real life: cut, killed, lied to."""

import json
import os
import random
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from ortaq.core.digest import digest_of
from tests.interruption import Ortaq, verified
from tests.sending import MB, Sender, grown_kb, lying, peaks_kb, sender
from tests.serving import Serve, ServedNode, serve

__all__ = ["serve"]

DATA = random.Random(7).randbytes(20 * MB)


def test_cut_at_seventy_percent_goes_on_there(serve: Serve, command_environment: dict[str, Any]) -> None:
    who = sender(serve())
    address = who.begin(len(DATA)).headers["location"]
    part = len(DATA) * 7 // 10
    who.send_part_of(address, 0, DATA[:part], len(DATA)).close()
    arrived = _settled(who, address)
    assert part - MB < arrived <= part
    answer = who.send(address, arrived, DATA[arrived:])
    assert (answer.status, answer.headers["upload-offset"]) == (204, str(len(DATA)))
    about = json.loads(who.ask("GET", address).body)
    assert about["digest"] == digest_of(DATA)
    assert list(lying(command_environment).values()) == [len(DATA)]


def test_killed_server_knows_afterwards_what_it_had(
    serve: Serve, command_environment: dict[str, Any], ortaq: Ortaq
) -> None:
    node = serve()
    who = sender(node)
    address = who.begin(len(DATA)).headers["location"]
    connection = who.send_part_of(address, 0, DATA[: len(DATA) // 2], len(DATA))
    _wait_until(lambda: sum(lying(command_environment).values()) > MB)
    os.killpg(node.process.pid, 9)
    node.process.wait()
    connection.close()

    who.visitor.port = serve().port
    arrived = who.stands_at(address)
    assert 0 < arrived <= len(DATA) // 2
    assert who.send(address, arrived, DATA[arrived:]).status == 204
    assert json.loads(who.ask("GET", address).body)["digest"] == digest_of(DATA)
    verified(ortaq)


def test_two_at_once_to_one_upload_do_not_mix(serve: Serve) -> None:
    who = sender(serve())
    address = who.begin(len(DATA)).headers["location"]
    first = who.send_part_of(address, 0, DATA[:MB], len(DATA))
    _wait_until(lambda: who.stands_at(address) == MB)
    second = who.send(address, MB, DATA[MB:])
    assert (second.status, second.code) == (423, "upload.busy")
    assert who.send(address, 0, DATA).status in (409, 423)
    first.close()
    arrived = _settled(who, address)
    _wait_until(lambda: who.send(address, arrived, DATA[arrived:]).status == 204)
    assert json.loads(who.ask("GET", address).body)["digest"] == digest_of(DATA)


def test_three_gigabytes_to_a_limit_of_one(serve: Serve, command_environment: dict[str, Any]) -> None:
    """Declared, it is refused at once; undeclared, it is cut at the limit; declared smaller than it is, before a byte is read."""
    command_environment["ORTAQ_MAX_FILE_BYTES"] = str(64 * MB)
    node, who = _warm(serve, command_environment)
    before = peaks_kb(node)
    declared = who.begin(3072 * MB, "film.mkv")
    assert (declared.status, declared.code) == (413, "file.too-large")
    assert "film.mkv is larger than 67108864 bytes." in json.loads(declared.body)["detail"]

    endless, sent = who.send_endlessly(who.begin(None, "film.mkv").headers["location"], 3072 * MB)
    assert (endless.status, endless.code) == (413, "file.too-large")
    assert sent < 96 * MB

    lied = who.send(who.begin(10 * MB, "film.mkv").headers["location"], 0, b"x" * MB, announced=3072 * MB)
    assert (lied.status, lied.code) == (413, "upload.longer-than-said")
    assert lying(command_environment) == {}
    assert grown_kb(node, before) < 24 * 1024


def test_zip_bomb_is_kept_closed(serve: Serve, command_environment: dict[str, Any], tmp_path: Path) -> None:
    import zipfile

    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros", "w") as member:
        for _ in range(256):
            member.write(b"\0" * MB)
    data = bomb.read_bytes()
    node, who = _warm(serve, command_environment)
    before = peaks_kb(node)
    address = who.begin(len(data), "scans.zip").headers["location"]
    assert who.send(address, 0, data).status == 204
    about = json.loads(who.ask("GET", address).body)
    assert (about["media_type"], about["bytes"]) == ("application/zip", len(data))
    assert who.ask("GET", f"/files/{about['digest']}/image/320").status == 404
    assert sum(lying(command_environment).values()) == len(data)
    assert grown_kb(node, before) < 24 * 1024


def test_full_disk_is_told_and_loses_nothing(serve: Serve, command_environment: dict[str, Any], tmp_path: Path) -> None:
    command_environment["ORTAQ_DISK_FLOOR_BYTES"] = str(shutil.disk_usage(tmp_path).free + 1024**4)
    who = sender(serve())
    answer = who.begin(MB)
    assert (answer.status, answer.code) == (507, "upload.disk-low")


def test_dead_connections_are_asked_for_signs_of_life(serve: Serve) -> None:
    """The kernel shows the timer of a connection that it watches: 02 is keepalive."""
    who = sender(serve())
    connection = who.send_part_of(who.begin(MB).headers["location"], 0, b"x", MB)
    port = connection.getsockname()[1]
    _wait_until(lambda: _timer(who.visitor.port, port) == "02")
    connection.close()


def _warm(serve: Serve, environment: dict[str, Any]) -> tuple[ServedNode, Sender]:
    """A node of one worker that has already loaded what it loads at its first upload."""
    environment["ORTAQ_WORKERS"] = "1"
    node = serve()
    who = sender(node)
    address = who.begin(1).headers["location"]
    assert who.send(address, 0, b"x").status == 204
    assert who.ask("GET", address).status == 200
    assert who.ask("DELETE", address).status == 204
    return node, who


def _timer(local: int, remote: int) -> str:
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        cells = line.split()
        if cells[1].endswith(f":{local:04X}") and cells[2].endswith(f":{remote:04X}"):
            return cells[5].partition(":")[0]
    return ""


def _settled(who: Any, address: str) -> int:
    """Where the upload stands once the node has noticed that the connection is gone."""
    last = -1
    while (now := who.stands_at(address)) != last:
        last = now
        time.sleep(0.3)
    return last


def _wait_until(is_so: Any, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            pytest.fail("it did not come to that in time")
        time.sleep(0.1)
