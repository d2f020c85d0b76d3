# SPDX-License-Identifier: Apache-2.0
"""How this node asks other nodes and repositories: judged addresses only, bounded in time and bytes, never redirected.

    with client() as ask:
        answer = ask.get("https://heritage.example/.well-known/ortaq")
        for line in ask.lines("https://heritage.example/feed", line_limit=4 * 2**20, read_seconds=40): …

A client serves one thread and one request at a time; connections are kept open between requests to the same host.
No cookie, proxy, redirect or password is ever used, since httpcore knows none of them.
"""

import contextlib
import functools
import ssl
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.metadata import version
from types import TracebackType
from typing import Final, Self

import certifi
import httpcore
from django.conf import settings

from ortaq.nodes.outward.address import Address, address_of
from ortaq.nodes.outward.connecting import Connector, Errand, Guard, Resolver, connect, resolve
from ortaq.nodes.outward.errors import (
    CutShort,
    Failed,
    Garbled,
    Redirected,
    TooLarge,
    TooSlow,
    Unreachable,
)
from ortaq.nodes.outward.reach import Network
from ortaq.nodes.outward.unwrapping import lines_of, unpacked

CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 30.0
TOTAL_SECONDS: Final = 60.0
LIMIT_BYTES: Final = 2**20
_FAILURE_BYTES: Final = 65536
_HEADER_BYTES: Final = 65536
_REDIRECTS: Final = {300, 301, 302, 303, 305, 306, 307, 308}
_AGENT: Final = f"Ortaq/{version('ortaq')}"


