# SPDX-License-Identifier: Apache-2.0
"""Files out: only to those who see a record that has them, whole or in ranges, never as a page."""

import io
from collections.abc import Callable

import pytest
from django.test import Client

from ortaq.files.store import keep
from tests.files.conftest import picture

__all__ = ["picture"]

HTML = b"<html><script>alert(1)</script></html>"


@pytest.fixture
def address(write: Callable[..., str]) -> str:
    kept = keep(io.BytesIO(HTML), "a.html")
    file = {"digest": kept.digest, "name": "hesabat 1.html", "media_type": kept.media_type, "bytes": kept.bytes}
    write("material", {"title": {"az": "Hesabat"}, "files": [file]})
    return f"/files/{kept.digest}/hesabat%201.html"


def test_file_is_a_download_whatever_it_is(address: str, client: Client) -> None:
    response = client.get(address)
    assert b"".join(response) == HTML
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("bytes=0-3", 206, HTML[:4]), ("bytes=-4", 206, HTML[-4:]), ("bytes=30-", 206, HTML[30:]),
        ("bytes=5-9999", 206, HTML[5:]), ("bytes=9999-", 416, b""), ("bytes=-0", 416, b""),
        ("bytes=0-1,3-4", 200, HTML), ("lines=1-2", 200, HTML), ("bytes=5-2", 416, b""),
    ],
)  # fmt: skip
def test_ranges(address: str, client: Client, wanted: str, status: int, part: bytes) -> None:
    response = client.get(address, headers={"Range": wanted})
    assert response.status_code == status
    assert b"".join(response) == part


def test_file_of_a_hidden_record_is_not_there(write: Callable[..., str], client: Client, signed_in: Client) -> None:
    kept = keep(io.BytesIO(b"secret"), "a.txt")
    file = {"digest": kept.digest, "name": "a.txt", "media_type": kept.media_type, "bytes": kept.bytes}
    write("material", {"title": {"az": "Gizli"}, "files": [file]}, audience="node")
    assert client.get(f"/files/{kept.digest}/a.txt").status_code == 404
    assert b"".join(signed_in.get(f"/files/{kept.digest}/a.txt")) == b"secret"
    assert client.get("/files/nothing/a.txt").status_code == 404


@pytest.fixture
def photo(write: Callable[..., str], picture: Callable[..., bytes]) -> Callable[..., tuple[str, str]]:
    """Write a record with a photograph; return the addresses of its page and of its small picture."""

    def make(**more: str) -> tuple[str, str]:
        kept = keep(io.BytesIO(picture(".jpg", 1600, 800)), "a.jpg")
        file = {"digest": kept.digest, "name": "ön fasad.jpg", "media_type": kept.media_type, "bytes": kept.bytes}
        uri = write("material", {"title": {"az": "Foto"}, "files": [file]}, **more)
        return f"/r/{uri.removeprefix('urn:ortaq:')}", f"/files/{kept.digest}/image/320"

    return make


def test_picture_is_small_and_kept_by_the_browser(photo: Callable[..., tuple[str, str]], client: Client) -> None:
    _page, address = photo()
    response = client.get(address)
    data = b"".join(response)
    assert (response.status_code, response["Content-Type"], data[8:12]) == (200, "image/webp", b"WEBP")
    assert response["Cache-Control"].startswith("private")
    assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert client.get(address.replace("320", "321")).status_code == 404


def test_picture_is_for_whoever_may_have_the_file(
    photo: Callable[..., tuple[str, str]], client: Client, signed_in: Client
) -> None:
    _page, address = photo(audience="node")
    assert client.get(address).status_code == 404
    response = signed_in.get(address)
    assert (response.status_code, bool(b"".join(response))) == (200, True)


def test_record_page_shows_pictures_with_their_measures(photo: Callable[..., tuple[str, str]], client: Client) -> None:
    page, address = photo()
    html = client.get(page).content.decode()
    assert f'<img src="{address}"' in html
    assert 'width="320" height="160" alt="ön fasad.jpg"' in html


def test_head_of_a_download_has_no_body(address: str, client: Client) -> None:
    response = client.head(address)
    assert (response.status_code, response["Content-Length"]) == (200, str(len(HTML)))
