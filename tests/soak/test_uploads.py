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
