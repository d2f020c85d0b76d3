# SPDX-License-Identifier: Apache-2.0
"""Searches as IIIF collections: the manifests of what everyone may see and that has images, in the order of the search."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ortaq.doors.iiif import collections
from tests.doors.web.conftest import indexed

__all__ = ["indexed"]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:iiif_prezi3")


def checked(document: dict[str, Any]) -> None:
    import iiif_prezi3

    iiif_prezi3.Collection(**document)


def test_search_is_a_collection_of_manifests(
    photo: Callable[..., str], write: Callable[..., str], client: Client, indexed: Callable[[], None]
) -> None:
    photo(), photo(300, 200), photo(200, 300, audience="node")
    write("material", {"title": {"az": "Foto haqqında"}})
    indexed()
    response = client.get("/search/manifests.json", {"q": "foto"})
    assert response.status_code == 200 and response["Access-Control-Allow-Origin"] == "*"
    found = response.json()
    checked(found)
    assert found["label"] == {"none": ["foto"]} and found["id"] == "http://testserver/search/manifests.json?q=foto"
    assert [one["type"] for one in found["items"]] == ["Manifest", "Manifest"]
    for one in found["items"]:
        manifest = client.get(one["id"].removeprefix("http://testserver")).json()
        assert (manifest["id"], manifest["label"]) == (one["id"], one["label"])
    assert (
        client.get(response.request["PATH_INFO"] + "?q=foto", headers={"If-None-Match": response["ETag"]}).status_code
        == 304
    )


def test_long_search_goes_on_in_a_collection_inside_it(
    photo: Callable[..., str], client: Client, indexed: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collections, "_PAGE", 2)
    for width in (300, 310, 320):
        photo(width, 200)
    indexed()
    seen, address = [], "/search/manifests.json?q=foto"
    while address:
        found = client.get(address.removeprefix("http://testserver")).json()
        checked(found)
        seen += [one["id"] for one in found["items"] if one["type"] == "Manifest"]
        address = next((one["id"] for one in found["items"] if one["type"] == "Collection"), "")
    assert len(seen) == len(set(seen)) == 3


def test_nothing_found_is_an_empty_collection(client: Client, node: Any, indexed: Callable[[], None]) -> None:
    indexed()
    found = client.get("/search/manifests.json?q=yoxdur").json()
    assert found["items"] == []
    assert set(client.get("/search/manifests.json").json()["label"]) == {"en", "az", "kk", "ru"}
