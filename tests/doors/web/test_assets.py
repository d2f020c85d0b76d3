# SPDX-License-Identifier: Apache-2.0
"""What pages load is collected once, compressed, and kept by browsers until it changes; pages go out compressed."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from ortaq.doors.web import assets
from ortaq.doors.web.compression import Compression


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = str(tmp_path / "static")
    return tmp_path / "static"


def test_collected_files_have_names_that_change_with_their_content(folder: Path) -> None:
    assert assets.Assets().url("web/type.css") == "/static/web/type.css"
    assets.collect()
    name = Path(assets.Assets().url("web/type.css")).name
    assert name != "type.css"
    assert (folder / "web" / name).is_file()
    assert (folder / "web" / f"{name}.gz").is_file()
    home = next((folder / "web").glob("home.*.css")).read_text(encoding="utf-8")
    assert f'url("{Path(assets.Assets().url("web/tiles.svg")).name}")' in home


def test_collecting_again_does_nothing_until_a_file_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assets.collect()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assets.collect()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    (folder / "collected").write_text("of an older version", "ascii")
    assets.collect()
    assert (folder / "collected").read_text("ascii") != "of an older version"


def test_scripts_that_no_page_loads_are_left_out(folder: Path) -> None:
    assets.collect()
    assert [path.name.partition(".")[0] for path in (folder / "django_htmx").glob("*.js")] == ["django-htmx", "htmx-2"]


def test_pages_are_compressed(client: Client, node: Any) -> None:
    answer = client.get("/about", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert b"<!doctype html>" in gzip.decompress(answer.content)
    assert "Content-Encoding" not in client.get("/about").headers


LONG = b"x" * 5000


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(LONG, content_type="application/octet-stream"),
        HttpResponse(LONG, content_type="application/json", headers={"ETag": '"1"'}),
        StreamingHttpResponse([LONG], content_type="text/html"),
    ],
    ids=["a file", "a version that somebody may name", "a stream"],
)
def test_what_is_asked_for_in_parts_is_not_compressed(answer: Any) -> None:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in Compression(lambda _request: answer)(request).headers