@dataclass(frozen=True)
class Answer:
    """headers: by names in small letters, those of one name joined by commas; body: unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Flow:
    """An answer whose body is still coming; it is taken once, by `chunks` or `lines`, unless `answer` took it as a whole."""

    def __init__(self, response: httpcore.Response, address: Address, limit_bytes: int) -> None:
        self._response, self._address, self._limit = response, address, limit_bytes
        self._body: bytes | None = None
        self.status: int = response.status
        self.headers = _headers(response.headers, address)

    def chunks(self) -> Iterator[bytes]:
        """Yield the body, unpacked; raises TooLarge, TooSlow, CutShort, Garbled, Unreachable."""
        if self._body is not None:
            yield self._body
            return
        packing = self.headers.get("content-encoding", "identity").lower()  # ascii: a token of HTTP
        if packing == "gzip":
            yield from self._counted(unpacked(self._counted(self._raw()), self._address.shown))
        elif packing == "identity":
            yield from self._counted(self._raw())
        else:
            raise Garbled(url=self._address.shown, reason=f"it is packed as '{packing[:40]}'")

    def lines(self, line_limit: int) -> Iterator[bytes]:
        """Yield each line of the body without its end; raises as `chunks`, and LineTooLong."""
        return lines_of(self.chunks(), line_limit, self._address.shown)

    def answer(self) -> Answer:
        """Return the answer with its whole body; raises as `chunks`."""
        self._body = b"".join(self.chunks())
        return Answer(self.status, self.headers, self._body)

    def _raw(self) -> Iterator[bytes]:
        with _told(self._address, is_begun=True):
            yield from self._response.iter_stream()

    def _counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        count = 0
        for piece in pieces:
            count += len(piece)
            if count > self._limit:
                raise TooLarge(url=self._address.shown, limit=self._limit)
            yield piece


class Asking(ABC):
    """What can be asked; `open` is where it goes through."""

    @abstractmethod
    def open(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limit_bytes: int = LIMIT_BYTES,
        read_seconds: float = READ_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> AbstractContextManager[Flow]:
        """Yield the answer as its headers are there; what is left of it when the block ends is not read.

        limit_bytes   of the body, packed and unpacked
        raises        an OrtaqError with a code `outward.…`
        """

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        limit_bytes: int = LIMIT_BYTES,
        read_seconds: float = READ_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> Answer:
        """Return what *url* answers, whatever its status but a redirect."""
        with self.open(
            "GET", url, headers=headers, limit_bytes=limit_bytes, read_seconds=read_seconds, total_seconds=total_seconds
        ) as flow:
            return flow.answer()

    def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        limit_bytes: int = LIMIT_BYTES,
        read_seconds: float = READ_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> Answer:
        """Return what *url* answers to *body*, whatever its status but a redirect."""
        with self.open(
            "POST",
            url,
            headers=headers,
            body=body,
            limit_bytes=limit_bytes,
            read_seconds=read_seconds,
            total_seconds=total_seconds,
        ) as flow:
            return flow.answer()

    def lines(
        self,
        url: str,
        *,
        line_limit: int,
        headers: Mapping[str, str] | None = None,
        limit_bytes: int = 2**30,
        read_seconds: float = READ_SECONDS,
        total_seconds: float = 3600.0,
    ) -> Iterator[bytes]:
        """Yield each line that *url* answers, as soon as it is there.

        read_seconds   how long to wait for the next bytes: longer than the other side keeps a long poll waiting
        raises         Failed for any status but 200; what `open` and `Flow.lines` raise
        """
        with self.open(
            "GET", url, headers=headers, limit_bytes=limit_bytes, read_seconds=read_seconds, total_seconds=total_seconds
        ) as flow:
            check(flow, url)
            yield from flow.lines(line_limit)


class Client(Asking):
    """Asks without a signature; made by `client()`."""

    def __init__(self, guard: Guard, tls: ssl.SSLContext) -> None:
        self._guard = guard
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, network_backend=guard, keepalive_expiry=30, max_keepalive_connections=4
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    @contextlib.contextmanager
    def open(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limit_bytes: int = LIMIT_BYTES,
        read_seconds: float = READ_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> Iterator[Flow]:
        address = address_of(url)
        errand = Errand(address, total_seconds, 2 * limit_bytes + 2 * _HEADER_BYTES)  # chunks have frames of their own
        step = {"connect": CONNECT_SECONDS, "read": read_seconds, "write": read_seconds, "pool": CONNECT_SECONDS}
        target = httpcore.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)
        sent, extensions = _sent(address, headers or {}), {"timeout": step}
        with (
            self._on(errand),
            _told(address),
            self._pool.stream(method, target, headers=sent, content=body, extensions=extensions) as response,
        ):
            flow = Flow(response, address, limit_bytes)
            if flow.status in _REDIRECTS:
                location = flow.headers.get("location", "?").partition("?")[0][:200]
                raise Redirected(url=address.shown, location=location)
            yield flow

    @contextlib.contextmanager
    def _on(self, errand: Errand) -> Iterator[None]:
        if self._guard.errand is not None:
            raise RuntimeError("a client asks one thing at a time: finish the answer before, or use a second client")
        self._guard.errand = errand
        try:
            yield
        finally:
            self._guard.errand = None


def client(
    *,
    reachable: Iterable[Network] | None = None,
    resolver: Resolver = resolve,
    connector: Connector = connect,
    tls: ssl.SSLContext | None = None,
) -> Client:
    """Return a client, to be used in a `with`; the arguments are for tests.

    reachable   networks beside the public ones; default: ORTAQ_REACHABLE
    """
    allowed = settings.REACHABLE if reachable is None else reachable
    return Client(Guard(allowed, resolver, connector), tls or trusting())


@functools.cache  # reading the lists takes longer than many a request
def trusting() -> ssl.SSLContext:
    """Whom we believe: what this machine trusts (SSL_CERT_FILE adds a ministry's own), and the list of Mozilla."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def check(flow: Flow, url: str) -> None:
    """Return if the answer has the status 200; raise Failed with the beginning of what it says if not."""
    if flow.status != 200:
        text = b"".join(_beginning(flow.chunks(), 300)).decode("utf-8", "replace")
        said = "".join(letter if letter.isprintable() else " " for letter in text)[:200].strip()
        raise Failed(url=address_of(url).shown, answered=flow.status, said=said)


def _beginning(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    for piece in pieces:
        yield piece[:most]
        most -= len(piece)
        if most <= 0:
            return


def _sent(address: Address, headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """The headers of a request, Host first; what the caller says goes before the defaults."""
    given = {name.lower(): value for name, value in headers.items()}  # ascii: header names
    named = {"host": address.authority, "user-agent": _AGENT, "accept-encoding": "gzip"} | given
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in named.items()]


def _headers(pairs: Iterable[tuple[bytes, bytes]], address: Address) -> dict[str, str]:
    found: dict[str, str] = {}
    size = 0
    for raw, value in pairs:
        size += len(raw) + len(value)
        name = raw.decode("latin-1").lower()  # ascii: header names
        text = value.decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in found else text
    if size > _HEADER_BYTES:
        raise TooLarge(url=address.shown, limit=_HEADER_BYTES)
    return found


@contextlib.contextmanager
def _told(address: Address, *, is_begun: bool = False) -> Iterator[None]:
    """Turn what the library raises into errors with a code and a next step."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise TooSlow(url=address.shown) from error
    except httpcore.RemoteProtocolError as error:
        if is_begun and "closed" in str(error):
            raise CutShort(url=address.shown) from error
        if "disconnected" in str(error):  # it hung up instead of answering, as a node does that is being stopped
            raise Unreachable(url=address.shown, reason="it hung up") from error
        raise Garbled(url=address.shown, reason=str(error)) from error
    except httpcore.LocalProtocolError as error:
        raise Garbled(url=address.shown, reason=str(error)) from error
    except httpcore.NetworkError as error:
        if is_begun:
            raise CutShort(url=address.shown) from error
        raise Unreachable(url=address.shown, reason=str(error) or "the connection broke") from error
