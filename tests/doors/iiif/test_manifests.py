# SPDX-License-Identifier: Apache-2.0
"""Manifests of records: as iiif-prezi3 reads them, with every name and right, and only for who may read the record."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.factories import first_institution, institution, join
from tests.factories import viewer as viewer_of_person

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:iiif_prezi3")


def checked(document: dict[str, Any]) -> Any:
    """What the library of the specification's editors reads out of it; it refuses what is not valid."""
    import iiif_prezi3

    return iiif_prezi3.Manifest(**document)


@pytest.fixture
def file(picture: Callable[..., bytes]) -> Callable[..., dict[str, Any]]:
    def make(width: int, height: int, name: str = "ön fasad.png", data: bytes = b"") -> dict[str, Any]:
        from ortaq.files.store import keep

        kept = keep(io.BytesIO(data or picture(".png", width, height)), name)
        return {"digest": kept.digest, "name": name, "media_type": kept.media_type, "bytes": kept.bytes}

    return make


@pytest.fixture
def album(write: Callable[..., str], file: Callable[..., dict[str, Any]]) -> Callable[..., str]:
    """Write a material with two images and a text; return the address of its manifest."""

    def make(**more: Any) -> str:
        body = {
            "title": {"az": ["Şəki xan sarayı", "Xan sarayı"], "ru": ["Дворец шекинских ханов"], "und": ["Şəki"]},
            "description": {"az": "Ön fasadın şəkilləri", "en": "Photographs of the front"},
            "created": "1998/2001", "languages": ["az"], "rights": "© Muzey",
            "licence": "https://creativecommons.org/licenses/by/4.0/",
            "files": [file(1500, 1000), file(400, 900, "yan.png"), file(0, 0, "qeyd.txt", b"Qeyd\n")],
            **more.pop("body", {}),
        }  # fmt: skip
        return f"/r/{write('material', body, **more).removeprefix('urn:ortaq:')}/manifest.json"

    return make


def test_manifest_has_all_that_the_record_says(album: Callable[..., str], client: Client) -> None:
    address = album()
    response = client.get(address)
    assert response["Content-Type"] == 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'
    found = response.json()
    checked(found)
    assert found["id"] == f"http://testserver{address}" and next(iter(found)) == "@context"
    assert found["label"] == {
        "az": ["Şəki xan sarayı", "Xan sarayı"],
        "ru": ["Дворец шекинских ханов"],
        "none": ["Şəki"],
    }
    assert found["summary"] == {"az": ["Ön fasadın şəkilləri"], "en": ["Photographs of the front"]}
    assert found["rights"] == "http://creativecommons.org/licenses/by/4.0/"
    assert found["requiredStatement"]["value"] == {"none": ["© Muzey"]}
    assert set(found["requiredStatement"]["label"]) == {"en", "az", "kk", "ru"}
    said = {one["label"]["en"][0]: one["value"] for one in found["metadata"]}
    assert said["Created"] == {"none": ["1998/2001"]} and said["Kind of record"]["en"] == ["Material"]
    assert found["homepage"][0]["id"] == f"http://testserver{address.removesuffix('/manifest.json')}"
    assert [one["label"] for one in found["rendering"]] == [{"none": ["qeyd.txt"]}]


def test_every_image_is_a_canvas_of_its_size_with_a_service(album: Callable[..., str], client: Client) -> None:
    found = client.get(album()).json()
    assert [(one["width"], one["height"]) for one in found["items"]] == [(1500, 1000), (400, 900)]
    assert len({one["id"] for one in found["items"]}) == 2
    for canvas in found["items"]:
        (annotation,) = canvas["items"][0]["items"]
        assert annotation["target"] == canvas["id"] and annotation["motivation"] == "painting"
        body, service = annotation["body"], annotation["body"]["service"][0]
        told = client.get(f"{service['id'].removeprefix('http://testserver')}/info.json").json()
        assert (told["id"], told["width"], told["height"]) == (service["id"], canvas["width"], canvas["height"])
        for image in (body, *canvas["thumbnail"]):
            answer = client.get(image["id"].removeprefix("http://testserver"))
            assert (answer.status_code, answer["Content-Type"]) == (200, image["format"])
            assert f'<{image["id"]}>;rel="canonical"' in answer["Link"]
    assert max(found["thumbnail"][0]["width"], found["thumbnail"][0]["height"]) == 320


