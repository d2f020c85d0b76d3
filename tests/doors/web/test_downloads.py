# SPDX-License-Identifier: Apache-2.0
"""Files out: only to those who see a record that has them, whole or in ranges, never as a page."""

import io
from collections.abc import Callable

import pytest
from django.test import Client

from ortaq.files.store import keep

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
