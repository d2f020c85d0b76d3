# SPDX-License-Identifier: Apache-2.0
"""What is kept of a visitor's device and address."""

import pytest
from django.test import RequestFactory

from ortaq.people.devices import address_of, device_of, network_of, throttled_network

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"
EDGE = f"{CHROME} Edg/131.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("agent", "device"),
    [(CHROME, "Chrome, Windows"), (EDGE, "Edge, Windows"), (PHONE, "Safari, iPhone"), ("", ""), ("<b>x</b>", "")],
)
def test_device_is_recognised(agent: str, device: str) -> None:
    assert device_of(agent) == device


def test_addresses_are_shortened() -> None:
    assert network_of("203.0.113.77") == "203.0.113.0/24"
    assert network_of("2001:db8:1:2:3::4") == "2001:db8:1::/48"
    assert network_of("::ffff:203.0.113.77") == "203.0.113.0/24"
    assert network_of("nonsense") == ""
    assert throttled_network("2001:db8:1:2:3::4") == throttled_network("2001:db8:1:2::9") == "2001:db8:1:2::/64"


@pytest.mark.parametrize(
    ("proxies", "header", "found"),
    [(0, "1.1.1.1", "10.0.0.9"), (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"), (2, "6.6.6.6, 1.1.1.1, 10.0.0.1", "1.1.1.1"),
     (1, "", "10.0.0.9"), (3, "1.1.1.1", "10.0.0.9")],
)  # fmt: skip
def test_only_trusted_proxies_are_believed(settings: object, proxies: int, header: str, found: str) -> None:
    settings.PROXIES = proxies  # type: ignore[attr-defined]
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", headers={"X-Forwarded-For": header})
    assert address_of(request) == found
