# SPDX-License-Identifier: Apache-2.0
"""Other hosts for the tests: what they answer is written byte by byte, and none of them lies outside this machine."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import httpcore

from ortaq.nodes.outward.client import Client, client
from ortaq.nodes.outward.connecting import connect
from ortaq.nodes.outward.reach import networks_in

HERE = networks_in("127.0.0.0/8")
Script = Callable[[socket.socket, bytes], None]  # (connection, the request as it came)


class Connections:
    """A connector that opens connections on this machine alone and remembers to where."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, int]] = []

    def __call__(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        self.opened.append((address, port))
        assert address.startswith("127."), f"a test would have sent a packet to {address}"
        return connect(address, port, seconds)


class Names:
    """A resolver: each name has answers, one after the other; the last one stays."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self.answers = {name.replace("_", "."): list(said) for name, said in answers.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        said = self.answers.get(host, [["127.0.0.1"]])
        return said.pop(0) if len(said) > 1 else said[0]


def asking(
    names: Names | None = None, connections: Connections | None = None, tls: ssl.SSLContext | None = None
) -> Client:
    """A client for which every name is on this machine, unless *names* says otherwise."""
    return client(
        reachable=HERE, resolver=names or Names(), connector=connections or Connections(), tls=tls or ssl.create_default_context()
    )  # fmt: skip


@contextlib.contextmanager
def host(script: Script, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Yield the port of a host that plays *script* for each request that comes."""
    listener = socket.create_server(("127.0.0.1", 0))
    port: int = listener.getsockname()[1]
    threading.Thread(target=_serve, args=(listener, script, tls), daemon=True).start()
    try:
        yield port
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _serve(listener: socket.socket, script: Script, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_play, args=(connection, script, tls), daemon=True).start()


def _play(connection: socket.socket, script: Script, tls: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
        stack.enter_context(connection)
        if tls is not None:
            connection = stack.enter_context(tls.wrap_socket(connection, server_side=True))
        while request := _request(connection):
            script(connection, request)


def _request(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        if not (data := connection.recv(65536)):
            return b""
        request += data
    return request


def saying(body: bytes, headers: str = "", status: str = "200 OK") -> Script:
    """A script that answers *body* at once."""
    head = f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode()
    return lambda connection, _: connection.sendall(head + body)


def telling(*steps: bytes | float) -> Script:
    """A script that sends the bytes as they stand, sleeps for the numbers, and hangs up."""

    def script(connection: socket.socket, _: bytes) -> None:
        for step in steps:
            if isinstance(step, bytes):
                connection.sendall(step)
            else:
                time.sleep(step)
        connection.shutdown(socket.SHUT_RDWR)

    return script
