# SPDX-License-Identifier: Apache-2.0
"""The image server iipsrv of Debian, asked over FastCGI itself: without a web server before it, which it would have in earnest."""

import contextlib
import os
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.process import Failed
from bench.serving import free_port

_PLACES = ("/usr/lib/iipimage-server/iipsrv.fcgi",)
_BEGIN, _END, _PARAMETERS, _INPUT, _OUTPUT = 1, 3, 4, 5, 6
_RESPONDER = struct.pack(">HB5x", 1, 0)
_LONG = 128  # from here on a length takes four bytes
_START_SECONDS = 10


def program() -> str:
    """Return where it is; empty if it is not installed. ORTAQ_BENCH_IIPSRV names another place."""
    named = os.environ.get("ORTAQ_BENCH_IIPSRV") or shutil.which("iipsrv.fcgi")
    return named or next((place for place in _PLACES if Path(place).is_file()), "")


class IipsrvClient:
    """Asks one of its processes; each answer is a connection of its own, as the process wants it."""

    def __init__(self, port: int) -> None:
        self._port = port

    def get(self, query: str) -> bytes:
        """Return the body; raises Failed unless it is a JPEG."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=60) as line:
            line.sendall(_asked(query))
            answer = _answer(line)
        head, _, body = answer.partition(b"\r\n\r\n")
        if b"image/jpeg" not in head:
            raise Failed(f"iipsrv answered {query} with {answer[:200]!r}")
        return body


@contextmanager
def running(count: int, folder: Path) -> Iterator[list[int]]:
    """Run so many of its processes over the images in *folder*; gives their ports."""
    ports = [free_port() for _ in range(count)]
    env = {**os.environ, "FILESYSTEM_PREFIX": f"{folder}/", "JPEG_QUALITY": "82", "LOGFILE": str(folder / "iipsrv.log")}
    processes = [
        subprocess.Popen(
            [program(), "--bind", f"127.0.0.1:{port}"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for port in ports
    ]
    try:
        for port in ports:
            _wait(port)
        yield ports
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _wait(port: int) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise Failed("iipsrv did not start")


def _asked(query: str) -> bytes:
    named = {"QUERY_STRING": query, "REQUEST_METHOD": "GET", "REQUEST_URI": f"/?{query}", "SERVER_PROTOCOL": "HTTP/1.1"}
    pairs = b"".join(_pair(name.encode(), value.encode()) for name, value in named.items())
    return b"".join(
        _record(kind, data)
        for kind, data in ((_BEGIN, _RESPONDER), (_PARAMETERS, pairs), (_PARAMETERS, b""), (_INPUT, b""))
    )


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack(">BBHHBB", 1, kind, 1, len(data), 0, 0) + data


def _pair(name: bytes, value: bytes) -> bytes:
    lengths = (bytes([len(one)]) if len(one) < _LONG else struct.pack(">I", len(one) | 2**31) for one in (name, value))
    return b"".join(lengths) + name + value


def _answer(line: socket.socket) -> bytes:
    found = b""
    with line.makefile("rb") as stream:
        while head := stream.read(8):
            _version, kind, _id, length, padding, _ = struct.unpack(">BBHHBB", head)
            data = stream.read(length)
            stream.read(padding)
            if kind == _OUTPUT:
                found += data
            if kind == _END:
                break
    return found
