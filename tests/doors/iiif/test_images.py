# SPDX-License-Identifier: Apache-2.0
"""The IIIF Image API as viewers ask it: what they are told, and that nobody sees a part of what they may not see whole."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from ortaq.doors.iiif import readers
from ortaq.files.images import service
from ortaq.records.door import Draft, write_change
from ortaq.records.models import Record

Photo = Callable[..., str]
ABSENT = "uEi" + "B" * 44


def test_image_information(photo: Photo, stranger: Client) -> None:
    digest = photo(1500, 1000)
    response = stranger.get(f"/iiif/image/{digest}/info.json")
    told = response.json()
    assert told["@context"] == "http://iiif.io/api/image/3/context.json" and next(iter(told)) == "@context"
    assert told["id"] == f"http://testserver/iiif/image/{digest}"
    assert (told["type"], told["profile"], told["protocol"]) == ("ImageService3", "level2", "http://iiif.io/api/image")
    assert (told["width"], told["height"]) == (1500, 1000)
    assert told["tiles"] == [{"width": 512, "scaleFactors": [1, 2, 4]}]
    assert told["sizes"][0] == {"width": 375, "height": 250}
    assert response["Access-Control-Allow-Origin"] == "*"
    assert 'rel="profile"' in response["Link"]
    for size in told["sizes"]:
        address = f"/iiif/image/{digest}/full/{size['width']},{size['height']}/0/default.jpg"
        assert stranger.get(address).status_code == 200


def test_address_is_that_of_the_settings(photo: Photo, stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ADDRESS", "https://heritage.example")
    digest = photo()
    told = stranger.get(f"/iiif/image/{digest}/info.json").json()
    assert told["id"] == f"https://heritage.example/iiif/image/{digest}"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/ld+json"),
        ("application/ld+json", "application/ld+json"),
        ('application/ld+json;profile="http://iiif.io/api/image/3/context.json"', "application/ld+json"),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
    ],
)
def test_information_comes_as_asked_for(photo: Photo, stranger: Client, accept: str, media_type: str) -> None:
    response = stranger.get(f"/iiif/image/{photo()}/info.json", headers={"Accept": accept} if accept else {})
    assert response["Content-Type"].partition(";")[0] == media_type
    assert "Accept" in response["Vary"].split(", ")


def test_address_of_the_image_leads_to_its_information(photo: Photo, stranger: Client) -> None:
    digest = photo()
    response = stranger.get(f"/iiif/image/{digest}")
    assert (response.status_code, response["Location"]) == (303, f"/iiif/image/{digest}/info.json")


def test_part_of_an_image(photo: Photo, stranger: Client) -> None:
    digest = photo()
    address = f"/iiif/image/{digest}/pct:50,0,50,50/100,/!90.0/color.png"
    response = stranger.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert (
        f'<http://testserver/iiif/image/{digest}/320,0,320,240/100,75/!90/default.png>;rel="canonical"'
        in response["Link"]
    )
    canonical = stranger.get(f"/iiif/image/{digest}/320,0,320,240/100,75/!90/default.png")
    assert (canonical["ETag"], canonical.content) == (response["ETag"], response.content)
    again = stranger.get(address, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == response["Cache-Control"]
    head = stranger.head(address)
    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", str(len(response.content)))


@pytest.mark.parametrize(
    ("part", "status", "code"),
    [
        ("all/max/0/default.jpg", 400, "image.region-malformed"),
        ("full/full/0/default.jpg", 400, "image.size-malformed"),
        ("full/900,/0/default.jpg", 400, "image.size-enlarges"),
        ("full/^9000,/0/default.jpg", 400, "image.size-beyond-limits"),
        ("full/max/400/default.jpg", 400, "image.rotation-malformed"),
        ("full/max/0/native.jpg", 400, "image.quality-unknown"),
        ("full/max/0/default.jp2", 400, "image.format-unknown"),
        ("700,0,9,9/max/0/default.jpg", 400, "image.region-empty"),
    ],
)
def test_what_cannot_be_drawn_is_told_why(photo: Photo, stranger: Client, part: str, status: int, code: str) -> None:
    response = stranger.get(f"/iiif/image/{photo()}/{part}")
    assert response.status_code == status and response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().endswith(f"\n\n{code}\n")
    assert response["Access-Control-Allow-Origin"] == "*"


def test_what_is_for_everyone_may_be_kept_by_everyone(photo: Photo, stranger: Client, signed_in: Client) -> None:
    digest = photo()
    for client in (stranger, signed_in):
        for end in ("", "/info.json", "/full/max/0/default.jpg"):
            response = client.get(f"/iiif/image/{digest}{end}")
            assert response["Cache-Control"] == "public, max-age=3600"
            assert response["Access-Control-Allow-Origin"] == "*"
            assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_what_is_for_the_node_is_for_it_alone(photo: Photo, stranger: Client, signed_in: Client) -> None:
    digest = photo(audience="node")
    for end in ("", "/info.json", "/full/max/0/default.jpg"):
        seen = signed_in.get(f"/iiif/image/{digest}{end}")
        assert seen.status_code in (200, 303)
        assert seen["Cache-Control"] == "private, max-age=3600" and "Cookie" in seen["Vary"]
        assert "Access-Control-Allow-Origin" not in seen
        assert seen["Cross-Origin-Resource-Policy"] == "same-origin"
        etag = {"If-None-Match": seen.get("ETag", "x")}
        hidden, absent = (stranger.get(f"/iiif/image/{one}{end}", headers=etag) for one in (digest, ABSENT))
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content.replace(digest.encode(), b"") == absent.content.replace(ABSENT.encode(), b"")
        assert dict(hidden.items()) == dict(absent.items())


def test_tile_that_is_kept_is_given_only_to_who_may_see_it(photo: Photo, stranger: Client, node: object) -> None:
    digest = photo()
    address = f"/iiif/image/{digest}/full/max/0/default.jpg"
    assert stranger.get(address).status_code == 200
    record = Record.objects.get(kind="material")
    write_change(Draft("material", None, "public", record.uri), by=record.author)
    time.sleep(readers.SECONDS)
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"/iiif/image/{digest}/info.json").status_code == 404


def test_tiles_ask_nothing_of_the_database_within_a_second(
    photo: Photo, stranger: Client, django_assert_num_queries: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = photo()
    stranger.get(f"/iiif/image/{digest}/full/max/0/default.jpg")
    with django_assert_num_queries(0):
        stranger.get(f"/iiif/image/{digest}/0,0,64,64/max/0/default.jpg")
    monkeypatch.setattr(readers, "SECONDS", 0.0)
    readers._until.clear()
    with django_assert_num_queries(2):
        stranger.get(f"/iiif/image/{digest}/0,64,64,64/max/0/default.jpg")
        stranger.get(f"/iiif/image/{digest}/0,128,64,64/max/0/default.jpg")


def test_what_is_not_for_everyone_is_asked_for_every_tile(photo: Photo, stranger: Client, signed_in: Client) -> None:
    digest = photo(audience="node")
    address = f"/iiif/image/{digest}/full/max/0/default.jpg"
    assert signed_in.get(address).status_code == 200
    assert stranger.get(address).status_code == 404
    record = Record.objects.get(kind="material")
    write_change(Draft("material", None, "node", record.uri), by=record.author)
    assert signed_in.get(address).status_code == 404


def test_programs_of_other_sites_ask_beforehand(stranger: Client, db: None) -> None:
    response = stranger.options(f"/iiif/image/{ABSENT}/full/max/0/default.jpg")
    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert stranger.post(f"/iiif/image/{ABSENT}/info.json").status_code == 405


def test_large_image_in_preparation_says_when_to_come_again(
    photo: Photo, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ortaq.files.images import pyramids

    monkeypatch.setattr(pyramids, "_WAIT_SECONDS", 0)
    monkeypatch.setattr(pyramids, "_built", lambda *_: False)
    service._known.clear()
    digest = photo(3000, 2000)
    response = stranger.get(f"/iiif/image/{digest}/0,0,512,512/max/0/default.jpg")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert b"image.in-preparation" in response.content


def test_what_is_no_image_is_told_to_be_none(write: Callable[..., str], stranger: Client) -> None:
    import io

    from ortaq.files.store import keep

    kept = keep(io.BytesIO(b"Bu fayl"), "a.txt")
    file = {"digest": kept.digest, "name": "a.txt", "media_type": kept.media_type, "bytes": kept.bytes}
    write("material", {"title": {"az": "Sənəd"}, "files": [file]})
    response = stranger.get(f"/iiif/image/{kept.digest}/info.json")
    assert response.status_code == 404 and b"file.picture-absent" in response.content
