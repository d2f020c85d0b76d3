# SPDX-License-Identifier: Apache-2.0
"""An address as it is sent and signed: one spelling, nothing in it that two readers could read differently."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

import idna

from ortaq.nodes.outward.errors import AddressMalformed

LONGEST: Final = 8000
_PORTS: Final = {"http": 80, "https": 443}
_LOWEST_FREE_PORT: Final = 1024  # below it lie mail, names, shells: only the two ports of the web are asked there
_LETTERS: Final = (
    "%/:@!$&'()*+,;=-._~"  # what RFC 3986 allows in a path beside letters and digits; % stands before what is quoted
)
_HOST: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")
_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Address:
    """host: in ASCII and small letters, an IPv6 address without its brackets; target: path and query as they are sent."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as the header Host and the signature name them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def shown(self) -> str:
        """The address without its query, which may hold what is nobody's business."""
        return f"{self.scheme}://{self.authority}{self.target.partition('?')[0]}"


def address_of(url: str) -> Address:
    """Return *url* taken apart; raises AddressMalformed."""
    if len(url) > LONGEST or any(letter <= " " or letter == "\x7f" or letter == "\\" for letter in url):
        raise AddressMalformed(
            url=url[:80], reason="it is too long, or has a space, a control character or a backslash"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressMalformed(url=_shown(url), reason=str(error)) from error
    _check(parts, url)
    host = _host(parts.hostname or "", url)
    port = _PORTS[parts.scheme] if port is None else port
    if port < _LOWEST_FREE_PORT and port not in _PORTS.values():
        raise AddressMalformed(url=_shown(url), reason=f"port {port} is not one of the web")
    query = f"?{quote(parts.query, safe=_LETTERS + '?')}" if parts.query else ""
    return Address(parts.scheme, host, port, (quote(parts.path, safe=_LETTERS) or "/") + query)


def _check(parts: SplitResult, url: str) -> None:
    if parts.scheme not in _PORTS:
        raise AddressMalformed(url=_shown(url), reason="only https:// and http:// are asked")
    if "@" in parts.netloc:
        raise AddressMalformed(url=_shown(url), reason="it has a name or a password before the host")
    if parts.fragment:
        raise AddressMalformed(url=_shown(url), reason="what stands behind # is never sent")
    if _BROKEN_ESCAPE.search(parts.path + parts.query):
        raise AddressMalformed(url=_shown(url), reason="a % in it has no two digits behind it")


def _host(host: str, url: str) -> str:
    """The host in the form in which it is resolved: мәдениет.қаз as xn--…"""
    if ":" in host:
        try:
            return str(
                ipaddress.IPv6Address(host.replace("%", " "))
            )  # a zone (%eth0) means something on one machine only
        except ValueError as error:
            raise AddressMalformed(url=_shown(url), reason="its host is not an IPv6 address") from error
    try:
        name = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise AddressMalformed(url=_shown(url), reason="its host is not a name") from error
    if not _HOST.fullmatch(name):
        raise AddressMalformed(url=_shown(url), reason="its host is not a name")
    return name


def _shown(url: str) -> str:
    """The beginning of *url* without a password and without its query."""
    scheme, between, rest = url.partition("?")[0].rpartition("://")
    before, _, path = rest.partition("/")
    return f"{scheme}{between}{before.rpartition('@')[2]}{'/' if path else ''}{path}"[:80]
