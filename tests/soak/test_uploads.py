# SPDX-License-Identifier: Apache-2.0
"""The largest uploads for real: 3 GB to a limit of 1 GB, a whole gigabyte, and a server killed again and again under one file."""

import hashlib
import json
import os
import random
import time
from typing import Any

from ortaq.core.digest import multibase
from tests.interruption import Ortaq, verified
from tests.sending import MB, Sender, grown_kb, lying, peaks_kb, sender
from tests.serving import Serve

GB = 1024 * MB


def test_three_gigabytes_to_a_limit_of_one(serve: Serve, command_environment: dict[str, Any]) -> None:
    command_environment["ORTAQ_MAX_FILE_BYTES"] = str(GB)
    node = serve()
    who, before = sender(node), peaks_kb(node)
    assert who.begin(3 * GB, "film.mkv").status == 413
    answer, sent = who.send_endlessly(who.begin(None, "film.mkv").headers["location"], 3 * GB)
    print(f"cut after {sent / GB:.3f} GB with {answer.status} {answer.code}; {grown_kb(node, before)} kB more memory")
    assert (answer.status, answer.code) == (413, "file.too-large")
    assert GB <= sent < GB + 64 * MB
    assert lying(command_environment) == {}
    assert grown_kb(node, before) < 32 * 1024


def test_whole_gigabyte_in_one_piece(serve: Serve, command_environment: dict[str, Any]) -> None:
    command_environment["ORTAQ_MAX_FILE_BYTES"] = str(GB)
    node = serve()
    who, before, piece = sender(node), peaks_kb(node), random.Random(1).randbytes(MB)
    address = who.begin(GB).headers["location"]
    started = time.monotonic()
    connection = who.send_part_of(address, 0, b"", GB)
    for _ in range(1024):
        connection.sendall(piece)
    while who.stands_at(address) < GB or "digest" not in who.ask("GET", address).body:
        time.sleep(0.2)
    connection.close()
    print(f"1 GB in {time.monotonic() - started:.1f} s, {grown_kb(node, before)} kB more memory")
    digest = multibase(hashlib.sha256(piece * 1024).digest())
    assert json.loads(who.ask("GET", address).body)["digest"] == digest
    assert grown_kb(node, before) < 32 * 1024


def test_server_killed_again_and_again_under_one_file(
    serve: Serve, command_environment: dict[str, Any], ortaq: Ortaq, chance: random.Random, rounds: int
) -> None:
    data = chance.randbytes(64 * MB)
    node = serve()
    who = sender(node)
    address, kills = who.begin(len(data)).headers["location"], 0
    for _ in range(max(3, rounds // 5)):
        arrived = who.stands_at(address)
        if arrived == len(data):
            break
        most = min(len(data) - arrived, chance.randrange(1, 12 * MB))
        connection = who.send_part_of(address, arrived, data[arrived : arrived + most], len(data) - arrived)
        time.sleep(chance.uniform(0, 0.1))
        os.killpg(node.process.pid, 9)
        node.process.wait()
        connection.close()
        kills += 1
        node = serve()
        who.visitor.port = node.port
    print(f"{kills} kills, {who.stands_at(address)} of {len(data)} bytes there")
    _finish(who, address, data)
    assert json.loads(who.ask("GET", address).body)["digest"] == multibase(hashlib.sha256(data).digest())
    assert list(lying(command_environment).values()) == [len(data)]
    node.stop()
    verified(ortaq)


def _finish(who: Sender, address: str, data: bytes) -> None:
    arrived = who.stands_at(address)
    if arrived < len(data):
        assert who.send(address, arrived, data[arrived:]).status == 204


LARGE_GB = int(os.environ.get("ORTAQ_SOAK_LARGE_GB", "20"))


def test_film_of_many_gigabytes_is_cut_goes_on_and_is_read_again(
    serve: Serve, command_environment: dict[str, Any], ortaq: Ortaq
) -> None:
    """Every number on the way is larger than 32 bits hold; nothing is ever in memory as a whole."""
    size = LARGE_GB * GB
    command_environment["ORTAQ_MAX_FILE_BYTES"] = str(size)
    node = serve()
    who, before, base = sender(node), peaks_kb(node), random.Random(2).randbytes(MB - 8)
    address, began, hashed = who.begin(size, "film.mkv").headers["location"], time.monotonic(), hashlib.sha256()
    cut = size // 2 // MB * MB + 3 * MB
    for first, end in ((0, cut), (cut, size)):
        connection = who.send_part_of(address, first, b"", size - first)
        for number in range(first // MB, end // MB):
            piece = number.to_bytes(8, "big") + base
            hashed.update(piece)
            connection.sendall(piece)
        if end < size:
            connection.close()  # the line is cut: what arrived is kept
            until = time.monotonic() + 60
            while who.stands_at(address) < end and time.monotonic() < until:
                time.sleep(0.2)
            assert who.stands_at(address) == end
    while "digest" not in who.ask("GET", address).body:
        time.sleep(1)
    connection.close()
    digest = multibase(hashed.digest())
    assert json.loads(who.ask("GET", address).body)["digest"] == digest
    seconds = time.monotonic() - began
    last = size // MB - 1
    answer = who.ask("GET", f"/files/{digest}/film.mkv", {"Range": f"bytes={last * MB}-{last * MB + 7}"})
    assert (answer.status, answer.headers["content-range"]) == (206, f"bytes {last * MB}-{last * MB + 7}/{size}")
    print(f"{LARGE_GB} GB in {seconds:.0f} s, {grown_kb(node, before)} kB more memory")
    assert grown_kb(node, before) < 64 * 1024
    checked = ortaq("files", "check")
    assert (checked.returncode, f"1 files with {size} bytes read" in checked.stderr) == (0, True), checked.stderr
