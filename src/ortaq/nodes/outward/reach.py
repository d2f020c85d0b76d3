# SPDX-License-Identifier: Apache-2.0
"""Which addresses may be asked: what the whole world reaches, and the networks that the administrator allows. Plain Python.

Source of the lists: the IANA registries of special-purpose addresses (RFC 6890 and what updates it), as of November 2026.
"""

import ipaddress
from collections.abc import Iterable
from typing import Final

from ortaq.core.errors import N_, OrtaqError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NetworkMalformed(OrtaqError):
    code, status = "outward.network-malformed", 500
    say = N_(
        "ORTAQ_REACHABLE has '%(value)s', which is not a network. Write networks with commas between: 10.20.0.0/16"
    )


def _of(reason: str, *networks: str) -> dict[Network, str]:
    return {ipaddress.ip_network(network): reason for network in networks}


# Where clouds keep the keys of their machines; no entry of ORTAQ_REACHABLE opens these.
_METADATA: Final = _of(
    "it gives away the secrets of a machine in a cloud",
    "169.254.169.254/32", "169.254.170.2/32", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32", "fd00:ec2::254/128",
)  # fmt: skip
_SPECIAL: Final = (
    _of("it is unspecified", "0.0.0.0/8", "::/128")
    | _of("it is this machine itself", "127.0.0.0/8", "::1/128")
    | _of("it is private", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10")
    | _of("it is shared behind a provider's router", "100.64.0.0/10")
    | _of("it is link-local", "169.254.0.0/16", "fe80::/10")
    | _of("it is multicast", "224.0.0.0/4", "ff00::/8")
    | _of("it is for documentation", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
    | _of("it is for measurements", "198.18.0.0/15", "2001:2::/48")
    | _of("it leads through a tunnel", "192.88.99.0/24", "2001::/32", "2002::/16", "64:ff9b:1::/48")
    | _of("it is reserved", "192.0.0.0/24", "240.0.0.0/4", "2001::/23", "100::/63", "5f00::/16")
)
_GLOBAL: Final = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out of IPv6 for the world
_MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")  # how a network without IPv4 reaches an IPv4 address


def networks_in(text: str) -> tuple[Network, ...]:
    """Return the networks of ORTAQ_REACHABLE; raises NetworkMalformed."""
    return tuple(_network(part.strip()) for part in text.split(",") if part.strip())


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise NetworkMalformed(value=text) from error


def is_allowed(address: str, reachable: Iterable[Network]) -> bool:
    """Return whether the administrator opened the network of *address*."""
    judged = _judged(address)
    return not _found(judged, _METADATA) and any(judged in network for network in reachable)


def why_not(address: str, reachable: Iterable[Network]) -> str:
    """Return why *address* must not be asked; empty if it may be."""
    if is_allowed(address, reachable):
        return ""
    judged = _judged(address)
    if reason := _found(judged, _METADATA) or _found(judged, _SPECIAL):
        return reason
    if isinstance(judged, ipaddress.IPv6Address) and judged not in _GLOBAL:
        return "it is reserved"
    # a newer Python may know of more than the lists above
    return "" if judged.is_global else "it is not for the world"


def _judged(address: str) -> IPAddress:
    """The address that is reached in the end: the IPv4 address within an IPv6 one, if it is only wrapped."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address) and (found in _MAPPED or found in _NAT64):
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found


def _found(address: IPAddress, lists: dict[Network, str]) -> str:
    return next((reason for network, reason in lists.items() if address in network), "")
