# SPDX-License-Identifier: Apache-2.0
"""IIIF Change Discovery: whoever walks back from the last page meets every record with a picture once, the newest change first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from ortaq.doors.harvest.following import catch_up
from ortaq.doors.harvest.models import Shelved
from ortaq.records.door import Draft, write_change
from ortaq.records.models import Record
from tests.factories import Write


@pytest.fixture
def pictured(place: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven places of which five have a picture; as the list sees it, for no file need be there."""
    monkeypatch.setattr(settings, "HARVEST_PAGE", 2)
    for number in range(7):
        place(f"geo:{number}")
    catch_up()
    for number in range(5):
        mark(f"geo:{number}")


def mark(source_id: str) -> None:
    from ortaq.doors.harvest.models import Listed

    record = Record.objects.get(source_id=source_id).id
    Shelved.objects.create(record=record, shelf="image", position=Listed.objects.get(record=record).position)


def asked(address: str) -> dict[str, Any]:
    response = Client().get(address.removeprefix("http://testserver"))
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/ld+json")
    return dict(response.json())


def walked_back() -> list[dict[str, Any]]:
    """What a consumer does by the specification, section 3.5."""
    page, found = asked(asked("/iiif/discovery")["last"]["id"]), []
    while True:
        assert page["type"] == "OrderedCollectionPage" and page["orderedItems"]
        instants = [one["endTime"] for one in page["orderedItems"]]
        assert instants == sorted(instants)
        found += reversed(page["orderedItems"])
        if "prev" not in page:
            return found
        page = asked(page["prev"]["id"])


def name(source_id: str) -> str:
    return f"http://testserver/r/{Record.objects.get(source_id=source_id).uri.removeprefix('urn:ortaq:')}.json"


def test_walk_back_meets_everything_once(node: Any, pictured: None) -> None:
    assert [one["object"]["id"] for one in walked_back()] == [name(f"geo:{number}") for number in (4, 3, 2, 1, 0)]
    assert {one["type"] for one in walked_back()} == {"Create"}
    assert asked("/iiif/discovery")["totalItems"] == 5


def test_forward_walk_meets_everything_too(node: Any, pictured: None) -> None:
    page, found = asked(asked("/iiif/discovery")["first"]["id"]), set()
    while True:
        found |= {one["object"]["id"] for one in page["orderedItems"]}
        if "next" not in page:
            break
        page = asked(page["next"]["id"])
    assert len(found) == 5


def test_what_is_gone_is_told_to_be_deleted(node: Any, pictured: None) -> None:
    write_change(Draft("place", None, "public", Record.objects.get(source_id="geo:1").uri), by=node.uri)
    catch_up()
    newest = walked_back()[0]
    gone = name("geo:1").removesuffix(".json") + "/manifest.json"
    assert (newest["type"], newest["object"]["id"], newest["object"]["type"]) == ("Delete", gone, "Manifest")
    assert "seeAlso" not in newest["object"]
    alive = walked_back()[1]["object"]
    assert alive["type"] == "Dataset" and alive["canonical"].startswith("urn:ortaq:")
    assert Client().get(alive["seeAlso"][0]["id"].removeprefix("http://testserver")).status_code == 200
    assert Client().get(alive["id"].removeprefix("http://testserver")).status_code == 200


def test_nothing_to_tell_of(node: Any, place: Write) -> None:
    place("geo:1")
    catch_up()
    assert Client().get("/iiif/discovery").status_code == 404
    assert Client().get("/iiif/discovery/upto/9").status_code == 404
    assert Client().get(f"/iiif/discovery/upto/{10**30}").status_code == 404


def test_record_whose_images_are_here_is_told_by_its_manifest(node: Any, photo: Callable[..., str]) -> None:
    photo()
    catch_up()
    (told,) = walked_back()
    assert told["object"]["type"] == "Manifest" and told["object"]["id"].endswith("/manifest.json")
    assert Client().get(told["object"]["id"].removeprefix("http://testserver")).json()["id"] == told["object"]["id"]
