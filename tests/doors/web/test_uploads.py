# SPDX-License-Identifier: Apache-2.0
"""Resumable uploads as tus clients send them: what is answered, and that what is refused is told as problem details."""

import base64
import datetime
import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ortaq.core.digest import digest_of
from ortaq.files.models import StoredFile, Upload
from ortaq.people.tokens import make_token
from tests.factories import join

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"
DATA = b"0123456789" * 100


def metadata(name: str, said: str = "") -> str:
    pairs = {"filename": name, "filetype": said}
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items() if value)


def begin(client: Client, size: int = len(DATA), name: str = "plan.bin", **headers: str) -> Any:
    given = {"Upload-Length": str(size), "Upload-Metadata": metadata(name)} | headers
    return client.generic("POST", "/uploads/", headers=TUS | {k: v for k, v in given.items() if v})


def send(client: Client, address: str, offset: int, data: bytes, **headers: str) -> Any:
    given = TUS | {"Upload-Offset": str(offset)} | headers
    # The test client leaves the type out where there is no body.
    return client.patch(address, data, content_type=PIECE, headers=given, CONTENT_TYPE=PIECE)


def whole(client: Client, data: bytes, name: str = "plan.bin") -> dict[str, Any]:
    """Upload *data* and return what the node says of it."""
    address = begin(client, len(data), name)["Location"]
    assert send(client, address, 0, data).status_code == 204
    return client.get(address).json()


def test_file_is_sent_in_pieces_and_resumed(signed_in: Client) -> None:
    begun = begin(signed_in, name="Şəki planı.bin")
    assert (begun.status_code, begun["Upload-Offset"], begun["Tus-Resumable"]) == (201, "0", "1.0.0")
    address = begun["Location"]
    assert send(signed_in, address, 0, DATA[:700])["Upload-Offset"] == "700"

    asked = signed_in.head(address, headers=TUS)
    assert (asked["Upload-Offset"], asked["Upload-Length"], asked["Cache-Control"]) == ("700", "1000", "no-store")
    assert "GMT" in asked["Upload-Expires"]

    assert send(signed_in, address, 700, DATA[700:])["Upload-Offset"] == "1000"
    about = signed_in.get(address).json()
    assert (about["name"], about["digest"], about["bytes"]) == ("Şəki planı.bin", digest_of(DATA), 1000)
    assert about["notices"] == []
    assert signed_in.head(address, headers=TUS)["Upload-Offset"] == "1000"


def test_node_says_what_it_speaks(client: Client) -> None:
    said = client.options("/uploads/")
    assert said["Tus-Version"] == "1.0.0"
    assert said["Tus-Max-Size"] == str(settings.MAX_FILE_BYTES)
    assert {"creation", "expiration", "termination", "checksum"} <= set(said["Tus-Extension"].split(","))


def test_creation_may_bring_the_first_piece(signed_in: Client) -> None:
    headers = TUS | {"Upload-Length": "1000", "Upload-Metadata": metadata("a")}
    begun = signed_in.post("/uploads/", DATA[:600], content_type=PIECE, headers=headers)
    assert (begun.status_code, begun["Upload-Offset"]) == (201, "600")


def test_empty_file_needs_no_piece(signed_in: Client) -> None:
    address = begin(signed_in, 0)["Location"]
    assert signed_in.get(address).json()["digest"] == digest_of(b"")


def test_length_may_be_said_later(signed_in: Client) -> None:
    address = begin(signed_in, **{"Upload-Length": "", "Upload-Defer-Length": "1"})["Location"]
    send(signed_in, address, 0, DATA)
    assert signed_in.head(address, headers=TUS)["Upload-Defer-Length"] == "1"
    assert send(signed_in, address, 1000, b"", **{"Upload-Length": "1000"}).status_code == 204
    assert signed_in.get(address).json()["digest"] == digest_of(DATA)


def test_method_may_stand_in_a_header(signed_in: Client) -> None:
    address = begin(signed_in)["Location"]
    headers = TUS | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert signed_in.post(address, DATA, content_type=PIECE, headers=headers).status_code == 204


def test_cancelling_forgets_the_upload(signed_in: Client) -> None:
    address = begin(signed_in)["Location"]
    send(signed_in, address, 0, DATA[:10])
    assert signed_in.delete(address, headers=TUS).status_code == 204
    assert signed_in.head(address, headers=TUS).status_code == 404
    assert not Upload.objects.exists()


