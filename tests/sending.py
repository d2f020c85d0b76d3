# SPDX-License-Identifier: Apache-2.0
"""A tus client over plain sockets that can be cut, can lie and can be slow; and what a served node takes meanwhile."""

import base64
import contextlib
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.serving import ServedNode
from tests.visitor import Visitor

MB = 1024 * 1024


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["code"])


@dataclass
class Sender:
    """Somebody who sends files to a node; `visitor` is signed in there, and `port` follows when the node is started anew."""

    visitor: Visitor

    def begin(self, size: int | None, name: str = "plan.bin") -> Answer:
        headers = {"Upload-Metadata": f"filename {base64.b64encode(name.encode()).decode()}", "Content-Length": "0"}
        headers |= {"Upload-Length": str(size)} if size is not None else {"Upload-Defer-Length": "1"}
        return self.ask("POST", "/uploads/", headers)

    def ask(self, method: str, address: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
        with self.opened(method, address, headers or {}) as connection:
            with contextlib.suppress(ConnectionError):  # what is refused is answered before all of it was sent
                connection.sendall(body)
            return answer_of(connection)

    def stands_at(self, address: str) -> int:
        return int(self.ask("HEAD", address).headers["upload-offset"])

    def send(self, address: str, offset: int, data: bytes, *, announced: int | None = None, size: str = "") -> Answer:
        headers = self.piece(offset) | {"Content-Length": str(len(data) if announced is None else announced)}
        return self.ask("PATCH", address, headers | ({"Upload-Length": size} if size else {}), data)

    def send_part_of(self, address: str, offset: int, data: bytes, announced: int) -> socket.socket:
        """Send fewer bytes than announced and leave the connection open; closing it is the cut."""
        headers = self.piece(offset) | {"Content-Length": str(announced)}
        connection = self.connected("PATCH", address, headers)
        connection.sendall(data)
        return connection

    def send_endlessly(self, address: str, most: int) -> tuple[Answer, int]:
        """Send a body without a length until somebody says stop, at most *most* bytes; return the answer and how many went."""
        piece, sent = b"\0" * MB, 0
        with self.opened("PATCH", address, self.piece(0) | {"Transfer-Encoding": "chunked"}) as connection:
            with contextlib.suppress(ConnectionError):
                while sent < most:
                    connection.sendall(b"%x\r\n" % MB + piece + b"\r\n")
                    sent += MB
                connection.sendall(b"0\r\n\r\n")
            return answer_of(connection), sent

    @staticmethod
    def piece(offset: int) -> dict[str, str]:
        return {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}

    @contextlib.contextmanager
    def opened(self, method: str, address: str, headers: dict[str, str]) -> Iterator[socket.socket]:
        connection = self.connected(method, address, headers)
        try:
            yield connection
        finally:
            connection.close()

    def connected(self, method: str, address: str, headers: dict[str, str]) -> socket.socket:
        cookies = self.visitor.cookies
        own = {
            "Host": f"127.0.0.1:{self.visitor.port}",
            "Tus-Resumable": "1.0.0",
            "Cookie": "; ".join(f"{name}={one.value}" for name, one in cookies.items()),
            "X-CSRFToken": cookies["csrftoken"].value if "csrftoken" in cookies else "",
            "Connection": "close",
        }
        lines = [f"{method} {address} HTTP/1.1", *(f"{name}: {value}" for name, value in (own | headers).items())]
        connection = socket.create_connection(("127.0.0.1", self.visitor.port), timeout=60)
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return connection


def answer_of(connection: socket.socket) -> Answer:
    data = b""
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(65536):
            data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
    text = body.decode("utf-8", "replace")
    if headers.get("transfer-encoding") == "chunked":
        text = "".join(re.split(r"(?:\A|\r\n)[0-9a-f]+\r\n", text))
    return Answer(int(lines[0].split()[1]), headers, text)


def sender(node: ServedNode) -> Sender:
    """The first administrator of the node."""
    visitor = Visitor(node.port)
    visitor.join(node.first_link)
    return Sender(visitor)


def peaks_kb(node: ServedNode) -> dict[int, int]:
    """The most memory that each process of the node has had so far, in kB, by its id."""
    return {pid: _status(pid, "VmHWM") for pid in _family(node.process.pid)}


def grown_kb(node: ServedNode, before: dict[int, int]) -> int:
    """By how much the peak of the process that grew most has grown since *before*."""
    return max(peak - before[pid] for pid, peak in peaks_kb(node).items() if pid in before)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _status(pid: int, name: str) -> int:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) if found else 0
    return 0


def lying(environment: dict[str, Any]) -> dict[str, int]:
    """Every file that is there because of an upload, with its size."""
    home = Path(environment["ORTAQ_HOME"])
    found = [path for name in ("uploads", "files", "derived") for path in (home / name).rglob("*") if path.is_file()]
    return {str(path.relative_to(home)): path.stat().st_size for path in found if path.name != "lock"}
