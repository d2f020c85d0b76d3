# SPDX-License-Identifier: Apache-2.0
"""Results: found in any script, narrowed by facets, in the reader's words; nothing leaks, nothing breaks."""

from collections.abc import Callable

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

Write = Callable[..., str]


@pytest.fixture
def corpus(write: Write, indexed: Callable[[], None]) -> None:
    town = write(
        "place", {"title": {"az": "Şəki", "ru": "Шеки"}, "countries": ["AZ"], "point": {"lat": 41.2, "lon": 47.2}}
    )
    palace = {"title": {"az": "Şəki xanlarının sarayı"}, "built": "17XX", "countries": ["AZ"], "areas": ["heritage"]}
    write(
        "monument",
        {**palace, "description": {"az": "Sarayın şəbəkəsi."}, "links": [{"role": "located_in", "to": town}]},
    )
    write("place", {"title": {"kk": "Түркістан"}, "countries": ["KZ"]})
    write(
        "place", {"title": {"az": "Gizlikənd"}, "countries": ["TM"], "point": {"lat": 40, "lon": 50}}, audience="node"
    )
    indexed()


def test_name_is_found_in_another_script_and_marked_in_its_own(corpus: None, client: Client) -> None:
    text = client.get("/search", {"q": "Шәки"}).content.decode()
    assert "<mark>Şəki</mark>" in text
    assert "18th century" in text
    assert "Azerbaijan" in text


def test_facets_have_labels_and_addresses_that_undo_them(corpus: None, client: Client) -> None:
    client.cookies["django_language"] = "ru"
    text = client.get("/search", {"kind": "monument", "country": "AZ", "from": "1700", "to": "1800"}).content.decode()
    assert "Памятники и объекты" in text
    assert "Азербайджан" in text
    assert "XVIII век" in text
    assert "1 запись" in text
    assert 'href="?kind=monument&amp;from=1700&amp;to=1800"' in text


def test_years_typed_the_wrong_way_round_are_put_in_order(corpus: None, client: Client) -> None:
    text = client.get("/search", {"kind": "monument", "country": "AZ", "from": "1800", "to": "1700"}).content.decode()
    assert "1 record" in text
    assert 'href="?kind=monument&amp;from=1700&amp;to=1800"' in text


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=%D0%93%D0%B8%D0%B7%D0%BB%D0%B8%D0%BA%D3%99%D0%BD%D0%B4",
        "/suggestions?q=Gizli",
        "/search/points",
        "/search",
        "/",
        "/search.jsonl",
    ],
)
def test_strangers_learn_nothing_of_what_is_not_public(
    corpus: None, client: Client, signed_in: Client, path: str
) -> None:
    def read(who: Client) -> str:
        response = who.get(path)
        return b"".join(response).decode()

    assert "Gizlikənd" not in read(client)
    assert "Turkmenistan" not in read(client)
    assert "Gizlikənd" in read(signed_in)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=x", 400), ("to=99999999", 400), ("box=1,2", 400), ("box=a,b,c,d", 400), ("order=best", 400), ("view=x", 400),
        ("after=zzz", 422), ("from=1900&to=1800", 200), ("box=0,9,1,1", 422), ("kind=nothing", 200), ("period=x", 200),
        ("q=" + "%00" * 3, 200), ("q=" + "x" * 5000, 200), ("country=ZZZ&language=&area=%FF", 200),
    ],
)  # fmt: skip
def test_bad_parameters_get_a_page(corpus: None, client: Client, query: str, status: int) -> None:
    response = client.get(f"/search?{query}")
    assert response.status_code == status
    assert "<h1" in response.content.decode()


def test_nothing_found_comes_with_advice(corpus: None, client: Client) -> None:
    text = client.get("/search", {"q": "qqqxxxzzz", "kind": "monument"}).content.decode()
    assert "Type fewer words" in text
    assert "Search everything" in text


def test_points_and_downloads_hold_what_was_found(corpus: None, client: Client) -> None:
    points = orjson.loads(client.get("/search/points", {"q": "Шеки"}).content)["points"]
    assert [point["title"] for point in points] == ["Şəki"] or [point["title"] for point in points] == ["Шеки"]
    lines = b"".join(client.get("/search.jsonl", {"country": "AZ"})).splitlines()
    assert {orjson.loads(line)["kind"] for line in lines} == {"place", "monument"}
    art = [orjson.loads(line) for line in b"".join(client.get("/search.linked-art", {"country": "AZ"})).splitlines()]
    assert len(art) == len(lines) and all(one["@context"].startswith("https://linked.art/") for one in art)
    table = b"".join(client.get("/search.csv", {"kind": "monument"})).decode("utf-8-sig")
    assert "Şəki xanlarının sarayı" in table
    everything = b"".join(client.get("/search.csv")).decode("utf-8-sig")
    assert "Şəki xanlarının sarayı" in everything and "Шеки" in everything


def test_pages_follow_each_other_without_gap(write: Write, indexed: Callable[[], None], client: Client) -> None:
    for number in range(45):
        write("place", {"title": {"en": f"Village {number:03}"}})
    indexed()
    seen: list[str] = []
    address = "/search?order=oldest"
    for _page in range(3):
        text = client.get(address).content.decode()
        seen += [part[:3] for part in text.split("Village ")[1:] if part[:3].isdecimal()]
        address = "/search" + text.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert sorted(set(seen)) == [f"{number:03}" for number in range(45)]


def test_home_without_records_says_what_to_do(node: object, client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "ortaq import" in response.content.decode()


def test_about_names_node_and_key(corpus: None, client: Client, node: object) -> None:
    text = client.get("/about").content.decode()
    assert node.id in text  # type: ignore[attr-defined]
    assert node.key.public in text  # type: ignore[attr-defined]


def test_page_costs_the_same_with_one_and_with_a_hundred_results(
    write: Write, signed_in: Client, indexed: Callable[[], None]
) -> None:
    def queries() -> int:
        signed_in.get("/search", {"q": "Qala"})
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get("/search", {"q": "Qala"}).status_code == 200
        return len(captured)

    write("place", {"title": {"az": "Qala"}})
    indexed()
    before = queries()
    for number in range(99):
        write("place", {"title": {"az": f"Qala {number}"}}, audience="node")
    indexed()
    assert queries() == before
    assert before <= 12, before
