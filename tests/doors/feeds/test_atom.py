# SPDX-License-Identifier: Apache-2.0
"""Atom feeds: what is new here, in a search, about a record; for everyone alike, page by page, not twice if nothing changed."""

import datetime
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.http import parse_http_date
from lxml import etree

from ortaq.doors.feeds import pages
from ortaq.doors.harvest import following
from ortaq.doors.harvest.following import catch_up
from ortaq.records.door import Draft, write_change
from ortaq.records.models import Record
from ortaq.search.index import Follower
from tests.factories import Write, join, write_opinion

SPACES = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(pages, "_PAGE", 3)


def uri_of(source_id: str) -> str:
    return str(Record.objects.get(source_id=source_id).uri)


def page_of(source_id: str) -> str:
    return f"/r/{uri_of(source_id).removeprefix('urn:ortaq:')}"


def feed(address: str, **headers: str) -> etree._Element:
    catch_up()
    with Follower() as follower:
        follower.catch_up()
    response = Client(headers={"Accept-Language": "en", **headers}).get(address)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not response.cookies
    return etree.fromstring(response.content)


def texts(document: etree._Element, path: str) -> list[str]:
    return [str(one) for one in document.xpath(path, namespaces=SPACES)]


def ids(document: etree._Element) -> list[str]:
    return texts(document, "/a:feed/a:entry/a:id/text()")


def all_ids(address: str) -> list[str]:
    """The ids of all pages."""
    found: list[str] = []
    while address:
        document = feed(address)
        found += ids(document)
        address = next(iter(texts(document, "/a:feed/a:link[@rel='next']/@href")), "").removeprefix("http://testserver")
    return found


def test_newest_first_page_by_page(node: Any, place: Write) -> None:
    for number in range(7):
        place(f"geo:{number}")
    place("geo:hidden", audience="node")
    place("geo:1", az="Yeni ad")
    write_change(Draft("place", None, "public", uri_of("geo:5")), by=node.uri)
    assert all_ids("/feed.atom") == [uri_of(f"geo:{number}") for number in (1, 6, 4, 3, 2, 0)]


def test_feed_has_what_the_standard_asks_for(node: Any, place: Write) -> None:
    body = {"title": {"az": "Saray", "ru": "Дворец"}, "description": {"az": "Uzun " * 300}}
    uri = write_change(Draft("monument", body), by=node.uri).uri
    document = feed("/feed.atom")
    assert texts(document, "/a:feed/a:id/text()") == [f"{node.uri}#new"]
    assert texts(document, "/a:feed/a:author/a:name/text()") == ["Test node"]
    assert texts(document, "/a:feed/a:updated/text()") == texts(document, "//a:entry/a:updated/text()")
    assert texts(document, "//a:entry/a:link[@type='text/html']/@href") == [
        f"http://testserver/r/{uri.removeprefix('urn:ortaq:')}"
    ]
    assert texts(document, "//a:entry/a:category/@term") == ["monument"]
    assert len(texts(document, "//a:entry/a:summary/text()")[0]) <= 501


def test_language_is_chosen_by_the_address_or_by_the_reader(node: Any) -> None:
    write_change(Draft("monument", {"title": {"az": "Saray", "ru": "Дворец"}}), by=node.uri)
    assert texts(feed("/feed.atom?lang=ru"), "//a:entry/a:title/text()") == ["Дворец"]
    by_header = feed("/feed.atom", **{"Accept-Language": "az"})
    assert texts(by_header, "//a:entry/a:title/text()") == ["Saray"]
    assert texts(by_header, "/a:feed/@xml:lang") == ["az"]


def test_one_kind(node: Any, place: Write) -> None:
    place("geo:1")
    uri = write_change(Draft("monument", {"title": {"az": "Saray"}}), by=node.uri).uri
    assert ids(feed("/feed.atom?kind=monument")) == [uri]
    assert Client().get("/feed.atom?kind=nothing").status_code == 400
    assert Client().get("/feed.atom?before=x").status_code == 400


