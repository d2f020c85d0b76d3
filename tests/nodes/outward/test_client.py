# SPDX-License-Identifier: Apache-2.0
import gzip
import socket
import threading
import time
import tracemalloc
import zlib

import pytest
from django.conf import settings

from ortaq.nodes.outward import errors
from ortaq.nodes.outward.client import client
from tests.nodes.outward.hosts import HERE, Connections, Names, asking, host, saying, telling

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def test_get_and_post_give_status_headers_and_body() -> None:
    def echo(connection: socket.socket, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        answer = head + b"|" + (body or connection.recv(100) if b"POST" in head else b"")
        connection.sendall(
            b"HTTP/1.1 201 Made\r\nX-One: a\r\nx-one: b\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer
        )

    with host(echo) as port, asking() as ask:
        made = ask.post(
            f"http://partner.example:{port}/a?b=c", body=b"{}", headers={"Content-Type": "application/json"}
        )
        got = ask.get(f"http://partner.example:{port}/ə")
    assert made.status == 201 and made.headers["x-one"] == "a, b"
    assert made.body.startswith(b"POST /a?b=c HTTP/1.1\r\n") and made.body.endswith(b"|{}")
    assert f"host: partner.example:{port}\r\n".encode() in made.body
    assert b"content-type: application/json" in made.body and b"accept-encoding: gzip" in made.body
    assert got.body.startswith(b"GET /%C9%99 HTTP/1.1\r\n")


def test_connection_is_kept_for_the_next_request() -> None:
    connections = Connections()
    with host(saying(b"x")) as port, asking(connections=connections) as ask:
        for _ in range(3):
            ask.get(f"http://partner.example:{port}/")
    assert len(connections.opened) == 1


def test_nothing_of_the_environment_and_no_cookie_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    seen = []

    def script(connection: socket.socket, request: bytes) -> None:
        seen.append(request)
        connection.sendall(OK + b"Set-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")

    with host(script) as port, asking() as ask:
        ask.get(f"http://partner.example:{port}/")
        ask.get(f"http://partner.example:{port}/")
    assert len(seen) == 2 and not any(b"cookie" in request.lower() for request in seen)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_redirect_is_an_error_and_is_not_followed(status: str) -> None:
    names = Names()
    script = saying(b"", "Location: http://169.254.169.254/latest/meta-data?x=1\r\n", status)
    with host(script) as port, asking(names) as ask, pytest.raises(errors.Redirected) as caught:
        ask.get(f"http://partner.example:{port}/")
    assert caught.value.facts["location"] == "http://169.254.169.254/latest/meta-data"
    assert names.asked == ["partner.example"]


def test_body_above_the_limit_is_refused_by_what_comes_not_by_what_is_said() -> None:
    liar = CHUNKED + chunk(b"a" * 1000) * 3
    for script in (saying(b"a" * 2049), telling(liar, 5.0)):
        with host(script) as port, asking() as ask, pytest.raises(errors.TooLarge, match="2048"):
            ask.get(f"http://partner.example:{port}/", limit_bytes=2048)


def test_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 200_000_000, 1)
    script = saying(bomb, "Content-Encoding: gzip\r\n")
    with host(script) as port, asking() as ask:
        tracemalloc.start()
        with pytest.raises(errors.TooLarge):
            ask.get(f"http://partner.example:{port}/", limit_bytes=2_000_000)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert len(bomb) < 2_000_000 and peak < 8_000_000


def test_bomb_within_a_line_is_refused_at_the_limit_of_a_line() -> None:
    bomb = gzip.compress(b'{"a":1}\n' + b"x" * 200_000_000, 1)
    with host(saying(bomb, "Content-Encoding: gzip\r\n")) as port, asking() as ask:
        tracemalloc.start()
        lines = ask.lines(f"http://partner.example:{port}/", line_limit=100_000)
        assert next(lines) == b'{"a":1}'
        with pytest.raises(errors.LineTooLong):
            next(lines)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 8_000_000


def test_gigabyte_without_an_end_of_line_is_refused_at_once() -> None:
    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(OK + b"Content-Length: 1073741824\r\n\r\n")
        for _ in range(1024):
            connection.sendall(b"x" * 2**20)

    with host(script) as port, asking() as ask, pytest.raises(errors.LineTooLong):
        list(ask.lines(f"http://partner.example:{port}/", line_limit=100_000, limit_bytes=2**31))


@pytest.mark.parametrize("is_packed", [False, True])
def test_lines_come_while_the_answer_is_still_open(is_packed: bool) -> None:
    packer, taken = zlib.compressobj(wbits=31), [threading.Event() for _ in range(2)]

    def packed(data: bytes, mode: int = zlib.Z_SYNC_FLUSH) -> bytes:
        return packer.compress(data) + packer.flush(mode) if is_packed else data

    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head + chunk(packed(b"one\n\n\ntw")))
        assert taken[0].wait(10)
        connection.sendall(chunk(packed(b"o\n")))
        assert taken[1].wait(10)
        connection.sendall(chunk(packed(b"three\n", zlib.Z_FINISH)) + b"0\r\n\r\n")

    head = CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") if is_packed else CHUNKED
    with host(script) as port, asking() as ask:
        lines = ask.lines(f"http://partner.example:{port}/", line_limit=10)
        assert next(lines) == b"one"
        taken[0].set()
        assert next(lines) == b"two"
        taken[1].set()
        assert list(lines) == [b"three"]


