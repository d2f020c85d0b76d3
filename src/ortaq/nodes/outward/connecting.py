# SPDX-License-Identifier: Apache-2.0
"""The one place where a connection to another host is opened: to an address that was judged, never to a name.

A name is resolved once; every address of the answer is judged; the connection goes to one of these very addresses. So a name
whose answer changes between the check and the connection (DNS rebinding) changes nothing.
"""

import contextlib
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpcore

from ortaq.nodes.outward.address import Address
from ortaq.nodes.outward.errors import AddressRefused, CertificateRefused, PlainRefused, TooLarge, TooSlow, Unreachable
from ortaq.nodes.outward.reach import Network, is_allowed, why_not

Resolver = Callable[[str, int], Sequence[str]]  # (host, port) to IP addresses as text; raises OSError
Connector = Callable[[str, int, float], httpcore.NetworkStream]  # (IP address, port, seconds)
_PATIENCE_SECONDS: Final = 3.0  # with an address that is not the last one: half of the world has no way to IPv6
_SLICE: Final = 65536
_MOST_ADDRESSES: Final = 4  # of one host that are tried one after the other


def resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def connect(address: str, port: int, seconds: float) -> httpcore.NetworkStream:
    return httpcore.SyncBackend().connect_tcp(address, port, timeout=seconds)


@dataclass
class Errand:
    """One request: until when it may last and how many bytes may come for it, headers and wrapping included."""

    address: Address
    total_seconds: float
    limit_bytes: int
    until: float = 0.0
    came_bytes: int = 0

    def __post_init__(self) -> None:
        self.until = time.monotonic() + self.total_seconds

    def seconds(self, wanted: float | None) -> float:
        """How long the next step may last; raises TooSlow when the time is over."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TooSlow(url=self.address.shown)
        return left if wanted is None else min(left, wanted)

    def count(self, came: int) -> None:
        self.came_bytes += came
        if self.came_bytes > self.limit_bytes:
            raise TooLarge(url=self.address.shown, limit=self.limit_bytes)


class Guard(httpcore.NetworkBackend):
    """Opens connections for one client, which has one errand at a time."""

    def __init__(self, reachable: Iterable[Network], resolver: Resolver, connector: Connector) -> None:
        self._reachable = tuple(reachable)
        self._resolver, self._connector = resolver, connector
        self.errand: Errand | None = None

    def current(self) -> Errand:
        assert self.errand is not None, "connections are opened and read within an errand"
        return self.errand

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        errand = self.current()
        *others, last = self._judged(host, port, errand.seconds(timeout))[:_MOST_ADDRESSES]
        for address in others:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return Watched(self._connector(address, port, errand.seconds(_PATIENCE_SECONDS)), self)
        return Watched(self._connector(last, port, errand.seconds(timeout)), self)

    def _judged(self, host: str, port: int, seconds: float) -> Sequence[str]:
        """All addresses of *host*, each of them judged; raises AddressRefused, PlainRefused, Unreachable, TooSlow."""
        asked = self.current().address
        addresses = [host] if _is_literal(host) else self._resolved(host, port, seconds)
        for address in addresses:
            if reason := why_not(address, self._reachable):
                raise AddressRefused(host=host, address=address, reason=reason)
            if asked.scheme == "http" and not is_allowed(address, self._reachable):
                raise PlainRefused(url=asked.shown)
        return addresses

    def _resolved(self, host: str, port: int, seconds: float) -> Sequence[str]:
        """Whoever owns a name decides how slowly its servers answer; so another thread waits for them."""
        box: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()
        threading.Thread(target=_put, args=(box, self._resolver, host, port), daemon=True).start()
        try:
            found = box.get(timeout=seconds)
        except queue.Empty as error:
            raise TooSlow(url=self.current().address.shown) from error
        if isinstance(found, Exception):
            raise Unreachable(url=self.current().address.shown, reason=str(found)) from found
        if not found:
            raise Unreachable(url=self.current().address.shown, reason="its name has no address")
        return found

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        raise NotImplementedError("other hosts are asked over TCP")


def _put(box: "queue.SimpleQueue[Sequence[str] | Exception]", resolver: Resolver, host: str, port: int) -> None:
    try:
        box.put(resolver(host, port))
    except (OSError, ValueError) as error:  # ValueError: a name that getaddrinfo cannot encode
        box.put(error)


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Watched(httpcore.NetworkStream):
    """A connection whose every step is counted on the errand of its guard, so that no drip of bytes outlasts it."""

    def __init__(self, stream: httpcore.NetworkStream, guard: Guard) -> None:
        self._stream, self._guard = stream, guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        errand = self._guard.current()
        data = self._stream.read(max_bytes, errand.seconds(timeout))
        errand.count(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _SLICE):
            self._stream.write(buffer[start : start + _SLICE], self._guard.current().seconds(timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        errand = self._guard.current()
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, errand.seconds(timeout))
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise CertificateRefused(url=errand.address.shown, reason=error.__cause__.verify_message) from error
            raise
        return Watched(stream, self._guard)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
