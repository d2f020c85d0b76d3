# SPDX-License-Identifier: Apache-2.0
"""What one recognises an own session by: the browser, the system, and roughly where from. No more than that is kept."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# First match wins: every Edge says it is Chrome, every Chrome that it is Safari.
_BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser", "Yandex"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
    ("python", "Python"),
]
_SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]


def device_of(user_agent: str) -> str:
    """Return the browser and the system, as "Firefox, Windows"; empty if nothing is recognised."""
    known = (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))
    return ", ".join(one for one in known if one)


def _first(table: list[tuple[str, str]], user_agent: str) -> str:
    return next((name for sign, name in table if sign in user_agent), "")


def address_of(request: HttpRequest) -> str:
    """Return the visitor's address: behind N trusted proxies the N-th last of X-Forwarded-For, else who connects.

    What stands further left in that header was written by the visitor and is not believed.
    """
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    hops: int = settings.PROXIES
    found = forwarded[-hops] if 0 < hops <= len(forwarded) else request.META.get("REMOTE_ADDR", "")
    return str(found)


def network_of(address: str) -> str:
    """Return the network that *address* lies in: /24, or /48 with IPv6. Nobody needs to keep more of it."""
    return _network(address, 24, 48)


def throttled_network(address: str) -> str:
    """Return what is throttled together: one IPv4 address, one customer's /64 with IPv6."""
    return _network(address, 32, 64)


def _network(address: str, four: int, six: int) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed, four if parsed.version == 4 else six), strict=False))
