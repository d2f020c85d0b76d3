# SPDX-License-Identifier: Apache-2.0
"""Answers that come twice, too late, or in another order: what a bad proxy between two nodes does, or somebody who sits there."""

import gzip
import http.client
import json
import random
import socket
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.exchange.members import Federation, Member
from tests.exchange.wire import head_of

# of the way here, not of what is said
_GONE = {"connection", "transfer-encoding", "content-length", "content-encoding"}
Given = tuple[int, dict[str, str], list[bytes]]  # status, headers, lines


@dataclass
class Mischief:
    """Stands in a wire, and does one of *kinds* to each answer that brings changes, by chance; a connection serves one request.

    times    how often each should be done at least
    done     how often it was
    refused  what the node said to a request that it got for the second time
    """

    port: int
    chance: random.Random
    kinds: Sequence[str]
    times: int
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    _earlier: list[Given] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, asking: socket.socket) -> None:
        request = _request(asking)
        if not request:
            return
        status, headers, lines = _answer(self.port, request)
        if b"/exchange/log/" in request.partition(b"\r\n")[0] and status == 200:
            with self._lock:
                status, headers, lines = self._twisted(self._next(), request, (status, headers, lines))
        body = gzip.compress(b"".join(lines), 1)
        told = headers | {"content-encoding": "gzip", "content-length": str(len(body)), "connection": "close"}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        asking.sendall(f"HTTP/1.1 {status} OK\r\n{head}\r\n".encode("latin-1") + body)

    def is_done(self) -> bool:
        return all(self.done[kind] >= self.times for kind in self.kinds)

    def _next(self) -> str:
        waiting = [kind for kind in self.kinds if self.done[kind] < self.times]
        return self.chance.choice(waiting or self.kinds)

    def _twisted(self, doing: str, request: bytes, given: Given) -> Given:
        if doing == "request twice":
            status, _headers, lines = _answer(self.port, request)
            self.done[doing] += 1
            self.refused[f"{status} {json.loads(b''.join(lines))['code']}"] += 1
            return given
        if doing == "stale answer":
            self._earlier.append(given)
            self.done[doing] += len(self._earlier) > 1
            return self._earlier[self.chance.randrange(len(self._earlier))]
        lines = _TWISTS[doing](given[2], self.chance)
        self.done[doing] += lines != given[2]
        return (*given[:2], lines)


def _each_twice(lines: list[bytes], chance: random.Random) -> list[bytes]:
    return [line for line in lines for _ in range(chance.choice((1, 2, 3)))]


def _two_swapped(lines: list[bytes], chance: random.Random) -> list[bytes]:
    changes = [place for place, line in enumerate(lines) if line.startswith(b'{"change"')]
    swapped = list(lines)
    if len(changes) > 1:
        one, other = sorted(chance.sample(changes, 2))
        swapped[one], swapped[other] = lines[other], lines[one]
    return swapped


def _one_left_out(lines: list[bytes], chance: random.Random) -> list[bytes]:
    changes = [place for place, line in enumerate(lines) if line.startswith(b'{"change"')]
    if len(changes) < 2:
        return lines
    missing = chance.choice(changes[:-1])
    return lines[:missing] + lines[missing + 1 :]


def _in_any_order(lines: list[bytes], chance: random.Random) -> list[bytes]:
    return chance.sample(lines, len(lines))


_TWISTS: dict[str, Callable[[list[bytes], random.Random], list[bytes]]] = {
    "lines twice": _each_twice,
    "two swapped": _two_swapped,
    "one left out": _one_left_out,
    "any order": _in_any_order,
}
ALL = (*_TWISTS, "stale answer", "request twice")


def twisted(
    three: Federation, count: int, times: int, chance: random.Random, label: str, kinds: Sequence[str] = ALL
) -> str:
    """Each of *kinds* of bad delivery, at least *times* times, while *count* changes of Baku after the other pass to the two others."""
    baku, astana, bishkek = three.members
    mischief = Mischief(baku.port, chance, kinds, times)
    baku.wire.answering = mischief.serve
    baku.wire.drop()
    for number in range(20 * times):
        baku.write(count, f"{label}-{number}")
        _taken_by((astana, bishkek), baku)
        if mischief.is_done():
            break
    assert mischief.is_done(), mischief.done
    three.heal()
    three.wait_until_same()
    found = [one.rows("SELECT DISTINCT code FROM nodes_quarantined") for one in (astana, bishkek)]
    named = {code for rows in found for (code,) in rows}
    assert named == {"change.gap"}, named
    assert set(mischief.refused) <= {"401 signature.replayed"}, mischief.refused
    what = [f"{doing} {number} times" for doing, number in mischief.done.items()]
    return f"{', '.join(what)}: named {', '.join([*named, *mischief.refused])}"


def _taken_by(takers: Sequence[Member], source: Member) -> None:
    """Some rounds at once; `heads` says that there are no gaps, at any moment."""
    with ThreadPoolExecutor(len(takers)) as threads:
        list(threads.map(lambda one: one.rounds(source, 3), takers))
    for one in takers:
        assert one.heads()[source.id] <= source.heads()[source.id]


def _request(asking: socket.socket) -> bytes:
    """One request as it came, with its body."""
    begun = head_of(asking)
    head, _, body = begun.partition(b"\r\n\r\n")
    named = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
    while begun and len(body) < int(named.get(b"content-length", b"0")):
        body += asking.recv(65536)
    return head + b"\r\nConnection: close\r\n\r\n" + body if begun else b""


def _answer(port: int, request: bytes) -> Given:
    """What the node says to it, unpacked."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection)
        response.begin()
        body = response.read()
    if response.getheader("content-encoding") == "gzip":
        body = gzip.decompress(body)
    headers = {name: value for name, value in response.getheaders() if name.lower() not in _GONE}
    return response.status, headers, body.splitlines(keepends=True)
