# SPDX-License-Identifier: Apache-2.0
"""Nothing that the public can ask, however it asks, tells more of a sensitive site than its cell; nor do the logs."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from ortaq.core.cells import cell_of
from ortaq.doors.harvest.following import catch_up as list_up
from ortaq.heritage.actions import Keeping, keep_location
from ortaq.people.rules import STEWARD
from ortaq.records.actions import publish_record
from ortaq.search.index import Follower
from ortaq.search.question import ORDERS
from tests.factories import join, viewer

FIRST, SECOND = (40.12468, 49.38357), (40.14127, 49.35116)
CELL = cell_of(*FIRST)
SECRETS = re.compile(r"40\.1246|40\.1247|49\.3835|49\.3836|40\.1412|40\.1413|49\.3511|49\.3512")
AROUND = [(39.9, 49.2), (40.0, 49.3), (40.3, 49.6), (41.5, 50.5)]


@pytest.fixture
def steward(node: Any) -> Any:
    return join("rauf", role=STEWARD)


@pytest.fixture
def site(steward: Any) -> str:
    """A public site, told to all at first, among four others."""
    for number, (lat, lon) in enumerate(AROUND):
        body = {"title": {"az": f"Qala {number}"}, "point": {"lat": lat, "lon": lon}}
        publish_record(viewer(steward), "monument", body, "public")
    body = {"source_id": "her:7", "title": {"az": "Qaya təsvirləri"}, "point": {"lat": FIRST[0], "lon": FIRST[1]}}
    return str(publish_record(viewer(steward), "monument", body, "public").uri)


def index() -> None:
    with Follower() as follower:
        follower.catch_up()
    list_up()


def keep(site: str, steward: Any, place: tuple[float, float], version: int) -> None:
    who = viewer(steward)
    keeping = Keeping(*place, f"institution:{who.standing.institution}", "looting")
    keep_location(site, keeping, viewer=who, expected_version=version)


def boxes() -> Iterator[str]:
    """A grid through the cell, and halvings of it that a binary search would ask for."""
    south, west = CELL["lat"] - 0.025, CELL["lon"] - 0.025
    for step in range(1, 10):
        lat, lon = south + step * 0.005, west + step * 0.005
        yield from (
            f"{west:.4f},{south:.4f},{lon:.4f},{lat:.4f}",
            f"{lon:.4f},{lat:.4f},{west + 0.05:.4f},{south + 0.05:.4f}",
            f"{west:.4f},{lat:.4f},{west + 0.05:.4f},{south + 0.05:.4f}",
            f"{lon:.4f},{south:.4f},{west + 0.05:.4f},{south + 0.05:.4f}",
        )


def addresses(site: str) -> Iterator[str]:
    name = site.removeprefix("urn:ortaq:")
    yield from (
        f"/r/{name}{ending}" for ending in ("", ".json", ".jsonl", ".linked-art", "/history", "/links", ".atom")
    )
    yield from (f"/api/records/{name}", f"/api/records/{name}/versions", f"/api/records/{name}/opinions")
    for box in boxes():
        yield from (f"/{path}?box={box}" for path in ("search", "search/points", "api/search", "api/points"))
    for order in ORDERS:
        yield from (f"/{path}?{urlencode({'order': order, 'q': 'Qala'})}" for path in ("search", "api/search"))
        yield f"/api/search?order={order}"
    yield from (
        "/search.jsonl?q=Qaya",
        "/search.csv?q=Qaya",
        "/search.linked-art?q=Qaya",
        "/suggestions?q=Qaya",
        "/search?kind=location",
        "/sitemap.xml",
    )
    yield from (f"/oai?verb=ListRecords&metadataPrefix={prefix}" for prefix in ("oai_dc", "lido", "edm", "crm"))


def answers(site: str) -> dict[str, str]:
    """What a stranger is answered, without what is new in every answer."""
    client, found = Client(), {}
    for address in addresses(site):
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content  # type: ignore[call-overload, attr-defined]
        text = re.sub(r'<responseDate>[^<]+|nonce="[^"]+"|csrf\w+" value="[^"]+"', "", body.decode())
        found[address] = f"{response.status_code}\n{text}"
    return found


def test_two_places_in_a_cell_are_one_to_the_public(site: str, steward: Any) -> None:
    """So no search, by box, order or otherwise, can tell them apart, whatever it tries."""
    keep(site, steward, FIRST, version=1)
    index()
    before = answers(site)
    keep(site, steward, SECOND, version=2)
    index()
    after = answers(site)
    assert {address for address in before if before[address] != after[address]} == set()
    assert [address for address, text in before.items() if SECRETS.search(text)] == []
    found = {address for address, text in before.items() if "Qaya" in text}
    assert {f"/api/records/{site[10:]}", "/search.jsonl?q=Qaya"} <= found
    assert sum("box" in address for address in found) > 20


def test_a_binary_search_by_box_ends_at_the_middle_of_the_cell(site: str, steward: Any) -> None:
    keep(site, steward, FIRST, version=1)
    index()
    client = Client()

    def is_in(west: float, south: float, east: float, north: float) -> bool:
        box = ",".join(f"{edge:.6f}" for edge in (west, south, east, north))
        return any(hit["source_id"] == "her:7" for hit in client.get("/api/search", {"box": box}).json()["hits"])

    south, north, west, east = 40.1, 40.15, 49.35, 49.4
    for _ in range(16):
        middle = (south + north) / 2
        south, north = (middle, north) if is_in(west, middle, east, north) else (south, middle)
        middle = (west + east) / 2
        west, east = (middle, east) if is_in(middle, south, east, north) else (west, middle)
    assert abs((south + north) / 2 - CELL["lat"]) < 1e-4 and abs((west + east) / 2 - CELL["lon"]) < 1e-4


def test_the_logs_do_not_tell_it(site: str, steward: Any, capfd: Any) -> None:
    client = Client()
    client.force_login(steward)
    own = f"institution:{viewer(steward).standing.institution}"
    given = {"version": "1", "place": "40.12468, 49.38357", "audience": own, "reason": "looting"}
    assert client.post(f"/locations/{site[10:]}", given).status_code == 302
    assert client.post(f"/locations/{site[10:]}", {**given, "version": "1"}).status_code == 409
    said = capfd.readouterr()
    assert not SECRETS.search(said.out + said.err)
