# SPDX-License-Identifier: Apache-2.0
"""What must not be asked is refused before a connection is opened; no test sends a packet off this machine."""

import time

import pytest

from ortaq.nodes.outward.client import client
from ortaq.nodes.outward.errors import AddressMalformed, AddressRefused, PlainRefused, TooSlow, Unreachable
from tests.nodes.outward.hosts import HERE, Connections, Names, asking, host, saying

HOSTILE = """127.0.0.1 10.0.0.5 172.16.9.9 192.168.0.1 169.254.169.254 100.64.1.1 0.0.0.0 224.0.0.1 255.255.255.255 192.0.2.1
::1 :: fe80::1%eth0 fc00::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1 64:ff9b::a9fe:a9fe 2002:7f00:1:: 2001:0:1::1""".split()


@pytest.mark.parametrize("address", HOSTILE)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_name_of_an_address_that_is_not_of_the_world_opens_no_connection(address: str, scheme: str) -> None:
    connections, names = Connections(), Names(partner_example=[[address]])
    with client(reachable=(), resolver=names, connector=connections) as ask, pytest.raises(AddressRefused) as caught:
        ask.get(f"{scheme}://partner.example/.well-known/ortaq")
    assert connections.opened == [] and names.asked == ["partner.example"]
    assert caught.value.facts["address"] == address and "ORTAQ_REACHABLE" in str(caught.value)


@pytest.mark.parametrize("literal", ["127.0.0.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "10.0.0.1"])
def test_address_without_a_name_is_judged_without_asking_for_names(literal: str) -> None:
    connections, names = Connections(), Names()
    with client(reachable=(), resolver=names, connector=connections) as ask, pytest.raises(AddressRefused):
        ask.get(f"https://{literal}/")
    assert (connections.opened, names.asked) == ([], [])


@pytest.mark.parametrize("answer", [["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2a00:1450::1", "::1"]])
def test_name_with_one_bad_address_among_good_ones_is_refused(answer: list[str]) -> None:
    connections = Connections()
    names = Names(mixed_example=[answer])
    with client(reachable=(), resolver=names, connector=connections) as ask, pytest.raises(AddressRefused):
        ask.get("https://mixed.example/")
    assert connections.opened == []


@pytest.mark.parametrize("number", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "localhost."])
def test_other_spellings_of_this_machine_are_judged_by_what_they_resolve_to(number: str) -> None:
    """Asked with the resolver of the system: it, not we, knows what such a spelling means; it asks nobody for these."""
    connections = Connections()
    with (
        client(reachable=(), connector=connections) as ask,
        pytest.raises((AddressRefused, AddressMalformed, Unreachable)),
    ):
        ask.get(f"https://{number}/")
    assert connections.opened == []


def test_answer_that_changes_after_the_check_changes_nothing() -> None:
    """DNS rebinding: the name is resolved once, and the connection goes to the address that was judged."""
    connections = Connections()
    names = Names(rebinding_example=[["127.0.0.1"], ["127.0.0.66"]])
    with host(saying(b"here")) as port, asking(names, connections) as ask:
        assert ask.get(f"http://rebinding.example:{port}/").body == b"here"
    assert connections.opened == [("127.0.0.1", port)] and names.asked == ["rebinding.example"]


def test_rebinding_on_the_next_request_is_judged_again() -> None:
    connections, names = Connections(), Names(rebinding_example=[["127.0.0.1"], ["10.0.0.1"]])
    with host(saying(b"", "Connection: close\r\n")) as port, asking(names, connections) as ask:
        ask.get(f"http://rebinding.example:{port}/")
        with pytest.raises(AddressRefused):
            ask.get(f"http://rebinding.example:{port}/")
    assert len(connections.opened) == 1


def test_plain_http_is_for_the_administrators_networks_alone() -> None:
    connections = Connections()
    names = Names(world_example=[["8.8.8.8"]])
    with asking(names, connections) as ask, pytest.raises(PlainRefused, match="https://"):
        ask.get("http://world.example/")
    assert connections.opened == []


def test_second_address_is_tried_when_the_first_one_is_silent() -> None:
    connections, names = Connections(), Names(two_example=[["127.0.0.9", "127.0.0.1"]])
    with host(saying(b"second")) as port, asking(names, connections) as ask:
        assert ask.get(f"http://two.example:{port}/").body == b"second"
    assert connections.opened == [("127.0.0.9", port), ("127.0.0.1", port)]


def test_name_that_nobody_knows_is_said() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    with client(reachable=HERE, resolver=unknown) as ask, pytest.raises(Unreachable, match="not known"):
        ask.get("https://nowhere.example/")
    with client(reachable=HERE, resolver=lambda *_: []) as ask, pytest.raises(Unreachable, match="has no address"):
        ask.get("https://nowhere.example/")


def test_name_server_that_is_slow_does_not_hold_us() -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(3)
        return ["127.0.0.1"]

    begun = time.monotonic()
    with client(reachable=HERE, resolver=slow) as ask, pytest.raises(TooSlow):
        ask.get("https://slow.example/", total_seconds=0.2)
    assert time.monotonic() - begun < 2
