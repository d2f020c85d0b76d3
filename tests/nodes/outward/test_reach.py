# SPDX-License-Identifier: Apache-2.0
import ipaddress

import pytest

from ortaq.nodes.outward.reach import NetworkMalformed, is_allowed, networks_in, why_not

REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.254 127.0.0.1 127.255.255.254 169.254.0.1 169.254.169.254 172.16.0.1
172.31.255.254 192.0.0.1 192.0.0.192 192.0.2.7 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.1 198.51.100.9 203.0.113.5
224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16 100.100.100.200
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
64:ff9b::a00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1
2001:20::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fd12:3456::1 fe80::1
fe80::1%eth0 fec0::1 ff02::1 4000::1
""".split()
ASKED = "8.8.8.8 85.132.10.1 100.128.0.1 172.32.0.1 192.0.1.1 2a00:1450:4001::1 ::ffff:8.8.8.8 64:ff9b::808:808".split()


@pytest.mark.parametrize("address", REFUSED)
def test_address_that_is_not_of_the_world_is_refused(address: str) -> None:
    assert why_not(address, ())


@pytest.mark.parametrize("address", ASKED)
def test_address_of_the_world_is_asked(address: str) -> None:
    assert why_not(address, ()) == ""


def test_administrator_opens_a_network_but_never_metadata() -> None:
    reachable = networks_in("10.20.0.0/16, 169.254.0.0/16,127.0.0.0/8 ,::1/128")
    assert why_not("10.20.3.4", reachable) == why_not("127.0.0.5", reachable) == why_not("::1", reachable) == ""
    assert why_not("::ffff:10.20.3.4", reachable) == ""
    assert why_not("10.21.0.1", reachable) == "it is private"
    assert why_not("169.254.169.254", reachable) == "it gives away the secrets of a machine in a cloud"
    assert is_allowed("169.254.3.3", reachable) and not is_allowed("8.8.8.8", reachable)


def test_no_network_of_the_registries_is_forgotten_by_python() -> None:
    """What Python's own tables call special is refused too; ours know more of it."""
    for network in ("192.0.0.0/24", "2001::/23", "64:ff9b:1::/48", "5f00::/16"):
        first = ipaddress.ip_network(network)[1]
        assert why_not(str(first), ())


@pytest.mark.parametrize("text", ["10.20.0.0/33", "intranet", "10.20.0.1/16"])
def test_setting_that_is_no_network_is_said(text: str) -> None:
    with pytest.raises(NetworkMalformed, match=text):
        networks_in(f"127.0.0.0/8,{text}")


def test_empty_setting_opens_nothing() -> None:
    assert networks_in("") == networks_in(" , ") == ()
