# SPDX-License-Identifier: Apache-2.0
"""The first page: who keeps the node, what is here and what is new, for each viewer only what they may see."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import actor_of

Write = Callable[..., str]
MOST_QUERIES = 12


@pytest.fixture
def institutions(node: Any) -> list[Any]:
    from ortaq.people.actions import found_institution

    names = [{"az": ["Milli Muzey"], "kk": ["Ұлттық музей"]}, {"und": ["Film Fund"]}]
    return [found_institution(name, by=None, country=country) for name, country in zip(names, ("AZ", ""), strict=True)]


def page_of(client: Client, language: str = "en") -> str:
    cache.clear()
    client.cookies["django_language"] = language
    return client.get("/").content.decode()


def test_home_of_a_new_node_says_how_to_begin(client: Client, node: Any) -> None:
    text = page_of(client)
    assert "Nothing is here yet" in text
    assert "ortaq import FILE" in text
    assert 'id="institutions"' not in text  # the one that a new node has is called like the node


def test_home_names_the_institutions_in_the_readers_language(client: Client, institutions: list[Any]) -> None:
    text = page_of(client, "kk")
    assert "Ұлттық музей" in text
    assert "Әзербайжан" in text or "Әзірбайжан" in text
    assert "Film Fund" in text


def test_home_links_an_institution_only_to_a_record_that_the_viewer_sees(
    client: Client, signed_in: Client, person: Any, write: Write, institutions: list[Any]
) -> None:
    agent = write("agent", {"title": {"az": "Milli Muzey"}, "agent_type": "institution"}, audience="node")
    institutions[0].agent = agent
    institutions[0].save()
    link = f'href="/r/{agent.removeprefix("urn:ortaq:")}"><bdi'
    assert "Milli Muzey" in page_of(client)
    assert link not in page_of(client)
    assert link in page_of(signed_in)


def test_home_counts_areas_and_kinds_that_the_viewer_sees(
    client: Client, signed_in: Client, write: Write, indexed: Callable[[], None]
) -> None:
    for number in range(3):
        write("material", {"title": {"en": f"Open {number}"}, "areas": ["restoration"]})
    hidden = {"title": {"en": "Hidden"}, "areas": ["restoration", "cinema"]}
    write("material", hidden, audience="node")
    indexed()
    public, own = page_of(client), page_of(signed_in)
    assert '<span>Restoration</span><span class="area-count">3</span>' in public
    assert "Cinema" not in public
    assert '<span>Restoration</span><span class="area-count">4</span>' in own
    assert '<span>Cinema</span><span class="area-count">1</span>' in own
    assert '<span class="kind-count">3</span>' in public


def test_home_shows_the_newest_opinions_to_those_who_may_read_them(
    client: Client, signed_in: Client, person: Any, write: Write
) -> None:
    palace = write("monument", {"title": {"az": "Xan sarayı"}})
    for text, audience in (("Said to **everyone** here.", "public"), ("Said among ourselves.", "node")):
        body = {"about": palace, "motivation": "comment", "lang": "en", "text": text}
        write("opinion", body, by=actor_of(person), audience=audience)
    public, own = page_of(client), page_of(signed_in)
    assert "Said to everyone here." in public
    assert "Leyla Əliyeva" in public
    assert "Said among ourselves." not in public
    assert "Said among ourselves." in own


def test_home_leaves_out_opinions_on_what_was_withdrawn(client: Client, person: Any, write: Write) -> None:
    palace = write("monument", {"title": {"az": "Xan sarayı"}})
    body = {"about": palace, "motivation": "comment", "lang": "en", "text": "Nobody will find what this is about."}
    write("opinion", body, by=actor_of(person))
    write("monument", None, uri=palace)
    assert "Nobody will find" not in page_of(client)


def test_home_costs_the_same_however_much_there_is(
    client: Client, signed_in: Client, person: Any, write: Write, institutions: list[Any], indexed: Callable[[], None]
) -> None:
    def queries(visitor: Client) -> int:
        visitor.get("/")  # what is read once a process is read now
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert visitor.get("/").status_code == 200
        return len(captured)

    def add(number: int) -> None:
        agent = write("agent", {"title": {"az": f"Usta {number}"}, "agent_type": "person"})
        town = write("place", {"title": {"az": f"Şəhər {number}"}})
        palace = write("monument", {"title": {"az": f"Saray {number}"}, "links": [{"role": "located_in", "to": town}]})
        links = [{"role": "created_by", "to": agent}]
        body = {"about": palace, "motivation": "comment", "lang": "en", "text": f"Opinion {number}", "links": links}
        write("opinion", body, by=actor_of(person))

    institutions[0].agent = write("agent", {"title": {"az": "Milli Muzey"}, "agent_type": "institution"})
    institutions[0].save()
    add(0)
    indexed()
    before = queries(client), queries(signed_in)
    for number in range(1, 30):
        add(number)
    indexed()
    assert (queries(client), queries(signed_in)) == before
    stranger, person_here = before
    assert stranger <= MOST_QUERIES, before
    assert person_here <= MOST_QUERIES + 1, (
        before
    )  # the bell asks once in ten seconds; here each time, for the cache is empty
