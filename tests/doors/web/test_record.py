# SPDX-License-Identifier: Apache-2.0
"""The record page: whatever stands in the database, it comes, says what is true, and costs the same."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ortaq.records.models import Change
from tests.factories import actor_of

Write = Callable[..., str]
MONUMENT = {
    "title": {
        "az": ["Şəki xanlarının sarayı", "Xan sarayı"],
        "kk": "Шәкі хандарының сарайы",
        "en": "Palace of the khans",
    },
    "description": {"en": "Built of brick & <b>wood</b>."},
    "built": "17XX",
    "countries": ["AZ"],
    "point": {"lat": 41.2044, "lon": 47.1972, "precision_m": 300},
    "protection": [{"list": "UNESCO World Heritage List", "level": "world", "since": "2019"}],
    "identifiers": [{"scheme": "wikidata", "value": "Q1"}],
    "sources": ["https://example.org/source"],
    "links": [{"role": "located_in", "to": "https://example.org/sheki"}],
}


def page_of(uri: str) -> str:
    return "/r/" + uri.removeprefix("urn:ortaq:")


def queries_of(client: Client, path: str) -> int:
    cache.clear()  # or what is kept for half a minute ends just between the two
    client.get(path)  # what is read once a process is read now
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_page_shows_fields_by_what_they_mean(write: Write, client: Client) -> None:
    text = client.get(page_of(write("monument", MONUMENT))).content.decode()
    for part in (
        "Palace of the khans", "Şəki xanlarının sarayı", "18th century", "Azerbaijan", "41.2044, 47.1972",
        "UNESCO World Heritage List", "World", "https://www.wikidata.org/wiki/Q1", "signature verified",
        "brick &amp; &lt;b&gt;wood&lt;/b&gt;",
    ):  # fmt: skip
        assert part in text, part


def test_page_speaks_the_language_of_its_reader(write: Write, client: Client) -> None:
    client.cookies["django_language"] = "kk"
    text = client.get(page_of(write("monument", MONUMENT))).content.decode()
    assert '<html lang="kk"' in text
    assert "XVIII ғасыр" in text
    assert "Әзербайжан" in text or "Әзірбайжан" in text
    assert "<h1><bdi>Шәкі хандарының сарайы</bdi></h1>" in text


def test_page_costs_the_same_with_one_and_with_300_opinions(write: Write, signed_in: Client, person: Any) -> None:
    town, agent = (
        write("place", {"title": {"az": "Şəki"}}),
        write("agent", {"title": {"az": "Usta"}, "agent_type": "person"}),
    )
    uri = write("monument", {**MONUMENT, "links": [{"role": "located_in", "to": town}]}, by=actor_of(person))

    def give(number: int, **more: str) -> str:
        links = [{"role": "created_by", "to": agent}]
        body = {
            "about": uri,
            "motivation": "comment",
            "lang": "en",
            "text": f"Opinion {number}",
            "links": links,
            **more,
        }
        return write("opinion", body, by=actor_of(person))

    first = give(1)
    before = queries_of(signed_in, page_of(uri))
    for number in range(299):
        give(number, **({"reply_to": first} if number % 3 else {}))
    assert queries_of(signed_in, page_of(uri)) == before
    assert before <= 12, before


def test_opinions_beyond_a_hundred_threads_are_on_further_pages(write: Write, client: Client) -> None:
    uri = write("monument", MONUMENT)
    for number in range(103):
        write("opinion", {"about": uri, "motivation": "comment", "lang": "en", "text": f"Number {number:03}."})
    first = client.get(page_of(uri)).content.decode()
    assert "Number 099." in first
    assert "Number 100." not in first
    address = first.partition("?opinions_after=")[2].partition("#")[0]
    second = client.get(f"{page_of(uri)}?opinions_after={address}").content.decode()
    assert "Number 100." in second
    assert "Number 102." in second
    assert "Number 099." not in second


@pytest.mark.parametrize(
    "body",
    [
        '{"title": ',
        "[]",
        '"text"',
        "null",
        '{"title": {"az": 5}, "point": "here"}',
        '{"title": {"az": ["x"]}, "built": "??"}',
    ],
)
def test_altered_body_is_named_and_breaks_no_page(write: Write, client: Client, body: str) -> None:
    uri = write("monument", MONUMENT)
    Change.objects.filter(record=uri).update(body=body)
    response = client.get(page_of(uri))
    text = response.content.decode()
    assert response.status_code == 200
    assert "This record was tampered with" in text
    assert "log.body-altered" in text
    assert client.get(page_of(uri) + ".json").status_code == 200
    assert client.get(page_of(uri) + ".jsonl").status_code in (200, 500)
    assert client.get(page_of(uri) + "/history").status_code == 200


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("signature", "uAAA", "log.signature-wrong"),
        ("by", "urn:ortaq:x", "log.signature-wrong"),
        ("at", "2020-01-01T00:00:00Z", "log.signature-wrong"),
        ("key", "z6Mkother", "log.key-unknown"),
        ("erases", "x", "log.header-unreadable"),
    ],
)
def test_altered_header_is_named(write: Write, client: Client, column: str, value: str, code: str) -> None:
    uri = write("monument", MONUMENT)
    Change.objects.filter(record=uri).update(**{column: value})
    response = client.get(page_of(uri))
    assert response.status_code == 200
    assert code in response.content.decode()


def test_lost_version_is_named(write: Write, client: Client) -> None:
    uri = write("monument", MONUMENT)
    write("monument", {**MONUMENT, "built": "1762"}, uri=uri)
    Change.objects.filter(record=uri, version=1).delete()
    text = client.get(page_of(uri)).content.decode()
    assert "log.version-missing" in text


def test_history_says_what_changed(write: Write, client: Client) -> None:
    uri = write("monument", MONUMENT)
    write("monument", {**MONUMENT, "built": "1762"}, uri=uri)
    text = client.get(page_of(uri)).content.decode()
    assert "<del>17XX</del>" in text
    assert "<ins>1762</ins>" in text
    assert text.count("signature verified") == 2


def test_absent_and_forbidden_look_the_same(write: Write, client: Client, signed_in: Client) -> None:
    hidden = write("place", {"title": {"az": "Gizli yer"}}, audience="node")
    absent = hidden[:-4] + ("aaaa" if hidden[-4:] != "aaaa" else "bbbb")
    for path in (
        page_of(hidden),
        page_of(hidden) + ".json",
        page_of(hidden) + ".jsonl",
        page_of(hidden) + ".linked-art",
        page_of(hidden) + "/history",
    ):
        seen = client.get(path)
        other = client.get(path.replace(page_of(hidden), page_of(absent)))
        assert seen.status_code == other.status_code == 404
        assert "Gizli" not in seen.content.decode()
        assert seen.content.decode().replace(hidden[-16:], absent[-16:]) == other.content.decode()
    assert signed_in.get(page_of(hidden)).status_code == 200


def test_links_do_not_name_what_the_viewer_may_not_see(write: Write, client: Client) -> None:
    hidden = write("place", {"title": {"az": "Gizli yer"}}, audience="node")
    uri = write("monument", {**MONUMENT, "links": [{"role": "located_in", "to": hidden}]})
    write("place", {"title": {"az": "Gizli məhəllə"}, "links": [{"role": "part_of", "to": uri}]}, audience="node")
    assert "Gizli" not in client.get(page_of(uri)).content.decode()


def test_withdrawn_record_is_a_tombstone(write: Write, client: Client) -> None:
    uri = write("monument", MONUMENT)
    write("monument", None, uri=uri)
    response = client.get(page_of(uri))
    assert response.status_code == 410
    assert "This record was withdrawn" in response.content.decode()
    assert "Palace" not in response.content.decode()


def test_json_is_what_was_signed(write: Write, client: Client) -> None:
    uri = write("monument", MONUMENT)
    document = orjson.loads(client.get(page_of(uri) + ".json").content)
    assert document["change"]["record"] == uri
    assert document["change"]["proof"]["cryptosuite"] == "eddsa-jcs-2022"
    assert document["body"]["built"] == "17XX"


@pytest.mark.parametrize("name", ["x", "a:b", "qovmepxtxohy45nnuhswfjllow", "..", "a%00b"])
def test_address_that_is_none_is_not_found(node: Any, client: Client, name: str) -> None:
    assert client.get(f"/r/{name}").status_code == 404


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL refuses text that is no UTF-8")
def test_byte_that_is_no_text_is_named_too(write: Write, client: Client) -> None:
    uri = write("monument", MONUMENT)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_change SET body = CAST(REPLACE(CAST(body AS BLOB), X'53', X'FF') AS TEXT) WHERE record = %s",
            [uri],
        )
    response = client.get(page_of(uri))
    assert response.status_code == 200
    assert "log.body-altered" in response.content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL refuses text that is no UTF-8")
@pytest.mark.parametrize("column", ["at", "by", "audience", "signature", "digest", "prior"])
def test_byte_of_the_header_that_is_no_text_is_named_too(write: Write, client: Client, column: str) -> None:
    uri = write("monument", MONUMENT)
    uri = write("monument", {**MONUMENT, "built": "1762"}, uri=uri)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE records_change SET \"{column}\" = CAST(X'32FF30' AS TEXT) WHERE version = 2")
    response = client.get(page_of(uri))
    assert response.status_code == 200
    assert "This record was tampered with" in response.content.decode()


def test_record_is_given_as_linked_art(write: Write, client: Client) -> None:
    uri = write("object", {"title": {"az": "Küzə"}, "number": "EM-17"})

    response = client.get(page_of(uri) + ".linked-art")

    found = orjson.loads(response.content)
    assert response["Content-Type"].startswith("application/ld+json;profile=")
    assert (found["id"], found["type"], found["_label"]) == (uri, "HumanMadeObject", "Küzə")
    assert ".linked-art" in client.get(page_of(uri)).content.decode()