def refusal(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def test_what_is_refused_is_told(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = begin(signed_in)["Location"]
    wrong = "upload.bad-request"
    assert refusal(send(signed_in, address, 1, b"x")) == (409, "upload.offset-wrong")
    assert refusal(send(signed_in, address, 0, b"x", **{"Upload-Checksum": "sha1 AAAA"})) == (
        460,
        "upload.checksum-wrong",
    )
    assert refusal(send(signed_in, address, 0, b"x", **{"Upload-Checksum": "md4 AAAA"})) == (400, wrong)
    assert refusal(send(signed_in, address, -1, b"x")) == (400, wrong)
    assert refusal(send(signed_in, address, 0, b"x", **{"Tus-Resumable": "0.2.2"})) == (412, "upload.version-unknown")
    given = TUS | {"Upload-Offset": "0"}
    assert refusal(signed_in.patch(address, b"x", content_type="text/plain", headers=given)) == (
        415,
        "upload.piece-type-wrong",
    )
    assert refusal(signed_in.put(address, b"x", headers=TUS)) == (405, "upload.method-unknown")
    assert refusal(begin(signed_in, **{"Upload-Length": ""})) == (400, wrong)
    assert refusal(begin(signed_in, **{"Upload-Length": "many"})) == (400, wrong)
    assert refusal(begin(signed_in, **{"Upload-Metadata": "filename ?"})) == (400, wrong)
    assert refusal(begin(signed_in, **{"Upload-Metadata": "filename " + "A" * 9000})) == (400, wrong)
    assert refusal(send(signed_in, address, 0, DATA + b"x")) == (413, "upload.longer-than-said")
    monkeypatch.setattr(settings, "MAX_FILE_BYTES", 999)
    response = begin(signed_in)
    assert refusal(response) == (413, "file.too-large")
    assert response.json()["detail"].startswith("plan.bin is larger than 999 bytes.")


def test_checksum_that_fits_is_taken(signed_in: Client) -> None:
    address = begin(signed_in)["Location"]
    checksum = base64.b64encode(hashlib.sha256(DATA).digest()).decode()
    assert send(signed_in, address, 0, DATA, **{"Upload-Checksum": f"sha256 {checksum}"}).status_code == 204


def test_uploads_of_others_are_not_there(signed_in: Client, client: Client) -> None:
    address = begin(signed_in)["Location"]
    assert refusal(begin(client)) == (403, "person.sign-in-required")
    assert refusal(send(client, address, 0, DATA)) == (403, "person.sign-in-required")
    other = Client(headers={"Accept-Language": "en"})
    other.force_login(join("rəşad"))
    assert refusal(send(other, address, 0, DATA)) == (404, "upload.absent")
    assert other.head(address, headers=TUS).status_code == 404
    assert refusal(other.get(address)) == (404, "upload.absent")
    assert refusal(other.delete(address, headers=TUS)) == (404, "upload.absent")
    reader = Client(headers={"Accept-Language": "en"})
    reader.force_login(join("oxucu", role="reader"))
    assert refusal(begin(reader)) == (403, "person.denied")


def test_forged_request_is_refused(person: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert refusal(begin(client)) == (403, "api.csrf")
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "media_type", "notice"),
    [
        ("plan.pdf", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0", "image/png", "by its bytes it is PNG"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image/svg+xml", "can only save it"),
        ("a.jpg", b"<html><script>alert(1)</script>", "text/html", "by its bytes it is HTML"),
    ],
)  # fmt: skip
def test_person_is_told_what_the_file_is(
    signed_in: Client, name: str, data: bytes, media_type: str, notice: str
) -> None:
    about = whole(signed_in, data, name)
    assert about["media_type"] == media_type
    assert notice in " ".join(about["notices"])
    assert about["name"] == name


def test_active_file_goes_out_as_bytes_to_save(signed_in: Client) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    response = signed_in.get(whole(signed_in, svg, "a.svg")["address"])
    assert b"".join(response) == svg
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_uploaded_file_is_seen_by_nobody_else_until_a_record_names_it(
    signed_in: Client, client: Client, write: Callable[..., str]
) -> None:
    about = whole(signed_in, DATA)
    other = Client()
    other.force_login(join("rəşad"))
    assert b"".join(signed_in.get(about["address"])) == DATA
    assert (client.get(about["address"]).status_code, other.get(about["address"]).status_code) == (404, 404)
    file = {name: about[name] for name in ("digest", "name", "media_type", "bytes")}
    write("material", {"title": {"az": "Plan"}, "files": [file]})
    assert b"".join(client.get(about["address"])) == DATA
    assert StoredFile.objects.get().loose_until is None


def test_names_cannot_lead_anywhere(signed_in: Client) -> None:
    assert whole(signed_in, b"1", "../../etc/passwd")["name"] == "passwd"
    assert whole(signed_in, b"2", "a\0b\u202egpj.exe")["name"] == "abgpj.exe"
    assert len(whole(signed_in, b"3", "n" * 300 + ".jpg")["name"]) == 150


def test_program_sends_with_a_token_that_may_send_files(person: Any) -> None:
    soon = timezone.now() + datetime.timedelta(days=1)
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    for scope, status in (("files", 201), ("write", 403), ("read", 403)):
        _row, secret = make_token(person.memberships.get(), scope, (scope,), soon)
        assert begin(client, Authorization=f"Bearer {secret}").status_code == status
    assert begin(client, Authorization="Bearer ortaq_nonsense").status_code == 401
    assert Upload.objects.count() == 1


def test_no_other_form_takes_files(client: Client, node: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file = SimpleUploadedFile("a.bin", b"x" * 6_000_000)
    for _ in range(2):
        assert client.post("/sign-in", {"login": "leyla", "password": "x", "file": file}).status_code in (200, 422)
        file.seek(0)
    larger = SimpleUploadedFile("a.bin", b"x" * 17_000_000)
    assert client.post("/sign-in", {"login": "leyla", "password": "x", "file": larger}).status_code in (400, 413)
    assert not list(tmp_path.glob("*.upload*"))