@pytest.mark.parametrize(
    ("body", "rights", "statement"),
    [
        ({"licence": "http://rightsstatements.org/vocab/InC/1.0/"}, "http://rightsstatements.org/vocab/InC/1.0/", ["© Muzey"]),
        ({"licence": "https://muzey.example/serrtler"}, None, ["© Muzey", "https://muzey.example/serrtler"]),
    ],
)  # fmt: skip
def test_other_licences_are_shown_not_claimed(
    album: Callable[..., str], client: Client, body: dict[str, Any], rights: str | None, statement: list[str]
) -> None:
    found = client.get(album(body=body)).json()
    checked(found)
    assert found.get("rights") == rights and found["requiredStatement"]["value"] == {"none": statement}


def test_provider_is_the_institution_of_the_author(album: Callable[..., str], client: Client, person: Any) -> None:
    house = institution("Şəki muzeyi", homepage="https://muzey.example/")
    author = viewer_of_person(join("aysel", of=house)).actor
    (provider,) = client.get(album(by=author)).json()["provider"]
    assert provider["label"] == {"az": ["Şəki muzeyi"]} and provider["homepage"][0]["id"] == "https://muzey.example/"
    (of_node,) = client.get(album()).json()["provider"]
    assert of_node["label"] == {"none": ["Test node"]} and first_institution()


def test_record_without_images_has_no_manifest(
    write: Callable[..., str], file: Callable[..., dict[str, Any]], client: Client
) -> None:
    uri = write("material", {"title": {"az": "Sənəd"}, "files": [file(0, 0, "a.txt", b"Qeyd\n")]})
    response = client.get(f"/r/{uri.removeprefix('urn:ortaq:')}/manifest.json")
    assert response.status_code == 404 and b"manifest.no-images" in response.content


def test_manifest_is_for_who_may_read_the_record(
    album: Callable[..., str], client: Client, signed_in: Client, node: Any
) -> None:
    address = album(audience="node")
    seen, hidden = signed_in.get(address), client.get(address)
    assert seen.status_code == 200 and seen["Cache-Control"] == "private, max-age=3600"
    assert "Access-Control-Allow-Origin" not in seen
    absent_address = f"/r/{node.id}:{'z' * 16}/manifest.json"
    absent = client.get(absent_address)
    assert hidden.status_code == absent.status_code == 404
    assert len(hidden.content) == len(absent.content) and dict(hidden.items()) == dict(absent.items())


def test_public_manifest_is_the_same_for_everyone(
    album: Callable[..., str], write: Callable[..., str], client: Client, signed_in: Client
) -> None:
    write("term", {"source_id": "t:1", "scheme": "t", "title": {"az": "Gizli termin"}}, audience="node")
    address = album(body={"types": ["t:1"]})
    one, other = client.get(address), signed_in.get(address)
    assert one.content == other.content and one["ETag"] == other["ETag"]
    assert "Gizli" not in other.content.decode() and one["Access-Control-Allow-Origin"] == "*"
    assert client.get(address, headers={"If-None-Match": one["ETag"]}).status_code == 304


def test_manifest_of_what_was_withdrawn_is_gone(
    album: Callable[..., str], write: Callable[..., str], client: Client
) -> None:
    address = album()
    write("material", None, uri=f"urn:ortaq:{address.split('/')[2]}")
    response = client.get(address)
    assert response.status_code == 410 and response["Content-Type"].startswith("text/plain")


def test_page_and_api_lead_to_it(album: Callable[..., str], client: Client) -> None:
    address = album()
    name = address.split("/")[2]
    assert f'href="{address}"' in client.get(f"/r/{name}").content.decode()
    assert client.get(f"/api/records/{name}").json()["addresses"]["manifest"] == address


def test_number_of_images_asks_no_more_of_the_database(
    album: Callable[..., str], file: Callable[..., dict[str, Any]], client: Client
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    few, many = album(), album(body={"files": [file(300 + n, 200) for n in range(9)]})
    counts = []
    for address in (few, few, many):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[1] == counts[2] <= 10
