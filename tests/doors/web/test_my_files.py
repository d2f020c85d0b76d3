# SPDX-License-Identifier: Apache-2.0
"""The page of one's own files, and the form that works without scripts."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ortaq.files.models import StoredFile, Upload
from tests.doors.web.test_uploads import begin, whole
from tests.factories import first_institution, join
from tests.files.conftest import png_header


def post(client: Client, *files: tuple[str, bytes], **more: Any) -> Any:
    given = [SimpleUploadedFile(name, data, "application/octet-stream") for name, data in files]
    return client.post("/files/upload", {"file": given}, follow=True, **more)


def lying(home: Path) -> list[Path]:
    return [
        p for folder in ("uploads", "files") for p in (home / folder).rglob("*") if p.is_file() and p.name != "lock"
    ]


def test_form_without_scripts_takes_several_files(signed_in: Client, home: Path) -> None:
    page = post(signed_in, ("a.txt", b"Salam"), ("b.pdf", png_header(10, 10).ljust(6_000_000, b"x")))
    html = page.content.decode()
    assert "2 files have arrived." in html
    assert "b.pdf: By its name it is something else" in html
    assert {row.bytes for row in StoredFile.objects.all()} == {5, 6_000_000}
    assert "kept until" in html
    assert len(lying(home)) == 2


def test_form_tells_what_was_refused(signed_in: Client, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = post(signed_in, ("a.png", png_header(200_000, 200_000)), ("b.txt", b"good"))
    html = page.content.decode()
    assert "a.png: a.png says that it is 200000 × 200000 pixels" in html
    assert "1 file has arrived." in html
    monkeypatch.setattr(settings, "MAX_FILE_BYTES", 1_000_000)
    page = post(signed_in, ("c.bin", b"x" * 1_500_000))
    assert page.status_code == 413
    assert "c.bin is larger than 1000000 bytes." in page.content.decode()
    page = post(signed_in, ("c.bin", b"x" * 4_000_000))
    assert page.status_code == 413
    assert "One form may bring 1000000 bytes" in page.content.decode()
    assert len(lying(home)) == 1
    assert not Upload.objects.filter(digest="").exists()


def test_forged_form_leaves_nothing(person: Any, home: Path) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert post(client, ("a.txt", b"Salam")).status_code == 403
    assert lying(home) == []
    assert not Upload.objects.exists()


def test_only_people_of_an_institution_have_the_page(client: Client, node: Any) -> None:
    assert client.get("/files/upload").status_code == 403
    assert post(client, ("a.txt", b"x")).status_code == 403
    reader = Client(headers={"Accept-Language": "en"})
    reader.force_login(join("oxucu", role="reader"))
    assert 'type="file"' not in reader.get("/files/upload").content.decode()
    assert post(reader, ("a.txt", b"x")).status_code == 403
    assert not Upload.objects.exists()


def test_page_shows_what_is_where(signed_in: Client, person: Any) -> None:
    museum = first_institution()
    museum.quota_bytes = 1_000_000
    museum.save()
    begin(signed_in, 5000, "yarımçıq.tif")
    about = whole(signed_in, b"whole", "tam.txt")
    html = signed_in.get("/files/upload").content.decode()
    assert "yarımçıq.tif" in html
    assert "tam.txt" in html
    assert "<meter" in html
    key = Upload.objects.get(digest=about["digest"]).key
    page = signed_in.post(f"/files/upload/{key}/delete", follow=True)
    assert "tam.txt" not in page.content.decode()
    assert not StoredFile.objects.exists()


def test_nothing_chosen_is_told(signed_in: Client) -> None:
    assert "No file was chosen." in signed_in.post("/files/upload", {}, follow=True).content.decode()
