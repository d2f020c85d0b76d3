# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest
from django.test import Client

from ortaq.nodes.identity import Identity
from ortaq.records.door import Draft, write_changes
from ortaq.search.index import Follower
from tests.factories import join


@pytest.fixture
def sheki(node: Identity) -> str:
    body = {
        "source_id": "sheki",
        "title": {"az": "Şəki", "ru": "Шеки"},
        "countries": ["AZ"],
        "point": {"lat": 41.2, "lon": 47.2},
    }
    secret = {"source_id": "secret", "title": {"az": "Gəncə"}, "countries": ["KZ"]}
    outcomes = write_changes([Draft("place", body), Draft("place", secret, "node")], by=node.uri)
    with Follower() as follower:
        follower.catch_up()
    return outcomes[0].uri or ""


def ask(client: Client, **parameters: Any) -> Any:
    return client.get("/api/search", parameters).json()


def test_answers_hits_total_and_facets(client: Client, sheki: str) -> None:
    answer = ask(client, q="Шәки", lang="ru")
    [hit] = answer["hits"]
    assert hit == {"uri": sheki, "source_id": "sheki", "kind": "place", "title": "Шеки", "is_similar": False}
    assert (answer["total"], answer["after"]) == (1, None)
    assert answer["facets"]["kind"] == [{"value": "place", "count": 1}]
    assert list(answer["facets"]) == ["kind", "country", "language", "area", "period"]


def test_title_falls_back_to_a_language_near_by(client: Client, sheki: str) -> None:
    assert ask(client, q="Sheki", lang="kk")["hits"][0]["title"] == "Шеки"
    assert ask(client, q="Sheki", lang="tr")["hits"][0]["title"] == "Şəki"


def test_parameters_narrow_and_may_repeat(client: Client, sheki: str) -> None:
    assert (
        ask(client, kind=["place", "event"], country="AZ", box="47,41,48,42", order="newest", limit="5")["total"] == 1
    )
    assert ask(client, q="Sheki", kind="event")["total"] == 0
    assert ask(client, **{"from": "1900", "to": ""})["total"] == 0


def test_strangers_see_what_is_public(client: Client, sheki: str) -> None:
    assert ask(client)["total"] == 1
    assert ask(client, q="Ganja")["hits"] == []
    assert ask(client)["facets"]["country"] == [{"value": "AZ", "count": 1}]


def test_people_of_the_node_see_more(client: Client, sheki: str, node: Identity) -> None:
    client.force_login(join("a", "A"))
    response = client.get("/api/search", {"q": "Ganja"})
    assert response.json()["hits"][0]["source_id"] == "secret"
    assert "Cookie" in response["Vary"] and "private" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"kind": "castle"}, "record.unknown-kind"),
        ({"country": "az"}, "api.parameter-malformed"),
        ({"language": "a"}, "api.parameter-malformed"),
        ({"area": "sport"}, "api.parameter-malformed"),
        ({"period": "14"}, "api.parameter-malformed"),
        ({"from": "x"}, "api.parameter-malformed"),
        ({"from": "2", "to": "1"}, "search.question-malformed"),
        ({"box": "1,2,3"}, "api.parameter-malformed"),
        ({"box": "nan,0,1,1"}, "search.question-malformed"),
        ({"box": "0,50,1,40"}, "search.question-malformed"),
        ({"order": "best"}, "search.question-malformed"),
        ({"limit": "0"}, "api.parameter-malformed"),
        ({"limit": "101"}, "api.parameter-malformed"),
        ({"after": "zzz", "q": "x"}, "search.cursor-malformed"),
        ({"q": "x" * 1001}, "search.question-malformed"),
        ({"audience": "node"}, "api.parameter-unknown"),
    ],
)
def test_bad_values_are_refused_as_problem_details(
    client: Client, sheki: str, parameters: dict[str, str], code: str
) -> None:
    response = client.get("/api/search", parameters)
    problem = response.json()
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    assert (problem["code"], problem["status"]) == (code, 422)
    assert problem["detail"] and problem["facts"]


def test_without_an_index_it_says_when_to_come_back(client: Client, node: Identity) -> None:
    response = client.get("/api/search", {"q": "x"})
    assert (response.status_code, response.json()["code"]) == (503, "search.index-absent")


def test_only_reading_is_allowed(client: Client, sheki: str) -> None:
    assert client.post("/api/search").status_code == 405
