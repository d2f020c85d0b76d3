# SPDX-License-Identifier: Apache-2.0
"""Records of other nodes on our pages: whose they are, who signed them, what is withheld, and what a thread waits for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ortaq.nodes.models import Actor, Key, Node, Partner
from ortaq.records.receiving import receive_lines
from tests.doors.web.test_record import page_of
from tests.peer import Peer

NAMES = {"kk": ["Астана түйіні"], "en": ["Node of Astana"]}
Write = Callable[..., str]


@pytest.fixture
def peer(node: Any) -> Peer:
    peer = Peer().known()
    Node.objects.filter(pk=peer.id).update(names=NAMES, countries=["KZ"], address="https://kz.example")
    return peer


def receive(peer: Peer) -> None:
    done = receive_lines(peer.id, peer.lines, source=peer.id)
    assert done.error is None, done.error


def read(client: Client, uri: str, status: int = 200, rest: str = "") -> str:
    response = client.get(page_of(uri) + rest)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def test_record_says_of_which_node_it_is_and_leads_there(peer: Peer, client: Client) -> None:
    peer.announce()
    peer.place("1")
    receive(peer)
    text = read(client, peer.uri("1"))
    home = page_of(f"urn:ortaq:{peer.id}:")[:-1]
    assert f'Of another node: <a href="{home}' in text
    assert "Астана түйіні</bdi>" in text  # as its own record says since then


def test_own_record_says_nothing_of_nodes(write: Write, client: Client) -> None:
    assert "Of another node" not in read(client, write("place", {"title": {"az": "Şəki"}}))


def test_results_carry_the_name_of_the_node_on_foreign_rows_alone(
    write: Write, peer: Peer, client: Client, indexed: Callable[[], None]
) -> None:
    write("place", {"title": {"az": "Şəki"}})
    peer.place("1")
    receive(peer)
    indexed()
    text = client.get("/search").content.decode()
    assert text.count("badge-origin") == 1
    assert "Node of Astana" in text


def test_results_of_many_nodes_cost_the_same(
    peer: Peer, node: Any, client: Client, indexed: Callable[[], None]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/search").status_code == 200
        return len(captured)

    peer.place("1")
    receive(peer)
    indexed()
    client.get("/search")
    before = queries()
    for number in range(5):
        other = Peer().known()
        for place in range(3):
            other.place(f"{number}.{place}")
        receive(other)
    indexed()
    assert queries() <= before + 1  # the names of nodes are read once in a while, not once a row


def test_history_shows_names_of_foreign_actors(peer: Peer, client: Client) -> None:
    peer.place("1")
    receive(peer)
    assert "Node of Astana ·" in read(client, peer.uri("1"), rest="/history")  # its node has told no name of the actor
    Actor.objects.create(
        uri=f"urn:ortaq:{peer.id}", node=peer.id, names={"kk": ["Айгүл"], "en": ["Aigul"]}, statement={}
    )
    assert "Aigul ·" in read(client, peer.uri("1"), rest="/history")
    client.cookies["django_language"] = "kk"
    assert "Айгүл ·" in read(client, peer.uri("1"), rest="/history")


def test_page_of_a_foreign_record_costs_no_more_than_twelve_queries(peer: Peer, client: Client) -> None:
    peer.announce()
    peer.place("1")
    peer.opinion(peer.uri("1"), source_id="o")
    receive(peer)
    client.get("/about")
    with CaptureQueriesContext(connection) as captured:
        read(client, peer.uri("1"))
    assert len(captured) <= 12, [query["sql"] for query in captured]


def test_version_of_a_key_that_was_revoked_later_is_marked(peer: Peer, client: Client) -> None:
    peer.place("1")
    receive(peer)
    sentence = "The key that signed this version was revoked later."
    assert sentence not in read(client, peer.uri("1"))
    from django.core.cache import cache

    Key.objects.filter(public=peer.first).update(is_revoked=True, last_seq=peer.seq)
    cache.clear()
    text = read(client, peer.uri("1"))
    assert sentence in text and "signature verified" in text


def test_withheld_version_says_so_and_is_not_called_erased(peer: Peer, client: Client) -> None:
    peer.place("1", withheld=True)
    peer.place("1")
    receive(peer)
    text = read(client, peer.uri("1"))
    assert "Withheld by its node" in text
    assert "erased for good" not in text and "not for you to read" not in text


def test_erased_version_of_another_node_is_called_erased(peer: Peer, client: Client) -> None:
    peer.place("1", withheld=True)
    body = {"source_id": "1", "title": {"kk": ["Жер"]}}
    peer.write("place", body, source_id="1", erases=(1,))
    receive(peer)
    text = read(client, peer.uri("1"))
    assert "erased for good" in text and "Withheld by its node" not in text


def test_withdrawn_record_says_of_which_node_it_was(peer: Peer, client: Client) -> None:
    peer.place("1")
    peer.write("place", None, source_id="1")
    receive(peer)
    text = read(client, peer.uri("1"), 410)
    assert "This record was withdrawn" in text and "Node of Astana" in text


def test_foreign_opinion_stands_under_its_authors_name(write: Write, peer: Peer, client: Client) -> None:
    about = write("place", {"title": {"az": "Şəki"}})
    peer.opinion(about, "Тамаша қала", source_id="o")
    receive(peer)
    text = read(client, about)
    assert '<span class="said-who"><bdi>Node of Astana</bdi></span>' in text
    Actor.objects.create(uri=f"urn:ortaq:{peer.id}", node=peer.id, names={"en": ["Aigul"]}, statement={})
    text = read(client, about)
    assert '<span class="said-who"><bdi>Aigul</bdi></span>' in text and "badge-origin" in text
    assert "Aigul" in client.get("/").content.decode()


def test_thread_says_what_it_still_waits_for(write: Write, peer: Peer, client: Client) -> None:
    about, other = write("place", {"title": {"az": "Şəki"}}), Peer().known()
    missing = other.uri("first")
    body = {"about": about, "motivation": "reply", "lang": "kk", "text": "Дұрыс", "reply_to": missing}
    peer.write("opinion", body, source_id="o")
    receive(peer)
    awaited = "An opinion that has not arrived here yet"
    assert awaited in read(client, about)
    assert "in reply to an opinion that has not arrived here yet" in read(client, peer.uri("o"))
    other.opinion(about, "Бірінші", source_id="first")
    receive(other)
    assert awaited not in read(client, about)
    assert "has not arrived here" not in read(client, peer.uri("o"))


def test_opinion_on_a_record_that_is_not_here_says_so(peer: Peer, client: Client) -> None:
    peer.opinion(Peer().uri("1"), source_id="o")
    receive(peer)
    assert "about a record that has not arrived here yet" in read(client, peer.uri("o"))


def test_about_names_partners_but_not_who_only_asks(node: Any, peer: Peer, client: Client) -> None:
    partner = Partner.objects.create(node_id=peer.id, state=Partner.ASKING)
    assert "Node of Astana" not in client.get("/about").content.decode()
    partner.state, partner.is_paused = Partner.ACTIVE, True
    partner.save()
    text = client.get("/about").content.decode()
    assert "Node of Astana" in text and "Kazakhstan" in text and "https://kz.example" in text
    assert node.id[:4] in text and node.key.public in text


def test_address_of_a_node_is_no_link_unless_it_is_of_the_web(peer: Peer, client: Client) -> None:
    Partner.objects.create(node_id=peer.id, state=Partner.ACTIVE)
    Node.objects.filter(pk=peer.id).update(address="javascript:alert(1)")
    assert "javascript:" not in client.get("/about").content.decode()
