# SPDX-License-Identifier: Apache-2.0
"""A file is what its bytes are."""

import pytest

from ortaq.files.sniffing import HEAD_BYTES, differs, is_active, is_shown_inline, media_type_of

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
HEADS = [
    (PNG, "image/png", True),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01", "image/jpeg", True),
    (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp", True),
    (b"%PDF-1.7\n1 0 obj", "application/pdf", True),
    ("Бакы шәһәри".encode(), "text/plain", True),
    ("Ş".encode() * HEAD_BYTES, "text/plain", True),
    (b'{"kind": "place"}', "text/plain", True),
    (b"<?xml version='1.0'?><lido/>", "application/xml", False),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image/svg+xml", False),
    (b'<?xml version="1.0"?>\n<!-- x --><s:svg xmlns:s="http://www.w3.org/2000/svg"/>', "image/svg+xml", False),
    (b"<!DOCTYPE html><title>x</title>", "text/html", False),
    (b"Only text, then <SCRIPT>alert(1)</SCRIPT>", "text/html", False),
    (
        b"PK\x03\x04\x14\x00[Content_Types].xml word/document.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        False,
    ),
    (
        b"PK\x03\x04\x14\x00\x00mimetypeapplication/vnd.oasis.opendocument.textPK",
        "application/vnd.oasis.opendocument.text",
        False,
    ),
    (b"PK\x03\x04\x14\x00\x00\x00photo.jpg", "application/zip", False),
    (b"\x00\x01\x02\x03 nothing known", "application/octet-stream", False),
    (b"MZ\x90\x00\x03\x00\x00\x00", "application/vnd.microsoft.portable-executable", False),
    (b"", "text/plain", True),
    ("<html><script>alert(1)</script>".encode("utf-16"), "text/html", False),
    (b"\0\0\0\x1cftypavif\0\0\0\0", "image/avif", True),
    (b"\0\0\0\x1cftypheic\0\0\0\0", "image/heic", False),
]


@pytest.mark.parametrize(("head", "media_type", "is_inline"), HEADS)
def test_media_type_comes_from_the_bytes(head: bytes, media_type: str, is_inline: bool) -> None:
    found = media_type_of(head[:HEAD_BYTES])

    assert found == media_type
    assert is_shown_inline(found) == is_inline


@pytest.mark.parametrize(
    ("name", "said", "found"),
    [
        ("plan.pdf", "", "image/png"), ("plan.pdf", "application/pdf", "application/octet-stream"),
        ("a.jpg", "image/jpeg", "text/html"), ("a.png", "", "application/zip"), ("a.txt", "text/plain", "image/svg+xml"),
        ("a.jpg", "image/jpeg", "application/vnd.microsoft.portable-executable"),
    ],
)  # fmt: skip
def test_file_that_claims_to_be_another_is_noticed(name: str, said: str, found: str) -> None:
    assert differs(name, said, found)


@pytest.mark.parametrize(
    ("name", "said", "found"),
    [
        ("plan.pdf", "application/pdf", "application/pdf"), ("plan", "", "application/pdf"), ("a.csv", "text/csv", "text/plain"),
        ("a.json", "application/json", "text/plain"), ("plan.dwg", "", "application/octet-stream"),
        ("a.docx", "", "application/zip"), ("a.md", "text/markdown", "text/plain"), ("x.lido", "", "application/xml"),
        ("a.bin", "application/octet-stream", "image/png"), ("a.JPG", "image/jpeg", "image/jpeg"),
    ],
)  # fmt: skip
def test_honest_file_gets_no_notice(name: str, said: str, found: str) -> None:
    assert not differs(name, said, found)


def test_programs_for_browsers_are_known() -> None:
    assert all(map(is_active, ("image/svg+xml", "text/html", "application/xml")))
    assert not any(map(is_active, ("image/png", "application/pdf", "text/plain")))