def test_members_of_gzip_follow_one_another() -> None:
    body = gzip.compress(b"one\ntw") + gzip.compress(b"") + gzip.compress(b"o\n")
    with host(saying(body, "Content-Encoding: gzip\r\n")) as port, asking() as ask:
        assert list(ask.lines(f"http://partner.example:{port}/", line_limit=10)) == [b"one", b"two"]
        assert ask.get(f"http://partner.example:{port}/").body == b"one\ntwo\n"


BODY = b"one\ntwo\nthree\n"
PACKED = gzip.compress(BODY)


@pytest.mark.parametrize("cut", range(len(PACKED)))
def test_stream_cut_at_any_byte_gives_whole_lines_and_says_so(cut: int) -> None:
    head = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED)
    got: list[bytes] = []
    with host(telling(head + PACKED[:cut])) as port, asking() as ask, pytest.raises(errors.CutShort):
        got.extend(ask.lines(f"http://partner.example:{port}/", line_limit=10))
    assert got == BODY.splitlines()[: len(got)]


def test_last_line_without_an_end_is_no_line() -> None:
    old = b"HTTP/1.0 200 OK\r\n\r\n"  # its body ends where the connection does
    got: list[bytes] = []
    with host(telling(old + b"one\ntwo")) as port, asking() as ask, pytest.raises(errors.CutShort):
        got.extend(ask.lines(f"http://partner.example:{port}/", line_limit=10))
    assert got == [b"one"]


def test_drip_of_bytes_ends_with_the_time() -> None:
    drip = [step for _ in range(60) for step in (chunk(b"a"), 0.05)]
    headers = [step for n in range(60) for step in (b"X-%d: a\r\n" % n, 0.05)]
    early = [step for _ in range(60) for step in (b"HTTP/1.1 103 Early\r\n\r\n", 0.05)]
    for script in (telling(CHUNKED, *drip), telling(OK, *headers), telling(*early), telling(3.0)):
        begun = time.monotonic()
        with host(script) as port, asking() as ask, pytest.raises(errors.TooSlow):
            ask.get(f"http://partner.example:{port}/", read_seconds=1.0, total_seconds=0.4)
        assert time.monotonic() - begun < 1.0


def test_silence_ends_with_the_time_for_a_step() -> None:
    begun = time.monotonic()
    with host(telling(OK, 3.0)) as port, asking() as ask, pytest.raises(errors.TooSlow):
        ask.get(f"http://partner.example:{port}/", read_seconds=0.3)
    assert time.monotonic() - begun < 1.0


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
        OK + b"X: a\r\n" * 30_000 + b"\r\n",
        OK + b"X: " + b"a" * 70_000 + b"\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 103 Early\r\n\r\n" * 200_000,
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        OK + b"Content-Encoding: br\r\nContent-Length: 1\r\n\r\na",
        OK + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    ],
)
def test_answer_that_is_none_has_a_code(answer: bytes) -> None:
    with host(telling(answer)) as port, asking() as ask, pytest.raises((errors.Garbled, errors.TooLarge)):
        ask.get(f"http://partner.example:{port}/", limit_bytes=1000)


def test_lines_of_a_failure_are_not_read_as_lines() -> None:
    script = saying(b'{"code": "signature.replayed"}\n', status="401 Unauthorized")
    with host(script) as port, asking() as ask, pytest.raises(errors.Failed, match=r"401.*signature\.replayed"):
        list(ask.lines(f"http://partner.example:{port}/", line_limit=100))


def test_client_asks_one_thing_at_a_time() -> None:
    with host(saying(b"one\ntwo\n")) as port, asking() as ask:
        url = f"http://partner.example:{port}/"
        lines = ask.lines(url, line_limit=100)
        next(lines)
        with pytest.raises(RuntimeError, match="second client"):
            ask.get(url)
        lines.close()
        assert ask.get(url).body == b"one\ntwo\n"


def test_header_with_a_line_break_is_not_sent() -> None:
    with host(saying(b"")) as port, asking() as ask, pytest.raises(errors.Garbled):
        ask.get(f"http://partner.example:{port}/", headers={"X-One": "a\r\nX-Two: b"})


def test_what_a_failure_says_cannot_write_on_a_terminal() -> None:
    with (
        host(saying(b"\x1b[2J\x07no\n", status="500 No")) as port,
        asking() as ask,
        pytest.raises(errors.Failed) as caught,
    ):
        list(ask.lines(f"http://partner.example:{port}/", line_limit=100))
    assert caught.value.facts["said"] == "[2J no"


def test_host_that_hangs_up_is_unreachable() -> None:
    with host(telling(b"")) as port, asking() as ask, pytest.raises(errors.Unreachable, match="hung up"):
        ask.get(f"http://partner.example:{port}/")


def test_networks_that_are_opened_are_those_of_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    connections = Connections()
    with host(saying(b"x")) as port, pytest.raises(errors.AddressRefused), client(connector=connections) as ask:
        ask.get(f"http://127.0.0.1:{port}/")
    assert connections.opened == []
    monkeypatch.setattr(settings, "REACHABLE", HERE)
    with host(saying(b"x")) as port, client(connector=connections) as ask:
        assert ask.get(f"http://127.0.0.1:{port}/").body == b"x"


def test_host_that_nobody_listens_on_is_unreachable() -> None:
    with host(saying(b"")) as port:
        pass
    with asking() as ask, pytest.raises(errors.Unreachable):
        ask.get(f"http://partner.example:{port}/")