def test_search_as_a_feed(node: Any, place: Write) -> None:
    for number in range(5):
        place(f"geo:{number}", az=f"Şəki {number}")
    place("geo:other", az="Bakı")
    place("geo:hidden", az="Şəki gizli", audience="node")
    found = all_ids("/search.atom?q=Шәки")
    assert sorted(found) == sorted(uri_of(f"geo:{number}") for number in range(5))
    assert texts(feed("/search.atom?q=Шәки"), "/a:feed/a:id/text()") == [
        f"{node.uri}#search?q=%D0%A8%D3%99%D0%BA%D0%B8"
    ]


def test_record_has_a_feed_of_its_versions_and_of_what_is_said(node: Any, place: Write) -> None:
    place("geo:1", audience="node", az="Gizli ad")
    place("geo:1", az="Ad")
    opinion = write_opinion("geo:1", "Çox gözəl").uri
    write_opinion("geo:1", "Gizli", audience="node")
    for number in range(3):
        place("geo:1", az=f"Ad {number}")
    uri = uri_of("geo:1")
    assert all_ids(f"{page_of('geo:1')}.atom") == [f"{uri}#version-{n}" for n in (5, 4, 3)] + [
        opinion,
        f"{uri}#version-2",
    ]
    assert b"Gizli" not in etree.tostring(feed(f"{page_of('geo:1')}.atom?before=999"), encoding="utf-8")


def test_no_feed_of_what_not_everyone_may_see(node: Any, place: Write) -> None:
    place("geo:1", audience="node")
    place("geo:2")
    gone = page_of("geo:2")
    write_change(Draft("place", None, "public", uri_of("geo:2")), by=node.uri)
    client = Client()
    client.force_login(join("leyla"))
    assert client.get(f"{page_of('geo:1')}.atom").status_code == 404
    assert client.get(f"{gone}.atom").status_code == 410
    assert client.get("/r/no.atom").status_code == 404


@pytest.mark.parametrize("address", ["/feed.atom", "/search.atom", "{page}.atom", "/sitemap.xml", "/sitemap-0.xml"])
def test_nothing_is_sent_twice_that_did_not_change(node: Any, place: Write, address: str) -> None:
    place("geo:1")
    catch_up()
    with Follower() as follower:
        follower.catch_up()
    address = address.format(page=page_of("geo:1"))
    first = Client().get(address)
    again = Client().get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    place("geo:1", az="Yeni ad")
    catch_up()
    cache.clear()
    assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert "Last-Modified" in first


def test_pages_name_their_feeds(node: Any, place: Write) -> None:
    place("geo:1")
    place("geo:2", audience="node")
    with Follower() as follower:
        follower.catch_up()
    client = Client()
    assert f'href="{page_of("geo:1")}.atom"' in client.get(page_of("geo:1")).content.decode()
    assert 'href="/search.atom?q=ad"' in client.get("/search?q=ad").content.decode()
    assert 'href="/feed.atom"' in client.get("/").content.decode()
    client.force_login(join("leyla"))
    assert ".atom" not in client.get(page_of("geo:2")).content.decode().replace("/feed.atom", "")


@pytest.mark.parametrize("address", ["/feed.atom", "/feed.atom?kind=place", "/search.atom", "/sitemap-0.xml"])
def test_what_went_is_a_change_too(node: Any, place: Write, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for who remembers no ETag, only the instant."""
    for number in range(2):
        place(f"geo:{number}")
    catch_up()
    with Follower() as follower:
        follower.catch_up()
    response = Client().get(address)
    before = parse_http_date(response["Last-Modified"])
    assert before <= time.time()
    monkeypatch.setattr(following, "_AHEAD", datetime.timedelta(seconds=30))
    write_change(Draft("place", None, "public", uri_of("geo:0")), by=node.uri)
    catch_up()
    monkeypatch.setattr("ortaq.doors.harvest.answering.time", SimpleNamespace(time=lambda: time.time() + 60))
    again = Client().get(address, headers={"If-Modified-Since": response["Last-Modified"]})
    assert again.status_code == 200
    assert parse_http_date(again["Last-Modified"]) > before
